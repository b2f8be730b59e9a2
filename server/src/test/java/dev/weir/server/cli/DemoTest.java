package dev.weir.server.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

import dev.weir.server.pullthrough.LiveFiles;
import dev.weir.server.wiring.Weir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

final class DemoTest {
  private static final long SMALL = 3 << 20;

  private final StringWriter shown = new StringWriter();
  private DemoSite site;

  @BeforeEach
  void create() throws IOException {
    site = DemoSite.create();
  }

  @AfterEach
  void close() throws IOException {
    site.close();
  }

  @Test
  void showsAColdPullAPullWithoutUpstreamAndAnHonestRefusal() throws Exception {
    new Demo(site, new PrintWriter(shown), SMALL).run();

    assertThat(shown.toString().lines()).satisfiesExactly(line -> assertThat(line).startsWith("weir demo: two weirs"),
        line -> assertThat(line).startsWith("upstream:").contains("demo/hello:1.0", "3.0 MiB"),
        line -> assertThat(line).startsWith("weir:").contains("holds nothing"),
        line -> assertThat(line).startsWith("cold:").contains("3.0 MiB in", "from upstream; 4 requests, all digests"),
        line -> assertThat(line).isEqualTo("upstream:     stopped"),
        line -> assertThat(line).startsWith("again:").contains("3.0 MiB in", "with upstream gone; 4 requests"),
        line -> assertThat(line).startsWith("never pulled:").contains("answers 502", "from origin: no connection"));
  }

  @Test
  void failsWhenABlobIsNotWhatItsDigestSays() {
    Demo spoilt = new Demo(site, new PrintWriter(shown), SMALL) {
      @Override
      void beforeSecondPull(Weir weir) throws IOException {
        Path blob = awaitLayerIn(weir.dataRoot().resolve("docker/registry/v2/blobs"));
        byte[] content = Files.readAllBytes(blob);
        content[content.length / 2] ^= 1;
        Files.write(blob, content);
      }
    };

    assertThatThrownBy(spoilt::run).isInstanceOf(IOException.class).hasMessageContaining("digest mismatch: a blob");
    assertThat(shown.toString()).doesNotContain("again:");
  }

  @Test
  void leavesNothingBehind() throws Exception {
    new Demo(site, new PrintWriter(shown), SMALL).run();
    site.close();

    assertThat(site.folder()).doesNotExist();
  }

  @Test
  void startsNothingMoreOnceItIsStopped() {
    site.stopAll();

    assertThatThrownBy(() -> site.start("weir", "{}")).isInstanceOf(IOException.class).hasMessageContaining("stopped");
  }

  @Test
  void isACommandThatSucceeds() {
    CommandLine command = new CommandLine(new DemoCommand(SMALL)).setOut(new PrintWriter(shown));

    assertThat(command.execute()).isZero();
    assertThat(shown.toString()).endsWith("done:         all of it as it should be; nothing is left behind\n");
  }

  /** The client may have all bytes a moment before the store has. */
  private static Path awaitLayerIn(Path folder) throws IOException {
    long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (System.nanoTime() < deadline) {
      Optional<Path> layer = LiveFiles.below(folder).entrySet().stream().filter(file -> file.getValue() >= SMALL)
          .map(Map.Entry::getKey).findFirst();
      if (layer.isPresent()) {
        return layer.get();
      }
    }
    throw new AssertionError("the layer never came into the store");
  }
}
