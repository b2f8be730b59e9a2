package dev.weir.server.http;

import java.io.IOException;
import java.lang.ref.WeakReference;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.util.ResourceLeakDetector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Every buffer is given back, whichever way a request ends. */
class LeakTest {
  private final Queue<String> leaks = new ConcurrentLinkedQueue<>();
  private final ResourceLeakDetector.Level before = ResourceLeakDetector.getLevel();

  @BeforeEach
  void watch() {
    ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.PARANOID);
    ByteBufUtil.setLeakListener((resourceType, records) -> leaks.add(resourceType + records));
  }

  @AfterEach
  void stopWatching() {
    ByteBufUtil.setLeakListener(null);
    ResourceLeakDetector.setLevel(before);
  }

  @Test
  void noBufferIsLost() throws Exception {
    RequestHandler handler = exchange -> {
      if (exchange.path().equals("/read")) {
        exchange.body().readAll(1 << 20);
      }
      if (exchange.path().equals("/some")) {
        exchange.body().next();
      }
      exchange.respond(200, Headers.NONE, new byte[1000]);
    };
    try (TestServer server = TestServer.of(handler)) {
      for (int i = 0; i < 20; i++) {
        for (String path : new String[]{"/read", "/some", "/none"}) {
          endInEveryWay(server, path);
        }
      }
    }
    reportLeaks();
    assertThat(leaks).isEmpty();
  }

  @Test
  void lostBufferWouldBeSeen() {
    lose();
    reportLeaks();
    assertThat(leaks).isNotEmpty();
  }

  private static void lose() {
    assertThat(ByteBufAllocator.DEFAULT.directBuffer(16).writeByte(1).isReadable()).isTrue();
  }

  private static void endInEveryWay(TestServer server, String path) throws IOException {
    String head = "PUT " + path + " HTTP/1.1\r\nHost: h\r\n";
    try (RawClient client = server.connect()) {
      client.send(head + "Content-Length: 100000\r\n\r\n").send(new byte[100_000]).read();
      client.send(head + "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\nGET / HTTP/1.1\r\n\r\n");
      client.read();
      client.read();
    }
    try (RawClient client = server.connect()) {
      client.send(head + "Content-Length: 100000\r\n\r\n").send(new byte[50_000]);
    }
    try (RawClient client = server.connect()) {
      client.send(head + "Content-Length: 100000\r\n\r\n").send(new byte[50_000]);
      client.reset();
    }
    try (RawClient client = server.connect()) {
      client.send(head + "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nzz\r\n").read();
    }
    try (RawClient client = server.connect()) {
      client.send("garbage\r\n\r\n").read();
    }
  }

  /** Leaks are found when the collector has been and another buffer is made. */
  private static void reportLeaks() {
    for (int i = 0; i < 3; i++) {
      WeakReference<Object> garbage = new WeakReference<>(new Object());
      while (garbage.get() != null) {
        System.gc();
      }
      for (int n = 0; n < 100; n++) {
        ByteBuf next = ByteBufAllocator.DEFAULT.directBuffer(16);
        next.release();
      }
    }
  }
}
