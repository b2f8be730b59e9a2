package dev.weir.storage.s3;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import dev.weir.storage.ObjectKey;
import dev.weir.storage.StoreUnavailableException;
import dev.weir.storage.StoredObject;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** A bucket of one object, or what stands before it, that does not answer as others do. */
class OddAnswersTest {
  private static final ObjectKey BLOB = new ObjectKey("docker/registry/v2/blobs/sha256/aa/aa/data");
  private static final Pattern RANGE = Pattern.compile("bytes=(\\d+)-(\\d*)");
  /** Far more than the sockets' buffers hold. */
  private static final byte[] CONTENT = new byte[32 << 20];

  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  /** A whole object was being sent, and the connection ended. */
  private final CountDownLatch brokenOff = new CountDownLatch(1);
  private volatile boolean takesRanges = true;
  private volatile boolean saysLength = true;
  private volatile boolean givesTags = true;
  private HttpServer server;
  private S3ObjectStore store;

  @BeforeEach
  void start() throws IOException {
    new Random(1).nextBytes(CONTENT);
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
    store = S3ObjectStore.open(settings(), false);
  }

  private S3Settings settings() {
    S3Settings.Endpoint endpoint = new S3Settings.Endpoint("local",
        Optional.of(URI.create("http://127.0.0.1:" + server.getAddress().getPort())), true, S3Settings.Variant.PLAIN,
        S3Settings.Trust.SYSTEM, Optional.empty());
    return new S3Settings("bucket", "", endpoint,
        new S3Settings.Keys("key", "secret", Optional.empty()), new S3Settings.Writing(5 << 20,
            S3Settings.Copies.DEFAULT, new S3Settings.BucketsOwn(), Optional.empty(), Optional.empty()),
        Optional.empty());
  }

  @AfterEach
  void stop() {
    store.close();
    server.stop(0);
    threads.close();
  }

  private void answer(HttpExchange exchange) throws IOException {
    Matcher range = RANGE.matcher(Optional.ofNullable(exchange.getRequestHeaders().getFirst("Range")).orElse(""));
    boolean isPart = range.matches() && takesRanges;
    int from = isPart ? Integer.parseInt(range.group(1)) : 0;
    int to = isPart && !range.group(2).isEmpty() ? Integer.parseInt(range.group(2)) + 1 : CONTENT.length;
    if (givesTags) {
      exchange.getResponseHeaders().set("ETag", "\"e\"");
    }
    if (isPart) {
      exchange.getResponseHeaders().set("Content-Range", "bytes " + from + "-" + (to - 1) + "/" + CONTENT.length);
    }
    try (exchange) {
      exchange.sendResponseHeaders(isPart ? 206 : 200, saysLength ? to - from : 0);
      exchange.getResponseBody().write(CONTENT, from, to - from);
    } catch (IOException e) {
      brokenOff.countDown();
    }
  }

  private StoredObject whole() throws IOException {
    return store.open(BLOB, 0, Long.MAX_VALUE).orElseThrow();
  }

  @Test
  void aPartIsAskedForWhenNothingElseIsOnItsWayAnyMore() throws Exception {
    try (StoredObject object = whole(); InputStream in = object.read(20_000_000, 20_000_100)) {
      assertThat(in.readAllBytes()).isEqualTo(Arrays.copyOfRange(CONTENT, 20_000_000, 20_000_100));
      assertThat(brokenOff.await(20, TimeUnit.SECONDS)).as("the answer that nobody reads").isTrue();
    }
  }

  @Test
  void anAnswerThatIsNotThePartThatWasAskedForGivesNoBytes() throws IOException {
    takesRanges = false;
    try (StoredObject object = whole(); InputStream in = object.read(4_000_000, 4_000_100)) {
      assertThatThrownBy(in::readAllBytes).isInstanceOf(StoreUnavailableException.class)
          .hasMessageContaining("bytes from 4000000 on were asked for, and the answer is 200 without a range");
    }
    assertThatThrownBy(() -> store.open(BLOB, 4_000_000, Long.MAX_VALUE)).isInstanceOf(StoreUnavailableException.class);
  }

  @Test
  void whatCannotBeKnownToBeTheSameObjectIsNotGoneOnWith() throws IOException {
    givesTags = false;
    try (StoredObject object = whole(); InputStream in = object.read(4_000_000, 4_000_100)) {
      assertThatThrownBy(in::readAllBytes).isInstanceOf(StoreUnavailableException.class)
          .hasMessageContaining("no entity tag");
    }
  }

  @Test
  void anAnswerOfUnknownLengthIsRefusedAndGivenUp() throws Exception {
    saysLength = false;
    assertThatThrownBy(this::whole).isInstanceOf(StoreUnavailableException.class)
        .hasMessageContaining("does not say how long");
    assertThat(brokenOff.await(20, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void whatIsNotPlainlyTheObjectDoesNotArriveAndIsForTheSdk() throws IOException {
    givesTags = false;
    try (OneLoop loop = new OneLoop(); S3ObjectStore passing = loop.store(settings())) {
      try (StoredObject object = passing.openArriving(BLOB).orElseThrow(); InputStream in = object.read()) {
        assertThat(object.arriving()).isEmpty();
        assertThat(in.readNBytes(1_000)).isEqualTo(Arrays.copyOf(CONTENT, 1_000));
      }
    }
    givesTags = true;
    saysLength = false;
    try (OneLoop loop = new OneLoop(); S3ObjectStore passing = loop.store(settings())) {
      assertThatThrownBy(() -> passing.openArriving(BLOB)).isInstanceOf(StoreUnavailableException.class)
          .hasMessageContaining("does not say how long");
    }
  }
}
