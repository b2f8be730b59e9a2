package dev.weir.server.realclient;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Random;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.weir.server.pullthrough.Await;
import dev.weir.server.upstream.Delivery;
import dev.weir.server.upstream.ScriptedRegistry;
import dev.weir.storage.Digest;

import static org.assertj.core.api.Assertions.assertThat;

/** weir is killed in the middle of a cold blob: what it had is not fetched again, and its client's next try goes on. */
@Timeout(300)
final class KilledDownloadTest {
  private static final int MEGABYTE = 1 << 20;

  @TempDir private Path folder;

  private final ScriptedRegistry registry = ScriptedRegistry.quay();
  private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final MessageDigest hash = Digest.Algorithm.SHA256.newHash();
  private int size;
  private long got;

  @AfterEach
  void close() {
    registry.close();
  }

  private Digest publish() {
    byte[] content = new byte[size];
    new Random(5).nextBytes(content);
    return registry.addBlob("team/app", content);
  }

  /** @param upTo stops there, or where the connection ends */
  private void pull(WeirProcess weir, Digest digest, long upTo) throws InterruptedException {
    URI blob = weir.uri().resolve("/v2/up/team/app/blobs/" + digest);
    HttpRequest.Builder request = HttpRequest.newBuilder(blob);
    HttpRequest rest = got > 0 ? request.header("Range", "bytes=" + got + "-").build() : request.build();
    try (InputStream body = client.send(rest, HttpResponse.BodyHandlers.ofInputStream()).body()) {
      byte[] piece = new byte[64 * 1024];
      for (int count = body.read(piece); count >= 0 && got < upTo; count = got < upTo ? body.read(piece) : -1) {
        hash.update(piece, 0, count);
        got += count;
      }
    } catch (IOException e) {
      assertThat(got).as("broken off by %s", e).isLessThan(size);
    }
  }

  private long delivered() {
    return registry.deliveries().stream().filter(each -> each.path().startsWith("/sha256/"))
        .mapToLong(Delivery::length).sum();
  }

  /**
   * Slow ones come in several streams; so slow that those bring more on a machine that has much else to do, too.
   *
   * @param pace of one stream, in megabytes a second
   */
  @ParameterizedTest(name = "{1} MB at {0} %, {2} MB/s a stream")
  @CsvSource({"30, 200, 60, 1", "60, 200, 60, 1", "90, 200, 60, 1", "30, 64, 2, 6", "60, 64, 2, 6", "90, 64, 2, 6"})
  void whatWasFetchedIsNotFetchedAgain(int percent, int megabytes, int pace, int segments) throws Exception {
    size = megabytes * MEGABYTE;
    Digest digest = publish();
    registry.paceBodies((long) pace * MEGABYTE);
    String sections = "upstreams: {up: {remoteurl: '" + registry.uri() + "', maxsegments: " + segments + "}}";
    try (WeirProcess weir = WeirProcess.start(folder, folder.resolve("data"), sections)) {
      pull(weir, digest, (long) size * percent / 100);
      Await.until("it comes in several streams, if it may", () -> segments == 1 || registry.sending() > 1);
      weir.kill();
      weir.start();
      pull(weir, digest, size);
    }
    assertThat(got).isEqualTo(size);
    assertThat(Digest.of(Digest.Algorithm.SHA256, hash)).isEqualTo(digest);
    assertThat(delivered()).isLessThanOrEqualTo(size + size / 50 + MEGABYTE);
  }
}
