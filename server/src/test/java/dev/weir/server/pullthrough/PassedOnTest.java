package dev.weir.server.pullthrough;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.weir.storage.Digest;
import dev.weir.storage.s3.S3Door;
import dev.weir.storage.s3.S3Door.Trouble;
import dev.weir.storage.s3.S3Proxy;

import static org.assertj.core.api.Assertions.assertThat;

/** Blobs in a bucket that a weir has not read yet: one filled the bucket, another is asked. */
final class PassedOnTest {
  private static final byte[] LAYER = random(20 << 20);
  private static final String NAME = "team/app";

  @TempDir private Path directory;
  private S3Proxy server;
  private S3Door door;
  private String bucket;
  private Digest layer;
  private TestWeir weir;

  private static byte[] random(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }

  @BeforeEach
  void start() throws IOException {
    server = S3Proxy.over(Files.createDirectory(directory.resolve("buckets")));
    door = S3Door.before(server);
    bucket = server.newBucket();
    layer = Digest.sha256(LAYER);
    try (TestWeir first = weir("first")) {
      assertThat(first.client().push(NAME, LAYER).status()).isEqualTo(201);
    }
    weir = weir("second");
  }

  private TestWeir weir(String scratch) {
    return TestWeir.in(directory.resolve(scratch))
        .storage(server.yaml(bucket).replace(server.address().toString(), door.address().toString()))
        .cache("scratch: {path: '" + directory.resolve(scratch) + "', maxsize: 100MiB}").start();
  }

  @AfterEach
  void stop() throws IOException {
    weir.close();
    door.close();
    server.close();
  }

  /** Those of blobs and of links to them. */
  private List<String> asked() {
    return door.calls().stream().filter(call -> call.path().endsWith("/data") || call.path().endsWith("/link"))
        .map(call -> call.operation() + " " + call.path().substring(call.path().lastIndexOf('/') + 1)).toList();
  }

  @Test
  void theFirstWhoAsksIsGivenItByOneCallForTheLinkAndOneForTheBytes() {
    door.calls().clear();
    assertThat(weir.client().blob(NAME, layer).body()).isEqualTo(LAYER);
    assertThat(asked()).containsExactly("GetObject link", "GetObject data");
    assertThat(door.calls().getLast().isByAddress()).as("past the SDK").isTrue();
    assertThat(weir.files("weir/hot/sha256")).isEmpty();
    assertThat(weir.files("weir/partial/")).isEmpty();
    assertThat(weir.metric("weir_storage_passed_blobs_total")).isEqualTo(1);
    assertThat(weir.metric("weir_storage_read_bytes_total")).isEqualTo(LAYER.length);
    assertThat(weir.metric("weir_passed_through_blobs_total")).isZero();
    assertThat(weir.metric("registry_proxy_hits_total")).isEqualTo(1);
    assertThat(weir.metric("registry_proxy_misses_total")).isZero();
  }

  @Test
  void theSecondWhoAsksHasItBroughtHereAndTheThirdGetsItFromHere() {
    for (int i = 0; i < 2; i++) {
      assertThat(weir.client().blob(NAME, layer).body()).isEqualTo(LAYER);
    }
    Await.until("it is at hand", () -> weir.files("weir/hot/sha256").size() == 1);
    door.calls().clear();
    assertThat(weir.client().blob(NAME, layer).body()).isEqualTo(LAYER);
    assertThat(asked()).containsExactly("GetObject link");
    assertThat(weir.metric("weir_storage_read_bytes_total")).isEqualTo(2 * LAYER.length);
    assertThat(weir.metric("registry_proxy_hits_total")).isEqualTo(3);
  }

  @Test
  void aPartIsGivenToTheFirstAsWell() {
    TestClient.Reply part = weir.client().get("/v2/" + NAME + "/blobs/" + layer, "Range", "bytes=15000000-15999999");
    assertThat(part.status()).isEqualTo(206);
    assertThat(part.body()).isEqualTo(Arrays.copyOfRange(LAYER, 15_000_000, 16_000_000));
    assertThat(weir.files("weir/partial/")).isEmpty();
    assertThat(weir.metric("weir_storage_read_bytes_total")).isEqualTo(1_000_000);
    assertThat(weir.client().blob(NAME, layer).body()).isEqualTo(LAYER);
  }

  @Test
  void anAnswerOfTheBucketThatBreaksIsGoneOnWith() {
    door.calls().clear();
    door.cutAfter(7_000_000);
    assertThat(weir.client().blob(NAME, layer).body()).isEqualTo(LAYER);
    assertThat(asked()).containsExactly("GetObject link", "GetObject data", "GetObject data");
  }

  @Test
  void aClientThatLeavesEndsTheAnswerOfTheBucket() throws IOException {
    int before = door.clients();
    try (RawPull pull = RawPull.start(weir.port(), "/v2/" + NAME + "/blobs/" + layer)) {
      assertThat(pull.length()).isEqualTo(LAYER.length);
      assertThat(pull.read(new byte[1_000])).isEqualTo(1_000);
      Await.until("the answer is on its way", () -> door.clients() > before);
    }
    Await.until("nothing is on its way", () -> door.clients() <= before + 1); // the link's connection rests
    assertThat(weir.metric("weir_storage_read_bytes_total")).isLessThan(LAYER.length);
  }

  @Test
  void aClientThatReadsSlowlyHoldsTheBucketBack() throws IOException {
    try (RawPull pull = RawPull.start(weir.port(), "/v2/" + NAME + "/blobs/" + layer)) {
      long[] seen = {-1};
      Await.until("no more is read", () -> {
        long before = seen[0];
        LockSupport.parkNanos(300_000_000);
        seen[0] = (long) weir.metric("weir_storage_read_bytes_total");
        return seen[0] > 0 && seen[0] == before;
      });
      assertThat(seen[0]).isLessThan(LAYER.length);
      assertThat(pull.readAll()).isEqualTo(LAYER);
    }
  }

  @Test
  void aBucketThatIsGoneInTheMiddleIsNoWholeBlob() throws IOException {
    try (RawPull pull = RawPull.start(weir.port(), "/v2/" + NAME + "/blobs/" + layer)) {
      assertThat(pull.length()).isEqualTo(LAYER.length);
      door.make(Trouble.ERROR);
      door.cutAfter(1_000_000);
      assertThat(pull.readAll()).hasSizeLessThan(LAYER.length);
    }
    door.make(Trouble.NONE);
    assertThat(weir.client().blob(NAME, layer).body()).isEqualTo(LAYER);
  }

  @Test
  void aBucketThatDoesNotAnswerIsToldBeforeTheHeader() {
    door.make(operation -> operation.equals("GetObject") ? Trouble.ERROR : Trouble.NONE);
    TestClient.Reply reply = weir.client().blob(NAME, layer);
    assertThat(reply.status()).isEqualTo(503);
    assertThat(reply.code()).isEqualTo("UNAVAILABLE");
    door.make(Trouble.NONE);
    assertThat(weir.client().blob(NAME, layer).body()).isEqualTo(LAYER);
  }
}
