package dev.weir.server.pullthrough;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.weir.server.upstream.Fault;
import dev.weir.server.upstream.ScriptedRegistry;
import dev.weir.storage.Digest;

import static org.assertj.core.api.Assertions.assertThat;

/** A weir whose data may take less room than what is asked for. */
final class BoundedDiskTest {
  private static final int MIB = 1 << 20;

  @TempDir private Path folder;

  private final ScriptedRegistry upstream = ScriptedRegistry.plain();

  @AfterEach
  void close() {
    upstream.close();
  }

  private TestWeir weir(String maxSize) {
    TestWeir weir = TestWeir.in(folder.resolve("data")).upstream("origin", upstream.uri())
        .cache("tagttl: 1h, maxsize: " + maxSize).start();
    Await.until("what is held is known", () -> weir.metric("weir_held_known") == 1);
    return weir;
  }

  private byte[] layer(int number) {
    return Bytes.random(number, MIB);
  }

  private Digest image(int number) {
    return upstream.addImage("team/app", "v" + number, config(number), layer(number));
  }

  private static byte[] config(int number) {
    return Bytes.random(1000 + number, 100);
  }

  /** As a client does: the manifest by its tag, then what it names. */
  private void pull(TestWeir weir, int number) {
    assertThat(weir.client().manifest("origin/team/app", "v" + number).status()).isEqualTo(200);
    for (byte[] blob : List.of(config(number), layer(number))) {
      assertThat(weir.client().blob("origin/team/app", Digest.sha256(blob)).body()).isEqualTo(blob);
    }
  }

  private boolean isHeld(TestWeir weir, byte[] content) {
    return !weir.files("blobs/sha256/" + Digest.sha256(content).hex().substring(0, 2) + "/"
        + Digest.sha256(content).hex()).isEmpty();
  }

  private long bytesOnDisk() {
    try {
      return LiveFiles.below(folder.resolve("data")).values().stream().mapToLong(Long::longValue).sum();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void theImageThatWasNotAskedForForLongestGoesForOneThatIs() {
    IntStream.rangeClosed(1, 6).forEach(this::image);
    try (TestWeir weir = weir("5MiB")) {
      IntStream.rangeClosed(1, 4).forEach(number -> pull(weir, number));
      pull(weir, 1);
      pull(weir, 5);
      pull(weir, 6);

      assertThat(isHeld(weir, layer(2))).isFalse();
      assertThat(isHeld(weir, layer(1))).isTrue();
      Await.until("the last is stored", () -> isHeld(weir, layer(6)));
      assertThat(weir.metric("weir_evicted_images_total")).isBetween(2.0, 4.0);
      assertThat(bytesOnDisk()).isLessThan(5 * MIB);
      assertThat(weir.files("tags/v2/")).isEmpty();
      pull(weir, 2);
    }
  }

  @Test
  void nothingGoesForABlobThatUpstreamDoesNotGive() {
    IntStream.rangeClosed(1, 5).forEach(this::image);
    try (TestWeir weir = weir("5MiB")) {
      IntStream.rangeClosed(1, 4).forEach(number -> pull(weir, number));
      assertThat(weir.client().manifest("origin/team/app", "v5").status()).isEqualTo(200);
      Await.until("the last is stored", () -> isHeld(weir, layer(4)));
      for (int i = 0; i < 20; i++) {
        upstream.next("/blobs/" + Digest.sha256(layer(5)), Fault.badGateway());
      }
      assertThat(weir.client().blob("origin/team/app", Digest.sha256(layer(5))).status()).isEqualTo(502);
      assertThat(weir.metric("weir_evicted_images_total")).isZero();
      assertThat(isHeld(weir, layer(1))).isTrue();
    }
  }

  @Test
  void whatIsTooLargeToBeKeptIsPassedThrough() throws IOException {
    byte[] large = Bytes.random(77, 3 * MIB);
    Digest digest = upstream.addBlob("team/app", large);
    try (TestWeir weir = weir("2MiB")) {
      assertThat(weir.client().blob("origin/team/app", digest).body()).isEqualTo(large);
      upstream.forget();
      String path = "/v2/origin/team/app/blobs/" + digest;
      assertThat(weir.client().get(path).body()).isEqualTo(large);
      assertThat(weir.client().get(path, "Range", "bytes=100-299999").body())
          .isEqualTo(Arrays.copyOfRange(large, 100, 300_000));
      assertThat(weir.client().get(path, "Range", "bytes=-100000").body())
          .isEqualTo(Arrays.copyOfRange(large, 3 * MIB - 100_000, 3 * MIB));
      assertThat(upstream.log()).as("each client its own request").filteredOn(line -> line.contains("/blobs/"))
          .hasSize(3);
      assertThat(weir.metric("weir_passed_through_blobs_total")).isEqualTo(4);
      assertThat(weir.files("weir/partial")).isEmpty();
      assertThat(isHeld(weir, large)).isFalse();
    }
  }

  @Test
  void nobodyGetsTheEndOfADamagedBlobThatIsPassedThrough() throws IOException {
    byte[] large = Bytes.random(78, 3 * MIB);
    Digest digest = upstream.addBlob("team/app", large);
    try (TestWeir weir = weir("2MiB")) {
      assertThat(weir.client().blob("origin/team/app", digest).body()).isEqualTo(large);
      upstream.next("/blobs/", new Fault.FlipAt(1_000));
      try (RawPull pull = RawPull.start(weir.port(), "/v2/origin/team/app/blobs/" + digest)) {
        assertThat(pull.readAll()).hasSizeLessThanOrEqualTo(3 * MIB - 1);
      }
    }
  }

  @Test
  void aPushThatDoesNotFitIsToldSoAndLeavesNothing() throws IOException {
    try (TestWeir weir = weir("3MiB")) {
      TestClient.Reply refused = push(weir, Bytes.random(1, 4 * MIB));
      assertThat(refused.status()).isEqualTo(507);
      assertThat(refused.code()).isEqualTo("DENIED");
      assertThat(refused.sentence()).contains("no space left");
      assertThat(weir.metric("weir_refused_pushes_total")).isPositive();
      assertThat(push(weir, Bytes.random(2, MIB)).status()).isEqualTo(201);
    }
  }

  @Test
  void cachedImagesMakeRoomForAPush() throws IOException {
    IntStream.rangeClosed(1, 4).forEach(this::image);
    try (TestWeir weir = weir("6MiB")) {
      IntStream.rangeClosed(1, 4).forEach(number -> pull(weir, number));
      assertThat(push(weir, Bytes.random(3, 4 * MIB)).status()).isEqualTo(201);
      assertThat(bytesOnDisk()).isLessThan(6 * MIB);
    }
  }

  @Test
  void whatWasAskedForLastIsStillKnownAfterARestart() {
    IntStream.rangeClosed(1, 5).forEach(this::image);
    try (TestWeir weir = weir("6MiB")) {
      List.of(1, 2, 3, 1).forEach(number -> pull(weir, number));
    }
    try (TestWeir weir = weir("5MiB")) {
      pull(weir, 4);
      pull(weir, 5);
      assertThat(isHeld(weir, layer(1))).isTrue();
      assertThat(isHeld(weir, layer(2))).isFalse();
    }
  }

  private static TestClient.Reply push(TestWeir weir, byte[] blob) {
    return weir.client().push("mine/app", blob);
  }
}
