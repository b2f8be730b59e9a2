package dev.weir.server.wiring;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.weir.server.config.ConfigLoader;
import dev.weir.server.tls.Issued;
import dev.weir.server.tls.TestCertificates;
import dev.weir.server.tls.TlsFiles;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

/** Certificate and key replaced in every way there is, while clients come and go. */
class TlsReloadTest {
  /** weir promises two seconds; a machine under tests has more of them. */
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final byte[] REQUEST = "GET /v2/ HTTP/1.1\r\nHost: weir\r\n\r\n".getBytes(US_ASCII);

  @TempDir private Path folder;
  @SuppressWarnings("NullAway.Init") // set before each test
  private TestCertificates ca;
  @SuppressWarnings("NullAway.Init") // set before each test
  private TlsFiles files;
  private volatile boolean enough;
  private final Queue<Exception> failures = new ConcurrentLinkedQueue<>();
  private final AtomicLong answered = new AtomicLong();
  @SuppressWarnings("NullAway.Init") // every test starts its own
  private Weir weir;

  @BeforeEach
  void issue() throws IOException {
    ca = TestCertificates.in(folder.resolve("ca"));
    files = ca.write("tls", ca.local());
  }

  @AfterEach
  void stop() {
    weir.close();
  }

  private void start(String provider) throws Exception {
    Path config = Files.writeString(folder.resolve("weir.yml"), """
        http: {addr: "127.0.0.1:0", tls: {certificate: "%s", key: "%s", provider: %s}}
        storage: {filesystem: {rootdirectory: "%s"}}
        """.formatted(files.certificate(), files.key(), provider, folder.resolve("data")));
    Files.createDirectories(folder.resolve("data"));
    weir = Weir.start(ConfigLoader.load(config, Map.of()).config(), Map.of());
  }

  @ParameterizedTest
  @ValueSource(strings = {"auto", "jdk"})
  void noRequestFailsAndTheNewCertificateIsServed(String provider) throws Exception {
    start(provider);
    SSLContext client = ca.client();
    List<Thread> clients = IntStream.range(0, 4)
        .mapToObj(i -> Thread.ofVirtual().start(() -> goOn(client, i == 0))).toList();
    for (int round = 0; round < 3; round++) {
      Issued next = ca.local();
      X509Certificate before = served();
      Files.writeString(files.key(), next.keyPem().substring(0, 60));
      awaitRequests(20);
      Files.writeString(files.key(), next.keyPem());
      awaitRequests(20);
      assertThat(served()).as("while only the key is new").isEqualTo(before);
      Files.writeString(files.certificate(), next.certificatePem());
      awaitServed(next.certificate());
      Files.delete(files.certificate());
      awaitRequests(20);
      assertThat(served()).as("while there is no file").isEqualTo(next.certificate());
      Files.writeString(files.certificate(), next.certificatePem());
    }
    enough = true;
    for (Thread each : clients) {
      each.join();
    }
    assertThat(failures).isEmpty();
    assertThat(answered.get()).isGreaterThan(100);
  }

  private void goOn(SSLContext client, boolean onOneConnection) {
    try {
      SSLSocket socket = connect(client);
      while (!enough) {
        ask(socket);
        answered.incrementAndGet();
        if (!onOneConnection) {
          socket.close();
          socket = connect(client);
        }
      }
      socket.close();
    } catch (Exception e) {
      failures.add(e);
    }
  }

  private void awaitRequests(long count) throws InterruptedException {
    long target = answered.get() + count;
    Instant deadline = Instant.now().plus(SOON);
    while (answered.get() < target && failures.isEmpty()) {
      assertThat(Instant.now()).isBefore(deadline);
      Thread.sleep(5);
    }
  }

  private void awaitServed(X509Certificate expected) throws Exception {
    Instant deadline = Instant.now().plus(SOON);
    while (!served().equals(expected)) {
      assertThat(Instant.now()).as("the new certificate is not served").isBefore(deadline);
      Thread.sleep(20);
    }
  }

  /** By a client that remembers no session. */
  private Certificate served(SSLContext fresh) throws IOException {
    try (SSLSocket socket = connect(fresh)) {
      return socket.getSession().getPeerCertificates()[0];
    }
  }

  private X509Certificate served() throws Exception {
    return (X509Certificate) served(ca.client());
  }

  private SSLSocket connect(SSLContext client) throws IOException {
    SSLSocket socket = (SSLSocket) client.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), weir
        .port());
    socket.setSoTimeout(20_000);
    socket.startHandshake();
    return socket;
  }

  private static void ask(SSLSocket socket) throws IOException {
    socket.getOutputStream().write(REQUEST);
    byte[] head = socket.getInputStream().readNBytes(15);
    if (!new String(head, US_ASCII).equals("HTTP/1.1 200 OK")) {
      throw new IOException("answered " + new String(head, US_ASCII));
    }
    String rest = "";
    while (!rest.endsWith("\r\n\r\n{}")) {
      int next = socket.getInputStream().read();
      if (next < 0) {
        throw new IOException("cut after " + rest);
      }
      rest += (char) next;
    }
  }
}
