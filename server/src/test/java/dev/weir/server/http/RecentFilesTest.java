package dev.weir.server.http;

import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.concurrent.GlobalEventExecutor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.weir.auth.Who;
import dev.weir.server.cache.BlobBody;
import dev.weir.server.cache.OpenBlob;
import dev.weir.server.cache.WrappedBody;
import dev.weir.server.oci.ByteRange;

import static org.assertj.core.api.Assertions.assertThat;

/** That nothing stays open of what cannot be given again. */
class RecentFilesTest {
  @TempDir private Path folder;
  private final AtomicLong version = new AtomicLong();
  private final RecentAnswers recent = new RecentAnswers(Duration.ofMinutes(1), version::get, () -> 0);

  @Test
  void fileOfABlobThatWasLookedUpBeforeAChangeIsNotKept() throws Exception {
    AtomicInteger closed = new AtomicInteger();
    OpenBlob file = new OpenBlob() {
      @Override
      public Optional<BlobBody> body() {
        return Optional.empty();
      }

      @Override
      public void close() {
        closed.incrementAndGet();
      }
    };
    RecentAnswers.Moment begun = recent.now();
    version.incrementAndGet();
    recent.keep(new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, "/blobs/x"),
        () -> Optional.of(new RecentBlob(RecentHead.of(HttpResponseStatus.OK, new DefaultHttpHeaders()),
            ByteRange.whole(5), file, () -> {}, Who.ANYBODY, Places.UNLIMITED)),
        begun, GlobalEventExecutor.INSTANCE);
    assertThat(recent.files()).isZero();
    assertThat(closed).hasValue(1);
  }

  /** What cannot be sent again. */
  private record Unreadable(BlobBody body, CountDownLatch closed) implements WrappedBody {
    @Override
    public FileChannel file() {
      throw new IllegalStateException("no file");
    }

    @Override
    public void close() {
      closed.countDown();
    }
  }

  /** Is sent once. */
  private record OnlyOnce(BlobBody body, CountDownLatch closed) implements WrappedBody {
    @Override
    public boolean isThere() {
      return true;
    }

    @Override
    public Optional<OpenBlob> keepOpen() {
      BlobBody further = new Unreadable(body, closed);
      return Optional.of(new OpenBlob() {
        @Override
        public Optional<BlobBody> body() {
          return Optional.of(further);
        }

        @Override
        public void close() {}
      });
    }
  }

  @Test
  void blobThatCannotBeBegunAgainIsClosedAndEndsTheConnection() throws Exception {
    CountDownLatch closed = new CountDownLatch(1);
    try (TestServer server = TestServer.of(exchange -> {
      try (BlobBody body = new OnlyOnce(new TestBlob(folder, new byte[100]).arriveWhole(), closed)) {
        exchange.allowRepeating(() -> {});
        exchange.send(200, Headers.NONE, body, ByteRange.whole(100));
      }
    }, recent); RawClient client = server.connect()) {
      assertThat(client.get("/").status()).isEqualTo(200);
      client.send("GET / HTTP/1.1\r\nHost: weir\r\n\r\n");
      assertThat(client.readToEnd()).isEmpty();
    }
    assertThat(closed.await(20, TimeUnit.SECONDS)).isTrue();
  }
}
