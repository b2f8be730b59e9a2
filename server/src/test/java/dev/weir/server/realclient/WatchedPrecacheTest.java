package dev.weir.server.realclient;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import dev.weir.server.upstream.ScriptedRegistry;

import static org.assertj.core.api.Assertions.assertThat;

/** What somebody sees who watches {@code weir precache}: on a terminal of util-linux's script, and through a pipe. */
@Timeout(180)
@NeedsPrograms({"script", "sh"})
class WatchedPrecacheTest {
  private static final int LAYER = 600_000;
  private static final String UP_AND_CLEAR = "\u001b\\[\\d+A\r\u001b\\[J";

  @TempDir private Path folder;

  private final ScriptedRegistry quay = ScriptedRegistry.quay();

  @AfterEach
  void close() {
    quay.close();
  }

  private void publish(String name, int seed) {
    byte[] layer = new byte[LAYER];
    new Random(seed).nextBytes(layer);
    quay.addImage("team/" + name, "v1", ("config of " + name).getBytes(StandardCharsets.UTF_8), layer);
  }

  private WeirProcess weir() {
    return WeirProcess.start(folder, folder.resolve("data"),
        "upstreams: {quay.io: {remoteurl: '%s', maxsegments: 1}}\n".formatted(quay.uri()));
  }

  private String precache(String... words) {
    List<String> command = WeirProgram.command("precache", "--config", folder.resolve("weir.yml").toString());
    return Arrays.stream(words).collect(Collectors.joining(" ", String.join(" ", command) + " ", ""));
  }

  private static Outcome onATerminal(String command) {
    return new Command(List.of("script", "-qec", command, "/dev/null"), Map.of("TERM", "xterm"), Duration.ofMinutes(2))
        .run().orFail();
  }

  @Test
  void onATerminalBarsAreDrawnOverAndOnlyTheReportStays() throws IOException {
    publish("one", 1);
    publish("two", 2);
    quay.paceBodies(300_000);
    try (WeirProcess _ = weir()) {
      String seen = onATerminal(precache("quay.io/team/one:v1", "quay.io/team/two:v1")).stdout().replace("\r\n", "\n");
      assertThat(seen).containsPattern("\\[#+ *] +\\d+ %  quay.io/team/(?:one|two):v1\n")
          .containsPattern(" \\d+ %  \\d of 2 images  \\S+ KiB of 1\\.1 MiB  \\S+ KiB/s  0:0\\d left\n")
          .containsPattern(UP_AND_CLEAR);
      assertThat(onScreen(seen)).as("what stands there at the end").contains("2 images of 4 blobs", "All of it is here")
          .doesNotContain("[#", " left", "\u001b");
    }
  }

  @Test
  void theListMayComeThroughAPipeAndTheReportGoThroughOne() throws IOException {
    publish("one", 1);
    quay.paceBodies(300_000);
    try (WeirProcess _ = weir()) {
      String seen = onATerminal("echo quay.io/team/one:v1 | " + precache("-f", "-", "--output", "json") + " > "
          + folder.resolve("report.json")).stdout();
      assertThat(seen).containsPattern("\\[#+ *] +\\d+ %  quay.io/team/one:v1").doesNotContain("fetchBytes");
      assertThat(folder.resolve("report.json")).content().contains("\"complete\" : true").doesNotContain("\u001b");
    }
  }

  @Test
  void whereNobodyWatchesThereIsNothingToDrawOver() throws IOException {
    publish("one", 1);
    quay.paceBodies(300_000);
    try (WeirProcess _ = weir()) {
      Outcome outcome = new Command(List.of("sh", "-c", precache("quay.io/team/one:v1")), Map.of("TERM", "xterm"),
          Duration.ofMinutes(2)).run().orFail();
      assertThat(outcome.stdout() + outcome.stderr()).contains("All of it is here").doesNotContain("\u001b");
    }
  }

  /** As a terminal has it once the cursor was moved up and all below was cleared, again and again. */
  private static String onScreen(String seen) {
    StringBuilder screen = new StringBuilder();
    for (String piece : seen.replaceAll("\u001b\\[\\?7[lh]", "").split("(?=\u001b\\[\\d+A)")) {
      String text = piece;
      if (piece.startsWith("\u001b[")) {
        int lines = Integer.parseInt(piece.substring(2, piece.indexOf('A')));
        for (int i = 0; i < lines; i++) {
          screen.setLength(screen.lastIndexOf("\n", screen.length() - 2) + 1);
        }
        text = piece.replaceFirst(UP_AND_CLEAR, "");
      }
      screen.append(text);
    }
    return screen.toString();
  }
}
