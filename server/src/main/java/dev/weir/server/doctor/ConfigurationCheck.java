package dev.weir.server.doctor;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import dev.weir.server.config.ConfigException;
import dev.weir.server.config.Loaded;

/** The file that all else is read from. */
final class ConfigurationCheck {
  private static final String SUBJECT = "configuration";

  private ConfigurationCheck() {}

  static List<Finding> of(Path file, ConfigException failure) {
    return failure.problems().stream().map(problem -> Finding.fail(SUBJECT, located(file, problem),
        "correct it; conf/weir.yml shows every key with its meaning, weir serve --check " + file + " reads it again"))
        .toList();
  }

  /** Most problems name file and line themselves. */
  private static String located(Path file, String problem) {
    return problem.startsWith(file.toString()) ? problem : file + ": " + problem;
  }

  static List<Finding> of(Path file, Loaded loaded) {
    List<Finding> findings = new ArrayList<>();
    findings.add(Finding.ok(SUBJECT, file + " and the variables over it can be used; upstreams: "
        + (loaded.config().upstreams().isEmpty() ? "none" : String.join(", ", loaded.config().upstreams().keySet()))));
    for (String warning : loaded.warnings()) {
      findings.add(Finding.warn(SUBJECT, warning, "change or remove it, if that is not what is wanted"));
    }
    return findings;
  }
}
