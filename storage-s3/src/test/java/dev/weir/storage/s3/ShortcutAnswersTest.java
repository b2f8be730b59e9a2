package dev.weir.storage.s3;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Answers byte by byte, from servers that are not as others: none is taken for another, and none costs much. */
class ShortcutAnswersTest {
  private static final long PATIENCE_MILLIS = 2_500;

  private final List<String> heads = new CopyOnWriteArrayList<>();
  private final AtomicInteger connections = new AtomicInteger();
  private volatile Script script = (request, out) -> {};
  private volatile boolean resets;
  private ServerSocket server;
  private OneLoop loop;
  private Shortcut shortcut;

  /** What becomes of each request. */
  @FunctionalInterface
  private interface Script {
    void answer(int request, OutputStream out) throws Exception;
  }

  @BeforeEach
  void start() throws IOException {
    server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofPlatform().daemon().start(this::accept);
    loop = new OneLoop();
    S3Settings settings = new S3Settings("bucket", "", new S3Settings.Endpoint("local",
        Optional.of(URI.create("http://127.0.0.1:" + server.getLocalPort())), true, S3Settings.Variant.PLAIN,
        S3Settings.Trust.SYSTEM, Optional.of("edge-7")), new S3Settings.Keys("key", "secret", Optional.empty()),
        new S3Settings.Writing(5 << 20, S3Settings.Copies.DEFAULT, new S3Settings.BucketsOwn(), Optional.empty(),
            Optional.empty()),
        Optional.empty());
    shortcut = new Connections(settings, List.of()).shortcut(loop.sockets());
  }

  @AfterEach
  void stop() throws IOException {
    shortcut.close();
    loop.close();
    server.close();
  }

  private void accept() {
    while (true) {
      try {
        Socket client = server.accept();
        connections.incrementAndGet();
        Thread.ofPlatform().daemon().start(() -> serve(client));
      } catch (IOException e) {
        return;
      }
    }
  }

  private void serve(Socket client) {
    try (client) {
      client.setTcpNoDelay(true);
      if (resets) {
        client.setSoLinger(true, 0);
        return;
      }
      for (String head = head(client); !head.isEmpty(); head = head(client)) {
        heads.add(head);
        script.answer(heads.size(), client.getOutputStream());
      }
    } catch (Exception e) {
      return; // somebody left
    }
  }

