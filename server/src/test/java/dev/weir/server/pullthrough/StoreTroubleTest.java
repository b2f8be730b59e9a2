package dev.weir.server.pullthrough;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import dev.weir.server.pullthrough.TestClient.Reply;
import dev.weir.server.upstream.ScriptedRegistry;
import dev.weir.storage.Digest;
import dev.weir.storage.s3.S3Door;
import dev.weir.storage.s3.S3Door.Trouble;
import dev.weir.storage.s3.S3Proxy;

import static org.assertj.core.api.Assertions.assertThat;

/** A bucket that is there and does not do as it should. */
final class StoreTroubleTest {
  private static final byte[] LAYER = random(1, 700_000);
  private static final Digest DIGEST = Digest.sha256(LAYER);
  /** Nobody waits longer for the beginning of an answer. */
  private static final Duration LONGEST = Duration.ofSeconds(20);

  @TempDir private Path directory;
  private S3Proxy server;
  private S3Door door;
  private ScriptedRegistry upstream;
  private TestWeir weir;

  private static byte[] random(int seed, int length) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  @BeforeEach
  void start() throws IOException {
    server = S3Proxy.over(Files.createDirectory(directory.resolve("buckets")));
    door = S3Door.before(server);
    upstream = ScriptedRegistry.plain();
    upstream.addImage("team/app", "v1", LAYER);
    Path scratch = directory.resolve("scratch");
    weir = TestWeir.in(scratch)
        .storage(server.yaml(server.newBucket()).replace(server.address().toString(), door.address().toString()))
        .cache("tagttl: 10m, scratch: {path: '" + scratch + "', maxsize: 100MiB}")
        .section("health: {storagedriver: {interval: 50ms, threshold: 1}}").upstream("hub", upstream.uri()).start();
  }

  @AfterEach
  void stop() throws IOException {
    weir.close();
    upstream.close();
    door.close();
    server.close();
  }

  /** The bucket has it only some time after the client. */
  private void pullAndStore() {
    pull();
    Await.until("it is stored", () -> !weir.files("weir/hot/sha256").isEmpty());
  }

  private void pull() {
    assertThat(weir.client().manifest("hub/team/app", "v1").status()).isEqualTo(200);
    assertThat(weir.client().blob("hub/team/app", DIGEST).body()).isEqualTo(LAYER);
  }

  private static void assertUnavailable(Reply reply) {
    assertThat(reply.status()).as(reply.text()).isEqualTo(503);
    assertThat(reply.code()).isEqualTo("UNAVAILABLE");
    assertThat(reply.header("Retry-After")).isPresent();
    assertThat(reply.time()).isLessThan(LONGEST);
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = {"NONE", "SILENCE"})
  void whatIsAtHandIsServedAndTheRestIsUnavailableUntilTheBucketIsWell(Trouble trouble) {
    pullAndStore();
    door.make(trouble);
    Await.until("it is not ready", () -> weir.client().get("/readyz").status() == 503);

    pull();
    assertUnavailable(weir.client().manifest("team/app", "never-asked-for"));
    assertUnavailable(weir.client().push("team/app", random(2, 1_000)));

    door.make(Trouble.NONE);
    Await.until("it is ready", () -> weir.client().get("/readyz").status() == 200);
    assertThat(weir.client().manifest("team/app", "never-asked-for").status()).isEqualTo(404);
    assertThat(weir.client().push("team/app", random(2, 1_000)).status()).isEqualTo(201);
    pull();
  }

  @Test
  void aBucketThatSaysNothingHoldsUpNobodyForLong() {
    pullAndStore();
    door.make(Trouble.SILENCE);
    assertUnavailable(weir.client().manifest("team/app", "never-asked-for"));
    Reply held = weir.client().blob("hub/team/app", DIGEST);
    assertThat(held.body()).isEqualTo(LAYER);
    assertThat(held.time()).isLessThan(LONGEST);
    door.make(Trouble.NONE);
    pull();
  }

  /** A store that says of something that it is stored, and then breaks off, has stored it. */
  private static boolean isHit(Trouble trouble, String operation) {
    return trouble == Trouble.CUT ? operation.equals("GetObject") : !operation.startsWith("List");
  }

  @ParameterizedTest
  @EnumSource(names = {"ERROR", "SLOW_DOWN", "CUT"})
  void troubleThatPassesIsNotSeen(Trouble trouble) {
    AtomicInteger left = new AtomicInteger(2);
    door.make(operation -> isHit(trouble, operation) && left.getAndDecrement() > 0 ? trouble : Trouble.NONE);
    pull();
    assertThat(left).hasNegativeValue();
    left.set(2);
    byte[] blob = random(3, 6_000_000);
    assertThat(weir.client().push("team/app", blob).status()).isEqualTo(201);
    assertThat(left).hasNegativeValue();
    assertThat(weir.client().blob("team/app", Digest.sha256(blob)).body()).isEqualTo(blob);
  }
}
