package dev.weir.server.wiring;

import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

import dev.weir.server.http.RawClient;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

/** Clients of a TLS port that ask and ask, on connections that they keep and on new ones, until told to stop. */
final class DoorUnderLoad {
  private final int port;
  private final SSLContext trusting;
  private final Queue<String> failures = new ConcurrentLinkedQueue<>();
  private final AtomicLong answered = new AtomicLong();
  private final List<Thread> clients = new ArrayList<>();
  private volatile boolean enough;

  DoorUnderLoad(int port, SSLContext trusting) {
    this.port = port;
    this.trusting = trusting;
  }

  static String basic(String user, String password) {
    return "Authorization: Basic " + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(UTF_8));
  }

  /** One client on one connection, and one that comes anew each time; both must get 200, always. */
  void ask(String path, String header) {
    clients.add(Thread.ofVirtual().start(() -> goOn(path, header, true)));
    clients.add(Thread.ofVirtual().start(() -> goOn(path, header, false)));
  }

  private void goOn(String path, String header, boolean kept) {
    try {
      RawClient client = new RawClient(connect(trusting));
      while (!enough) {
        int status = client.get(path, header).status();
        if (status != 200) {
          failures.add(path + " answered " + status);
        }
        answered.incrementAndGet();
        if (!kept) {
          client.close();
          client = new RawClient(connect(trusting));
        }
      }
      client.close();
    } catch (IOException | RuntimeException e) {
      failures.add(path + ", " + (kept ? "connection kept" : "new connection") + ": " + e);
    }
  }

  SSLSocket connect(SSLContext client) throws IOException {
    SSLSocket socket = (SSLSocket) client.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(20_000);
    socket.startHandshake();
    return socket;
  }

  int status(String path, String header) throws IOException {
    try (RawClient client = new RawClient(connect(trusting))) {
      return client.get(path, header).status();
    }
  }

  /** How many requests were answered. */
  long answered() {
    assertThat(failures).isEmpty();
    return answered.get();
  }

  /** Stops them all. */
  void stop() throws InterruptedException {
    enough = true;
    for (Thread each : clients) {
      each.join();
    }
    assertThat(failures).isEmpty();
  }
}
