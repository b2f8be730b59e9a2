package dev.weir.server.pullthrough;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.weir.server.upstream.ScriptedRegistry;
import dev.weir.storage.Digest;

import static org.assertj.core.api.Assertions.assertThat;

/** A weir that ends in the middle of a download. */
final class RestartTest {
  private static final int SIZE = 8 << 20;
  private static final int SENT = 5 << 20;
  private static final int TAKEN = 4 << 20;

  @TempDir private Path folder;

  private final ScriptedRegistry registry = ScriptedRegistry.plain();
  private final byte[] content = Bytes.random(9, SIZE);

  @AfterEach
  void close() {
    registry.close();
  }

  @Test
  void aDownloadGoesOnAfterTheNextStartWhereItEnded() throws IOException {
    Digest digest = registry.addBlob("team/app", content);
    String path = "/v2/origin/team/app/blobs/" + digest;
    TestWeir.Builder weir = TestWeir.in(folder.resolve("data")).upstream("origin", registry.uri());
    registry.pauseBodiesAfter(SENT);
    try (TestWeir first = weir.start(); RawPull pull = RawPull.start(first.port(), path)) {
      assertThat(pull.read(TAKEN)).isEqualTo(Arrays.copyOf(content, TAKEN));
    }
    long left = Files.size(onlyPartial());
    assertThat(left).isBetween((long) TAKEN, (long) SENT);
    registry.forget();
    registry.resumeBodies();

    try (TestWeir second = weir.start()) {
      assertThat(second.client().blob("origin/team/app", digest).body()).isEqualTo(content);
      assertThat(second.metric("weir_resumed_bytes_total")).isEqualTo((double) left);
    }
    assertThat(registry.log()).containsExactly("GET /v2/team/app/blobs/" + digest + " [bytes=" + left + "-]");
  }

  /** As a kill leaves it: what was written of the last bytes is anything, or nothing. */
  @Test
  void whatAKillLeftIsContinuedFromWhatTheFileHolds() throws IOException {
    Digest digest = registry.addBlob("team/app", content);
    Path partial = folder.resolve("data/weir/partial/sha256-" + digest.hex());
    Files.createDirectories(partial.getParent());
    Files.write(partial, Arrays.copyOf(content, 1_234_567));

    try (TestWeir weir = TestWeir.in(folder.resolve("data")).upstream("origin", registry.uri()).start()) {
      assertThat(weir.client().blob("origin/team/app", digest).body()).isEqualTo(content);
    }
    assertThat(registry.log()).containsExactly("HEAD /v2/team/app/blobs/" + digest,
        "GET /v2/team/app/blobs/" + digest + " [bytes=1234567-]");
  }

  private Path onlyPartial() throws IOException {
    try (var files = Files.list(folder.resolve("data/weir/partial"))) {
      List<Path> found = files.toList();
      assertThat(found).hasSize(1);
      return found.getFirst();
    }
  }
}
