package dev.weir.server.http;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ref.WeakReference;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import javax.net.ssl.SSLContext;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.util.ResourceLeakDetector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import dev.weir.server.tls.TestCertificates;
import dev.weir.server.tls.TlsSettings;
import dev.weir.storage.Digest;

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

  @ParameterizedTest
  @EnumSource
  void noBufferIsLostOverTls(TlsSettings.Provider provider, @TempDir Path folder) throws Exception {
    TestCertificates ca = TestCertificates.in(folder.resolve("ca"));
    FakeRegistry registry = new FakeRegistry();
    byte[] content = new byte[3 << 20];
    registry.blobs.put(Digest.sha256(content), () -> whole(folder, content));
    TlsSettings settings = new TlsSettings(TlsSettings.Minimum.TLS_1_2, List.of(),
        TlsSettings.ClientAuthentication.NONE, provider);
    try (TlsSetup setup = TlsSetup.of(settings, ca.material(ca.local()));
        TestServer server = TestServer.tls(setup, TestServer.registry(registry))) {
      SSLContext client = ca.client();
      for (int i = 0; i < 10; i++) {
        endInEveryWayOverTls(server, client, "/v2/team/app/blobs/" + Digest.sha256(content));
        setup.replace(ca.material(ca.local()));
      }
    }
    reportLeaks();
    assertThat(leaks).isEmpty();
  }

  private static void endInEveryWayOverTls(TestServer server, SSLContext client, String blob) throws IOException {
    try (RawClient whole = new RawClient(tls(server, client))) {
      assertThat(whole.get(blob).body()).hasSize(3 << 20);
      assertThat(whole.get("/v2/").status()).isEqualTo(200);
    }
    try (RawClient leaver = new RawClient(tls(server, client))) {
      leaver.send("GET " + blob + " HTTP/1.1\r\nHost: h\r\n\r\n").readHead();
    }
    try (RawClient pusher = new RawClient(tls(server, client))) {
      pusher.send("PUT /v2/team/app/manifests/a HTTP/1.1\r\nHost: h\r\nContent-Length: 100000\r\n\r\n")
          .send(new byte[50_000]);
    }
    try (RawClient plain = server.connect()) {
      plain.get("/v2/");
    }
    try (RawClient half = server.connect()) {
      half.send(new byte[]{0x16, 3, 1, 2, 0, 1, 0});
      half.reset();
    }
    try (RawClient nonsense = server.connect()) {
      nonsense.send(new byte[]{0x16, 3, 1, 0, 2, 1, 0, 9, 9, 9, 9, 9, 9, 9}).readToEnd();
    }
  }

  private static TestBlob whole(Path folder, byte[] content) {
    try {
      return new TestBlob(folder, content).arriveWhole();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Socket tls(TestServer server, SSLContext client) throws IOException {
    return client.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), server.server().port());
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
