package dev.weir.server.http;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.weir.auth.Who;
import dev.weir.server.cache.BlobBody;
import dev.weir.server.cache.Downloads;
import dev.weir.server.cache.Persistence;
import dev.weir.server.cache.RecordedEvents;
import dev.weir.server.http.RawClient.Reply;
import dev.weir.server.oci.ByteRange;
import dev.weir.server.oci.ErrorCode;
import dev.weir.server.oci.RegistryException;
import dev.weir.server.pullthrough.Await;
import dev.weir.storage.Content;
import dev.weir.storage.ContentListener;
import dev.weir.storage.DamagedBlobs;
import dev.weir.storage.Digest;
import dev.weir.storage.ObjectStore;
import dev.weir.storage.RepositoryName;
import dev.weir.storage.fs.FsObjectStore;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

/** Whether a blob is looked up again, that nobody could tell from the answer, and that no file stays open for it. */
class RecentBlobsTest {
  private static final RepositoryName NAME = RepositoryName.parse("team/app");
  private static final Duration NO_PATIENCE = Duration.ofMillis(300);
  /** Far more than the sockets' buffers hold. */
  private static final int LARGE = 24 << 20;
  private static final int SLOW = 200;

  @TempDir private Path folder;
  private final AtomicInteger handled = new AtomicInteger();
  private final AtomicInteger repeated = new AtomicInteger();
  private final AtomicLong nanoTime = new AtomicLong();
  private final BlockingQueue<IOException> failures = new LinkedBlockingQueue<>();
  @SuppressWarnings("NullAway.Init") // set before each test
  private ObjectStore store;
  @SuppressWarnings("NullAway.Init") // set before each test
  private Content content;
  @SuppressWarnings("NullAway.Init") // set before each test
  private Downloads downloads;
  @SuppressWarnings("NullAway.Init") // set before each test
  private RecentAnswers recent;
  @SuppressWarnings("NullAway.Init") // set before each test
  private TestServer server;

  @BeforeEach
  void start() throws IOException {
    store = new FsObjectStore(folder.resolve("data"));
    content = Content.of(store);
    downloads = new Downloads(content.blobs(), folder.resolve("partial"), new RecordedEvents(), Persistence.DEFAULT,
        new Random(1));
    recent = new RecentAnswers(Duration.ofMinutes(1), content.changes()::count, nanoTime::get);
    content.changes().listen(recent::dropFiles);
    server = TestServer.of(this::handle, recent);
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
    downloads.close();
  }

  /** Starts anew. */
  private void start(RequestHandler handler, HttpLimits limits) throws IOException {
    server.close();
    server = TestServer.of(handler, recent, limits);
  }

  /** As a registry does: a blob for whoever may have it, and a word about anything else. */
  private void handle(Exchange exchange) throws IOException {
    handled.incrementAndGet();
    exchange.identify(new Who.User("ann"));
    exchange.always("X-Api", "one");
    String path = exchange.path();
    if (!path.startsWith("/blobs/")) {
      exchange.respond(200, Headers.NONE, path.getBytes(ISO_8859_1));
      return;
    }
    Digest digest = digest(path);
    try (BlobBody body = found(digest)) {
      exchange.allowRepeating(new Counting());
      Optional<ByteRange> range = exchange.header("Range").isPresent()
          ? ByteRange.parse(exchange.header("Range").get(), body.size())
          : Optional.empty();
      exchange.send(range.isPresent() ? 206 : 200, Headers.of("Docker-Content-Digest", digest.toString()), body,
          range.orElse(ByteRange.whole(body.size())));
    }
  }

  private BlobBody found(Digest digest) throws IOException {
    Optional<BlobBody> found = content.blobs().isLinked(NAME, digest)
        ? downloads.held(digest, digest, List::of, Duration.ofSeconds(1))
        : Optional.empty();
    return found.orElseThrow(() -> new RegistryException(ErrorCode.BLOB_UNKNOWN, "no blob " + digest));
  }

  private final class Counting implements Repetition {
    @Override
    public void begun() {
      repeated.incrementAndGet();
    }

