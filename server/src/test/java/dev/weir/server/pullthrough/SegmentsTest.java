package dev.weir.server.pullthrough;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import dev.weir.server.upstream.Delivery;
import dev.weir.server.upstream.Fault;
import dev.weir.server.upstream.ScriptedRegistry;
import dev.weir.storage.Digest;

import static org.assertj.core.api.Assertions.assertThat;

/** A large blob from an upstream of which each connection is slow. */
@Timeout(300)
final class SegmentsTest {
  private static final int MEGABYTE = 1 << 20;
  private static final int SIZE = 16 * MEGABYTE;
  /** One stream takes 16 seconds. */
  private static final int PACE = MEGABYTE;
  private static final int MOST = 6;

  @TempDir private Path folder;

  private final ScriptedRegistry registry = ScriptedRegistry.quay();
  private final byte[] content = Bytes.random(17, SIZE);
  private final Digest digest = registry.addBlob("team/app", content);
  private final List<AutoCloseable> open = new ArrayList<>();
  private long began;

  @BeforeEach
  void pace() {
    registry.paceBodies(PACE);
    open.add(registry);
    began = System.nanoTime();
  }

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable each : open.reversed()) {
      each.close();
    }
  }

  private TestWeir start(String keys) {
    TestWeir weir = TestWeir.in(folder.resolve("data"))
        .upstream("origin", "remoteurl: '" + registry.uri() + "', " + keys).start();
    open.add(weir);
    return weir;
  }

  private static byte[] pull(TestWeir weir, Digest digest) {
    return weir.client().blob("origin/team/app", digest).body();
  }

  /** The first half as slowly as above, in which all that there is to decide is decided, and more than once. */
  private byte[] pullInHaste(TestWeir weir) throws Exception {
    try (RawPull pull = RawPull.start(weir.port(), "/v2/origin/team/app/blobs/" + digest)) {
      ByteArrayOutputStream got = new ByteArrayOutputStream();
      got.write(pull.read(SIZE / 2));
      registry.paceBodies(Long.MAX_VALUE);
      got.write(pull.readAll());
      return got.toByteArray();
    }
  }

  private long seconds() {
    return TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - began);
  }

  private List<Delivery> deliveries() {
    return registry.deliveries().stream().filter(each -> each.path().startsWith("/sha256/")).toList();
  }

  private long delivered() {
    return deliveries().stream().mapToLong(Delivery::length).sum();
  }

  @Test
  void severalStreamsBringItSoonerAndNoRangeTwice() throws IOException {
    TestWeir weir = start("maxsegments: " + MOST);
    assertThat(pull(weir, digest)).isEqualTo(content);
    assertThat(seconds()).isLessThan(SIZE / PACE - 4);
    assertThat(deliveries()).hasSizeGreaterThan(MOST);
    assertThat(delivered()).isLessThanOrEqualTo(SIZE + SIZE / 50 + (long) MEGABYTE);
    Await.until("the blob is stored", () -> weir.files("weir/partial").isEmpty());
  }

  @Test
  void oneStreamIsAllWhereMoreAreNotWanted() throws Exception {
    assertThat(pullInHaste(start("maxsegments: 1"))).isEqualTo(content);
    assertThat(deliveries()).containsExactly(new Delivery(deliveries().getFirst().path(), 0, SIZE));
  }

  @Test
  void anUpstreamThatAnswersARangeWithEverythingIsAskedForNoOther() throws Exception {
    TestWeir weir = start("maxsegments: " + MOST);
    registry.ignoreRanges();
    assertThat(pullInHaste(weir)).isEqualTo(content);
    assertThat(deliveries()).hasSize(2);
    assertThat(delivered()).isLessThanOrEqualTo(SIZE + SIZE / 50 + (long) MEGABYTE);
  }

  @Test
  void anUpstreamThatRefusesTheSecondStreamGivesTheRestInOne() throws Exception {
    TestWeir weir = start("maxsegments: " + MOST);
    try (RawPull pull = RawPull.start(weir.port(), "/v2/origin/team/app/blobs/" + digest)) {
      byte[] begun = pull.read(MEGABYTE / 2);
      for (int i = 0; i < 40; i++) {
        registry.next("/blobs/" + digest, Fault.tooManyRequests());
      }
      int slowly = pull.read(SIZE * 5 / 8).length;
      registry.paceBodies(Long.MAX_VALUE);
      assertThat(begun.length + slowly + pull.readAll().length).isEqualTo(SIZE);
    }
    assertThat(deliveries()).containsExactly(new Delivery(deliveries().getFirst().path(), 0, SIZE));
    assertThat(registry.log().stream().filter(line -> line.startsWith("GET") && line.contains("/blobs/")))
        .hasSizeLessThan(8);
  }

  @Test
  void cutsOfAllStreamsAtOnceAreOvercomeAndNoRangeComesTwice() throws Exception {
    TestWeir weir = start("maxsegments: " + MOST);
    try (RawPull pull = RawPull.start(weir.port(), "/v2/origin/team/app/blobs/" + digest)) {
      byte[] all = new byte[SIZE];
      int got = 0;
      for (int part = 1; part <= 4; part++) {
        byte[] next = pull.read(SIZE / 4 - MEGABYTE / 4);
        System.arraycopy(next, 0, all, got, next.length);
        got += next.length;
        registry.cdn().cutConnections();
      }
      byte[] rest = pull.readAll();
      System.arraycopy(rest, 0, all, got, rest.length);
      assertThat(all).isEqualTo(content);
    }
    assertThat(delivered()).isLessThanOrEqualTo(SIZE + SIZE / 50 + 4L * MOST * MEGABYTE);
    assertThat(delivered()).as("and in truth less").isLessThanOrEqualTo(SIZE + SIZE / 4);
  }
}
