package dev.weir.server.doctor;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.weir.server.doctor.Finding.Level;

/** Findings, as they are read by people and by scripts. */
public record Report(List<Finding> findings) {
  private static final ObjectMapper JSON = JsonMapper.builder().build();

  public Report {
    findings = List.copyOf(findings);
  }

  /** Whether there is something for which weir does not start, or does not work. */
  public boolean hasFailure() {
    return count(Level.FAIL) > 0;
  }

  /** One line for each finding, and one that counts them. */
  public String text() {
    return findings.stream().map(Report::line).collect(Collectors.joining())
        + count(Level.OK) + " ok, " + count(Level.WARN) + " warn, " + count(Level.FAIL) + " fail\n";
  }

  private static String line(Finding finding) {
    String todo = finding.todo().isEmpty() ? "" : ". To do: " + oneLine(finding.todo());
    return "%-4s  %s: %s%s%n".formatted(word(finding.level()), finding.subject(), oneLine(finding.what()), todo);
  }

  private static String oneLine(String text) {
    return text.replaceAll("\\s*[\\r\\n]+\\s*", " ");
  }

  /** An object with {@code findings} (level, subject, what, todo) and the number of each level. */
  public String json() {
    ObjectNode root = JSON.createObjectNode();
    for (Level level : Level.values()) {
      root.put(word(level), count(level));
    }
    ArrayNode array = root.putArray("findings");
    for (Finding finding : findings) {
      array.addObject().put("level", word(finding.level())).put("subject", finding.subject())
          .put("what", finding.what()).put("todo", finding.todo());
    }
    return root.toPrettyString() + "\n";
  }

  private long count(Level level) {
    return findings.stream().filter(finding -> finding.level() == level).count();
  }

  private static String word(Level level) {
    return level.name().toLowerCase(Locale.ROOT);
  }
}
