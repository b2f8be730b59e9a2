package dev.weir.server.pullthrough;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import dev.weir.server.upstream.ScriptedRegistry;
import dev.weir.storage.Digest;

import static org.assertj.core.api.Assertions.assertThat;

/** What the configuration allows downloads to use, over real sockets. */
@Timeout(300)
final class BudgetTest {
  private static final int RATE = 1_000_000;
  private static final int SECONDS = 12;
  private static final int ROUNDS = 3;

  @TempDir private Path folder;

  private final ScriptedRegistry registry = ScriptedRegistry.plain();
  private final List<AutoCloseable> open = new ArrayList<>(List.of(registry));

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable each : open.reversed()) {
      each.close();
    }
  }

  private TestWeir start(String keys, String cache) {
    TestWeir weir = TestWeir.in(folder.resolve("data")).cache(cache)
        .upstream("origin", "remoteurl: '" + registry.uri() + "'" + keys).start();
    open.add(weir);
    return weir;
  }

  private RawPull pull(TestWeir weir, Digest digest) throws IOException {
    RawPull pull = RawPull.start(weir.port(), "/v2/origin/team/app/blobs/" + digest);
    open.add(pull);
    return pull;
  }

  /** The first bytes fill what lies between, and are not counted; what a stalled machine lost is lost once. */
  @Test
  void aRateHoldsOverTenSeconds() throws IOException {
    Digest digest = registry.addBlob("team/app", Bytes.random(1, ROUNDS * SECONDS * RATE));
    RawPull pull = pull(start(", maxrate: 8Mbit/s", "tagttl: 10m"), digest);
    pull.read(RATE);
    double rate = rateOverTenSeconds(pull);
    for (int round = 1; round < ROUNDS && Math.abs(rate - RATE) > 0.1 * RATE; round++) {
      rate = rateOverTenSeconds(pull);
    }
    assertThat(rate).isBetween(0.9 * RATE, 1.1 * RATE);
  }

  private static double rateOverTenSeconds(RawPull pull) throws IOException {
    long began = System.nanoTime();
    long got = 0;
    while (System.nanoTime() - began < TimeUnit.SECONDS.toNanos(10)) {
      got += pull.read(16 * 1024).length;
    }
    return got * 1e9 / (System.nanoTime() - began);
  }

  /** A download that its client has left is in the background. */
  @Test
  void aPullOvertakesWhatNobodyWaitsForAnyMore() throws IOException {
    Digest background = registry.addBlob("team/app", Bytes.random(2, 40 * RATE));
    byte[] wanted = Bytes.random(3, 3 * RATE);
    Digest digest = registry.addBlob("team/app", wanted);
    TestWeir weir = start("", "tagttl: 10m, maxrate: 8Mbit/s");
    try (RawPull left = pull(weir, background)) {
      left.read(RATE / 2);
    }
    Await.until("the client's leaving is noticed", () -> weir.metric("weir_upstream_waiters") == 0);
    double before = fetched(weir);
    assertThat(pull(weir, digest).readAll()).isEqualTo(wanted);
    assertThat(fetched(weir) - before - wanted.length).as("bytes of the other").isLessThan(wanted.length / 2.0);
  }

  private static double fetched(TestWeir weir) {
    return weir.metric("registry_proxy_pulled_bytes_total");
  }

  @Test
  void whatNobodyWaitsForGivesUpItsPlaceToAPullAndGoesOnLater() throws IOException {
    byte[] slow = Bytes.random(4, 2 * RATE);
    Digest background = registry.addBlob("team/app", slow);
    byte[] wanted = Bytes.random(5, RATE / 2);
    Digest digest = registry.addBlob("team/app", wanted);
    registry.paceBodies(RATE / 2);
    TestWeir weir = start(", maxconcurrent: 1", "tagttl: 10m");
    try (RawPull left = pull(weir, background)) {
      left.read(RATE / 4);
    }
    assertThat(pull(weir, digest).readAll()).isEqualTo(wanted);
    assertThat(pull(weir, background).readAll()).isEqualTo(slow);
    assertThat(registry.log().stream().filter(line -> line.startsWith("GET") && line.contains(background.hex())))
        .as("the second asks for the rest").hasSize(2).last().asString().contains("bytes=");
  }

  @Test
  void noMoreAtOnceThanAllowed() throws Exception {
    byte[] one = Bytes.random(6, RATE);
    byte[] other = Bytes.random(7, RATE);
    Digest first = registry.addBlob("team/app", one);
    Digest second = registry.addBlob("team/app", other);
    registry.pauseBodiesAfter(RATE / 2);
    TestWeir weir = start("", "tagttl: 10m, maxconcurrent: 1");
    RawPull begun = pull(weir, first);
    FutureTask<byte[]> late = new FutureTask<>(() -> weir.client().blob("origin/team/app", second).body());
    Thread.ofVirtual().start(late);
    Await.until("the second is confirmed", () -> registry.log().contains("HEAD /v2/team/app/blobs/" + second));
    assertThat(begun.read(RATE / 4)).hasSize(RATE / 4);
    assertThat(registry.log()).doesNotContain("GET /v2/team/app/blobs/" + second);
    registry.resumeBodies();
    assertThat(begun.readAll()).hasSize(RATE - RATE / 4);
    assertThat(late.get(60, TimeUnit.SECONDS)).isEqualTo(other);
    assertThat(registry.log()).contains("GET /v2/team/app/blobs/" + second);
  }
}