  private static String head(Socket client) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
      int next = client.getInputStream().read();
      if (next < 0) {
        return "";
      }
      head.write(next);
    }
    return head.toString(StandardCharsets.ISO_8859_1);
  }

  private static void say(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  private static String object(String content) {
    return beginning(content.length()) + content;
  }

  private static String beginning(int length) {
    return "HTTP/1.1 200 OK\r\nContent-Length: " + length + "\r\nETag: \"e\"\r\n\r\n";
  }

  private Optional<String> asked(String key) {
    return shortcut.ask(key).map(found -> {
      Keeper keeper = new Keeper(true);
      found.arrival().to(keeper);
      assertThat(keeper.awaitEnd()).isEmpty();
      assertThat(keeper.bytes()).hasSize((int) found.size());
      return new String(keeper.bytes(), StandardCharsets.ISO_8859_1);
    });
  }

  @ParameterizedTest
  @ValueSource(strings = {"100 Continue", "102 Processing", "103 Early Hints", "101 Switching Protocols"})
  void whatComesBeforeAnAnswerIsNoneAndTheAnswerIsForNobodyElse(String line) throws Exception {
    script = (request, out) -> {
      if (request == 1) {
        say(out, "HTTP/1.1 " + line + "\r\n\r\n");
        Thread.sleep(300);
        say(out, object("of the first"));
      } else {
        say(out, object("second"));
      }
    };
    assertThat(asked("first")).isEmpty();
    assertThat(connectionsOf("second")).isEqualTo(2);
  }

  /** Which asks as soon as it may, of however many connections there were by then. */
  private int connectionsOf(String content) {
    shortcut.dare();
    assertThat(asked(content)).hasValue(content);
    return connections.get();
  }

  @ParameterizedTest
  @ValueSource(strings = {"503 Slow Down", "403 Forbidden", "206 Partial Content", "301 Moved Permanently"})
  void whoRefusesIsNotAskedAgainSoonByAConnectionThatRested(String line) throws Exception {
    script = (request, out) -> say(out,
        request == 1 ? object("first") : "HTTP/1.1 " + line + "\r\nContent-Length: 3\r\nETag: \"e\"\r\n\r\nno!");
    assertThat(asked("first")).hasValue("first");
    for (int i = 0; i < 5; i++) {
      assertThat(asked("again")).isEmpty();
    }
    assertThat(heads).hasSize(2);
  }

  @Test
  void whoIsSilentIsWaitedForOnce() throws Exception {
    script = (request, out) -> {
      if (request == 1) {
        say(out, object("first"));
      } else {
        Thread.sleep(20_000);
      }
    };
    assertThat(asked("first")).hasValue("first");
    assertThat(asked("again")).isEmpty();
    long before = System.nanoTime();
    assertThat(asked("again")).isEmpty();
    assertThat((System.nanoTime() - before) / 1_000_000).isLessThan(PATIENCE_MILLIS);
  }

  @Test
  void oneThatIsMissingSaysNothingOfOthers() throws Exception {
    script = (request, out) -> say(out,
        request == 1 ? "HTTP/1.1 404 Not Found\r\nContent-Length: 3\r\n\r\nno!" : object("other"));
    assertThat(asked("missing")).isEmpty();
    assertThat(asked("other")).hasValue("other");
  }

  @Test
  void whoIsInterruptedLeavesTheWayOpenForOthers() throws Exception {
    script = (request, out) -> say(out, object("other"));
    Thread.currentThread().interrupt();
    assertThat(asked("mine")).isEmpty();
    assertThat(Thread.interrupted()).isTrue();
    assertThat(asked("other")).hasValue("other");
  }

  @Test
  void connectionsThatEndBeforeTheyAreUsedCostNoWaiting() throws Exception {
    resets = true;
    for (int i = 0; i < 200; i++) {
      shortcut.dare();
      long before = System.nanoTime();
      assertThat(shortcut.ask("any")).isEmpty();
      assertThat((System.nanoTime() - before) / 1_000_000).as("try " + i).isLessThan(PATIENCE_MILLIS);
    }
  }

  @Test
  void ofSmallPiecesNoMoreIsReadThanWasTaken() throws Exception {
    script = (request, out) -> {
      say(out, beginning(100 << 20));
      for (int i = 0; i < 600; i++) {
        Thread.sleep(2);
        out.write(new byte[1_000]);
      }
      Thread.sleep(20_000);
    };
    long before = direct();
    Shortcut.Found found = shortcut.ask("large").orElseThrow();
    Keeper keeper = new Keeper(false);
    found.arrival().to(keeper);
    Thread.sleep(2_000); // by then all are sent
    assertThat(keeper.bytes().length).isBetween(1, 100_000);
    assertThat((direct() - before) >> 20).as("MiB").isLessThan(10);
    found.arrival().close();
    keeper.giveBack();
  }

  private static long direct() {
    return ((ByteBufAllocatorMetricProvider) ByteBufAllocator.DEFAULT).metric().usedDirectMemory();
  }

  @Test
  void onceTheLoopHasEndedNothingThrowsOrWaits() throws Exception {
    script = (request, out) -> {
      say(out, beginning(100 << 20));
      out.write(new byte[1 << 20]);
      Thread.sleep(20_000);
    };
    Shortcut.Found found = shortcut.ask("large").orElseThrow();
    Keeper keeper = new Keeper(false);
    found.arrival().to(keeper);
    for (int i = 0; i < 200 && keeper.bytes().length == 0; i++) {
      Thread.sleep(50);
    }
    loop.close();
    assertThat(keeper.awaitEnd()).isPresent();
    keeper.giveBack();
    found.arrival().close();
    assertThat(shortcut.ask("another")).isEmpty();
  }

  @Test
  void itSaysWhoAsksAsTheSdkDoes() throws Exception {
    script = (request, out) -> say(out, object("any"));
    assertThat(asked("any")).hasValue("any");
    assertThat(heads.getFirst()).contains("\r\nuser-agent: edge-7 weir\r\n");
  }
}
