package dev.weir.server.pullthrough;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.weir.server.upstream.Delivery;
import dev.weir.server.upstream.ScriptedRegistry;
import dev.weir.storage.Digest;

import static org.assertj.core.api.Assertions.assertThat;

/** Many clients, one cold blob. */
final class CrowdTest {
  private static final int SIZE = Math.toIntExact(Long.getLong("weir.test.large-layer-bytes", 200L << 20));
  private static final int MEGABYTE = 1_000_000;
  private static final int OTHERS = 62;

  @TempDir private Path folder;

  private final ScriptedRegistry registry = ScriptedRegistry.plain();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final byte[] content = Bytes.random(64, SIZE);

  @AfterEach
  void close() {
    threads.shutdownNow();
    registry.close();
  }

  /**
   * Upstream holds its bytes back until all 64 have their headers. The 62 then take all of it while the slow one has
   * taken less than half: had they waited for it, it would have taken as much as they.
   */
  @Test
  void sixtyFourClientsCostOneDownloadAndNeitherTheSlowNorTheLeavingOneMattersToTheRest() throws Exception {
    Digest digest = registry.addBlob("team/app", content);
    String path = "/v2/origin/team/app/blobs/" + digest;
    registry.pauseBodiesAfter(2 * MEGABYTE);
    try (TestWeir weir = TestWeir.in(folder.resolve("data")).upstream("origin", inOnePiece(registry.uri()))
        .start()) {
      AtomicLong takenBySlow = new AtomicLong();
      RawPull slow = RawPull.start(weir.port(), path);
      Future<Boolean> slowIsRight = threads.submit(() -> takeSlowly(slow, takenBySlow));
      List<Future<Boolean>> others = pullInParallel(weir.port(), path);
      leaveAfterAMegabyte(weir.port(), path);

      registry.resumeBodies();

      for (Future<Boolean> other : others) {
        assertThat(other.get()).as("all bytes are right").isTrue();
      }
      long takenMeanwhile = takenBySlow.get();
      assertThat(takenMeanwhile).as("what the slow one got while the others got everything").isLessThan(SIZE / 2);
      Await.until("the slow one got more", () -> takenBySlow.get() > takenMeanwhile + MEGABYTE);
      slow.close();
      assertThat(slowIsRight.get()).as("the slow one's bytes were right").isTrue();
    }
    assertThat(registry.log()).filteredOn(line -> line.startsWith("GET ")).containsExactly(
        "GET /v2/team/app/blobs/" + digest);
    assertThat(registry.deliveries()).containsExactly(new Delivery("/v2/team/app/blobs/" + digest, 0, SIZE));
  }

  /** Returns when each has its header, and so has joined the download. */
  private List<Future<Boolean>> pullInParallel(int port, String path) throws Exception {
    List<RawPull> pulls = new ArrayList<>();
    List<Callable<RawPull>> starts = new ArrayList<>();
    for (int i = 0; i < OTHERS; i++) {
      starts.add(() -> RawPull.start(port, path));
    }
    for (Future<RawPull> started : threads.invokeAll(starts)) {
      pulls.add(started.get());
    }
    return pulls.stream().map(pull -> threads.submit(() -> takesAll(pull))).toList();
  }

  private boolean takesAll(RawPull pull) throws IOException {
    try (pull) {
      byte[] buffer = new byte[1 << 18];
      int taken = 0;
      for (int got = pull.read(buffer); got > 0; got = pull.read(buffer)) {
        if (!isRight(buffer, got, taken)) {
          return false;
        }
        taken += got;
      }
      return taken == SIZE;
    }
  }

  private void leaveAfterAMegabyte(int port, String path) throws IOException {
    try (RawPull leaving = RawPull.start(port, path)) {
      byte[] first = leaving.read(MEGABYTE);
      assertThat(isRight(first, MEGABYTE, 0)).isTrue();
    }
  }

  /** At 1 MB/s, until the connection is closed. */
  private boolean takeSlowly(RawPull slow, AtomicLong taken) throws IOException, InterruptedException {
    byte[] buffer = new byte[MEGABYTE / 10];
    for (int got = slow.read(buffer); got > 0; got = slow.read(buffer)) {
      if (!isRight(buffer, got, (int) taken.get())) {
        return false;
      }
      taken.addAndGet(got);
      Thread.sleep(Duration.ofMillis(100)); // the pace, not a wait for anything
    }
    return true;
  }

  private boolean isRight(byte[] received, int count, int at) {
    return Arrays.equals(received, 0, count, content, at, at + count);
  }

  /** A machine that is busy takes so long that more connections would help. */
  private static String inOnePiece(URI remote) {
    return "remoteurl: '%s', maxsegments: 1".formatted(remote);
  }
}
