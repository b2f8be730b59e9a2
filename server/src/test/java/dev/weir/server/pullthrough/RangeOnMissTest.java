package dev.weir.server.pullthrough;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.weir.server.upstream.MockAnswer;
import dev.weir.server.upstream.MockRequest;
import dev.weir.server.upstream.MockServer;
import dev.weir.storage.Digest;

import static org.assertj.core.api.Assertions.assertThat;

/** A cold blob behind an upstream whose body comes when the test lets it. */
final class RangeOnMissTest {
  private static final int SIZE = 1 << 20;
  private static final int HELD_BACK = 64 * 1024;
  private static final int ROUNDS = 9;

  @TempDir private Path folder;

  private final byte[] content = Bytes.random(5, SIZE);
  private final ConcurrentMap<String, Long> answeredAt = new ConcurrentHashMap<>();
  private final MockServer upstream = MockServer.http(this::answer);

  @AfterEach
  void close() {
    upstream.close();
  }

  /** Any digest: these are not going to be verified. */
  private MockAnswer answer(MockRequest request) {
    if (request.method().equals("GET")) {
      answeredAt.put(request.path(), System.nanoTime());
    }
    return MockAnswer.of(200, content);
  }

  private TestWeir weir() {
    return TestWeir.in(folder.resolve("data")).upstream("origin", upstream.uri()).start();
  }

  private static String path(Digest digest) {
    return "/v2/origin/team/app/blobs/" + digest;
  }

  @Test
  void aPlainGetHasItsHeadersWithin100MillisecondsOfUpstreams() throws IOException {
    upstream.pauseBodiesAfter(0);
    try (TestWeir weir = weir()) {
      List<Duration> delays = new ArrayList<>();
      for (int round = 0; round < ROUNDS; round++) {
        Digest digest = Digest.sha256(new byte[]{(byte) round});
        try (RawPull pull = RawPull.start(weir.port(), path(digest))) {
          delays.add(Duration.ofNanos(System.nanoTime() - answeredAt.getOrDefault("/v2/team/app/blobs/" + digest, 0L)));
          assertThat(pull.status()).isEqualTo(200);
          assertThat(pull.length()).isEqualTo(SIZE);
          assertThat(pull.hasMore()).isFalse();
        }
      }
      assertThat(delays.stream().sorted().toList().get(ROUNDS / 2)).as("median of %s", delays)
          .isLessThan(Duration.ofMillis(100));
    }
  }

  @Test
  void aRangeAheadOfTheFillHasItsExactHeaderFirstAndItsBytesLater() throws IOException {
    upstream.pauseBodiesAfter(HELD_BACK);
    try (TestWeir weir = weir();
        RawPull pull = RawPull.start(weir.port(), path(Digest.sha256(content)), "Range: bytes=500000-")) {
      assertThat(pull.status()).isEqualTo(206);
      assertThat(pull.header("Content-Range")).isEqualTo("bytes 500000-" + (SIZE - 1) + "/" + SIZE);
      assertThat(pull.length()).isEqualTo(SIZE - 500000);
      assertThat(pull.hasMore()).isFalse();

      upstream.resumeBodies();

      assertThat(pull.readAll()).isEqualTo(Arrays.copyOfRange(content, 500000, SIZE));
    }
  }

  @Test
  void aSuffixOfAColdBlobComesOnceItIsVerified() throws IOException {
    upstream.pauseBodiesAfter(SIZE - 1);
    try (TestWeir weir = weir();
        RawPull pull = RawPull.start(weir.port(), path(Digest.sha256(content)), "Range: bytes=-10")) {
      assertThat(pull.header("Content-Range")).isEqualTo("bytes " + (SIZE - 10) + "-" + (SIZE - 1) + "/" + SIZE);
      assertThat(pull.hasMore()).isFalse();

      upstream.resumeBodies();

      assertThat(pull.readAll()).isEqualTo(Arrays.copyOfRange(content, SIZE - 10, SIZE));
    }
  }

  @Test
  void aRangeThatHasArrivedIsCompleteWhileTheRestHasNot() throws IOException {
    upstream.pauseBodiesAfter(HELD_BACK);
    try (TestWeir weir = weir();
        RawPull pull = RawPull.start(weir.port(), path(Digest.sha256(content)), "Range: bytes=10-20009")) {
      assertThat(pull.status()).isEqualTo(206);
      assertThat(pull.header("Content-Range")).isEqualTo("bytes 10-20009/" + SIZE);
      assertThat(pull.readAll()).isEqualTo(Arrays.copyOfRange(content, 10, 20010));
    }
  }

  @Test
  void aRangeBeyondTheEndOfAColdBlobIs416() throws IOException {
    upstream.pauseBodiesAfter(0);
    try (TestWeir weir = weir();
        RawPull pull = RawPull.start(weir.port(), path(Digest.sha256(content)), "Range: bytes=" + SIZE + "-")) {
      assertThat(pull.status()).isEqualTo(416);
      assertThat(pull.header("Content-Range")).isEqualTo("bytes */" + SIZE);
    }
  }

  @Test
  void allRangesOfAColdBlobCostOneRequest() throws IOException {
    upstream.pauseBodiesAfter(HELD_BACK);
    Digest digest = Digest.sha256(content);
    try (TestWeir weir = weir();
        RawPull whole = RawPull.start(weir.port(), path(digest));
        RawPull middle = RawPull.start(weir.port(), path(digest), "Range: bytes=300000-399999");
        RawPull rest = RawPull.start(weir.port(), path(digest), "Range: bytes=700000-")) {
      upstream.resumeBodies();

      assertThat(whole.readAll()).isEqualTo(content);
      assertThat(middle.readAll()).isEqualTo(Arrays.copyOfRange(content, 300000, 400000));
      assertThat(rest.readAll()).isEqualTo(Arrays.copyOfRange(content, 700000, SIZE));
    }
    assertThat(upstream.log()).filteredOn(line -> line.startsWith("GET "))
        .containsExactly("GET /v2/team/app/blobs/" + digest);
  }
}