    @Override
    public void failed(IOException why) {
      failures.add(why);
    }
  }

  private static byte[] random(int size, int seed) {
    byte[] bytes = new byte[size];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  /** Puts it into the store. Returns where it is asked for. */
  private String hold(byte[] bytes) throws IOException {
    Digest digest = Digest.sha256(bytes);
    content.blobs().commit(digest, Files.write(Files.createTempFile(folder, "blob", ""), bytes));
    content.blobs().link(NAME, digest);
    return "/blobs/" + digest;
  }

  private static Digest digest(String path) {
    return Digest.parse(path.substring("/blobs/".length()));
  }

  /** Asks, so that whoever asks next is given the same. */
  private void workOut(String path) throws Exception {
    try (RawClient client = server.connect()) {
      assertThat(client.get(path).status()).isEqualTo(200);
    }
    server.nextAnswer();
  }

  private int status(String path) throws IOException {
    try (RawClient client = server.connect()) {
      return client.get(path).status();
    }
  }

  private RawClient slowClient(String path) throws IOException {
    return server.connect().send("GET " + path + " HTTP/1.1\r\nHost: weir\r\n\r\n");
  }

  private static String withoutDate(Reply reply) {
    return reply.status() + "\n"
        + String.join("\n", reply.lines().stream().filter(line -> !line.startsWith("date:")).toList()) + "\n"
        + new String(reply.body(), ISO_8859_1);
  }

  /** Files of the store that this process has open. */
  private long openFiles() {
    try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
      return all.filter(this::isOfTheStore).count();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private boolean isOfTheStore(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).startsWith(folder.resolve("data"));
    } catch (NoSuchFileException e) {
      return false; // closed by now
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private void awaitNoOpenFile() {
    Await.until("all files are closed", () -> recent.files() == 0 && openFiles() == 0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Range: bytes=0-", "Range: bytes=100-199", "Range: bytes=-7", "Range: bytes=1-3,5-9"})
  void sameRequestGetsTheSameAnswerWithoutAnybodyBeingAsked(String header) throws Exception {
    String path = hold(random(300_000, 1));
    String[] headers = header.isEmpty() ? new String[0] : new String[]{header};
    try (RawClient client = server.connect(); RawClient other = server.connect()) {
      Reply worked = client.get(path, headers);
      Answer first = server.nextAnswer();
      assertThat(first.user()).isEqualTo("ann");
      for (int i = 0; i < 3; i++) {
        Reply again = other.get(path, headers);
        assertThat(withoutDate(again)).isEqualTo(withoutDate(worked)).contains("X-Api: one");
        assertThat(again.headers("date")).hasSize(1).allMatch(date -> date.endsWith(" GMT"));
        assertThat(server.nextAnswer()).usingRecursiveComparison().ignoringFields("took", "requestId")
            .isEqualTo(first);
      }
    }
    assertThat(handled).hasValue(1);
    assertThat(repeated).hasValue(3);
  }

  @Test
  void anotherRangeIsWorkedOut() throws Exception {
    byte[] bytes = random(1000, 2);
    String path = hold(bytes);
    workOut(path);
    try (RawClient client = server.connect()) {
      assertThat(client.get(path, "Range: bytes=10-19").body()).isEqualTo(Arrays.copyOfRange(bytes, 10, 20));
    }
    assertThat(handled).hasValue(2);
  }

  @Test
  void pipelinedRequestsAreAnsweredInOrderWhicheverWay() throws Exception {
    byte[] bytes = random(200_000, 3);
    String path = hold(bytes);
    workOut(path);
    StringBuilder all = new StringBuilder();
    for (int i = 0; i < 30; i++) {
      all.append("GET ").append(i % 3 == 0 ? "/word" + i : path).append(" HTTP/1.1\r\nHost: weir\r\n\r\n");
    }
    try (RawClient client = server.connect()) {
      client.send(all.toString());
      for (int i = 0; i < 30; i++) {
        assertThat(client.read().body()).isEqualTo(i % 3 == 0 ? ("/word" + i).getBytes(ISO_8859_1) : bytes);
      }
    }
    assertThat(repeated).hasValue(20);
  }

  @Test
  void deletedBlobIsGoneAtOnceAndItsFileClosed() throws Exception {
    String path = hold(random(1000, 4));
    workOut(path);
    assertThat(recent.files()).isEqualTo(1);

    assertThat(content.blobs().delete(digest(path))).isTrue();
    assertThat(recent.files()).isZero();
    assertThat(status(path)).isEqualTo(404);
    awaitNoOpenFile();
  }

  @Test
  void blobThatIsTakenFromTheRepositoryIsGoneAtOnce() throws Exception {
    String path = hold(random(1000, 5));
    workOut(path);
    assertThat(content.blobs().unlink(NAME, digest(path))).isTrue();
    assertThat(status(path)).isEqualTo(404);
  }

  @Test
  void blobThatIsSetAsideForBeingDamagedIsGoneAtOnce() throws Exception {
    String path = hold(random(1000, 6));
    workOut(path);
    assertThat(new DamagedBlobs(store, ContentListener.NONE, content.changes()).setAside(digest(path))).isTrue();
    assertThat(status(path)).isEqualTo(404);
    awaitNoOpenFile();
  }

  @Test
  void whoeverIsBeingSentABlobGetsAllOfItWhenItIsDeleted() throws Exception {
    byte[] bytes = random(LARGE, 7);
    String path = hold(bytes);
    workOut(path);
    try (RawClient slow = slowClient(path)) {
      assertThat(slow.readHead().status()).isEqualTo(200);
      content.blobs().delete(digest(path));
      assertThat(slow.readBytes(LARGE)).isEqualTo(bytes);
    }
    assertThat(repeated).hasValue(1);
    awaitNoOpenFile();
  }

  @Test
  void nothingIsKeptOpenOnceNobodyAsks() throws Exception {
    String path = hold(random(1000, 8));
    workOut(path);
    assertThat(openFiles()).isEqualTo(1);
    awaitNoOpenFile();
    for (int i = 0; i < 3; i++) {
      workOut(path);
    }
    assertThat(handled).as("once more, though the clock stands, and then kept anew").hasValue(2);
  }

  @Test
  void momentIsHalfASecond() throws Exception {
    String path = hold(random(1000, 9));
    workOut(path);
    nanoTime.addAndGet(Duration.ofMillis(501).toNanos());
    workOut(path);
    assertThat(handled).hasValue(2);
  }

  @Test
  void filesThatAreKeptOpenAreBounded() throws Exception {
    List<String> paths = new ArrayList<>();
    for (int i = 0; i < 3 * RecentAnswers.MOST_FILES; i++) {
      paths.add(hold(random(100, 1000 + i)));
    }
    try (RawClient client = server.connect()) {
      for (String path : paths) {
        assertThat(client.get(path).status()).isEqualTo(200);
        assertThat(recent.files()).isLessThanOrEqualTo(RecentAnswers.MOST_FILES);
      }
    }
    awaitNoOpenFile();
  }

  @Test
  void clientsThatLeaveGiveTheirFilesBack() throws Exception {
    String path = hold(random(LARGE, 10));
    workOut(path);
    for (int i = 0; i < 20; i++) {
      RawClient leaving = slowClient(path);
      leaving.readBytes(1000);
      if (i % 2 == 0) {
        leaving.reset();
      } else {
        leaving.close();
      }
    }
    for (int i = 0; i < 20; i++) {
      assertThat(server.nextAnswer().bytes()).isLessThan(LARGE);
      assertThat(failures.poll(20, TimeUnit.SECONDS)).isNotNull();
    }
    assertThat(handled).hasValue(1);
    awaitNoOpenFile();
  }

  @Test
  void clientThatTakesNothingIsCut() throws Exception {
    start(this::handle, new HttpLimits(8 << 10, 32 << 10, Duration.ofSeconds(30), Duration.ofSeconds(30),
        Duration.ofSeconds(30), NO_PATIENCE, 0, NO_PATIENCE, 0, 0));
    String path = hold(random(LARGE, 11));
    workOut(path);
    try (RawClient crawling = slowClient(path)) {
      assertThat(server.nextAnswer().bytes()).isLessThan(LARGE);
      assertThat(crawling.readToEnd().length).isLessThan(LARGE);
    }
    assertThat(repeated).hasValue(1);
    awaitNoOpenFile();
  }

  @Test
  void twoHundredSlowClientsKeepNobodyElseWaiting() throws Exception {
    byte[] bytes = random(4 << 20, 12);
    String path = hold(bytes);
    workOut(path);
    List<RawClient> crowd = new ArrayList<>();
    try {
      for (int i = 0; i < SLOW; i++) {
        crowd.add(slowClient(path));
      }
      for (RawClient each : crowd) {
        assertThat(each.readHead().status()).isEqualTo(200);
      }
      assertThat(handled.get() + repeated.get()).isEqualTo(1 + SLOW);
      assertThat(repeated).hasPositiveValue();
      assertThat(status("/word")).isEqualTo(200);
      for (RawClient each : crowd) {
        assertThat(each.readBytes(bytes.length)).isEqualTo(bytes);
        assertThat(each.get("/again").text()).isEqualTo("/again");
      }
    } finally {
      for (RawClient each : crowd) {
        each.close();
      }
    }
    awaitNoOpenFile();
  }

  @Test
  void oneThatBeginsTakesAPlaceAmongTheRequestsAtWork() throws Exception {
    start(RequestLimit.of(1, this::handle, nanoTime::get), TestServer.LIMITS);
    String path = hold(random(LARGE, 13));
    workOut(path);
    try (RawClient slow = slowClient(path); RawClient other = server.connect()) {
      assertThat(slow.readHead().status()).isEqualTo(200);
      other.send("GET " + path + " HTTP/1.1\r\nHost: weir\r\n\r\n");
      assertThat(other.readHead().status()).isEqualTo(429);
      assertThat(server.nextAnswer().status()).isEqualTo(429);
      slow.readBytes(LARGE);
      assertThat(server.nextAnswer().status()).isEqualTo(200);
      assertThat(other.get(path).status()).isEqualTo(200);
    }
    assertThat(repeated).hasValue(2);
    assertThat(handled).hasValue(1);
  }

  @Test
  void fileThatIsShorterThanItWasEndsTheConnectionAndIsToldOf() throws Exception {
    String path = hold(random(100_000, 14));
    workOut(path);
    try (Stream<Path> all = Files.walk(folder.resolve("data"))) {
      Path data = all.filter(file -> file.endsWith(digest(path).hex() + "/data")).findFirst().orElseThrow();
      try (FileChannel file = FileChannel.open(data, StandardOpenOption.WRITE)) {
        file.truncate(50_000);
      }
    }
    try (RawClient client = server.connect()) {
      client.send("GET " + path + " HTTP/1.1\r\nHost: weir\r\n\r\n");
      assertThat(client.readToEnd().length).isLessThan(100_000);
    }
    assertThat(failures.poll(20, TimeUnit.SECONDS)).isNotNull();
    assertThat(server.nextAnswer().bytes()).isEqualTo(50_000);
    awaitNoOpenFile();
  }

  @Test
  void connectionEndsBehindABlobWhenTheServerStops() throws Exception {
    byte[] bytes = random(LARGE, 15);
    String path = hold(bytes);
    start(this::handle, HttpLimits.DEFAULT.withDrainTimeout(Duration.ofSeconds(20)));
    workOut(path);
    try (RawClient slow = slowClient(path)) {
      assertThat(slow.readHead().status()).isEqualTo(200);
      Thread closing = Thread.ofVirtual().start(() -> server.server().close());
      assertThat(slow.readBytes(LARGE)).isEqualTo(bytes);
      assertThat(slow.readToEnd()).isEmpty();
      assertThat(closing.join(Duration.ofSeconds(20))).isTrue();
    }
  }
}
