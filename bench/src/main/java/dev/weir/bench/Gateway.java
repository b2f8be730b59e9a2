package dev.weir.bench;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** Debian's radosgw, a real S3 with its data in memory, which all servers of a case keep theirs in; a bucket for each. */
final class Gateway implements AutoCloseable {
  private static final String BYTES = "10737418240";
  private static final int ATTEMPTS = 4;
  private static final String USER = "owner";
  private static final String SECRET = "owner-secret";

  private final Path home;
  private final int port;
  private final AtomicInteger buckets = new AtomicInteger();

  private Gateway(Path home, int port) {
    this.home = home;
    this.port = port;
  }

  /** It takes the two ports behind its own as well, which somebody may have. */
  static Gateway start() throws IOException, InterruptedException {
    Path home = Files.createTempDirectory("rgw").resolve("d"); // sockets lie in it, whose names may not be long
    IOException last = new IOException("never tried");
    for (int i = 0; i < ATTEMPTS; i++) {
      int port = freePort();
      try {
        Command.output(Map.of("RADOSGW_BYTES", BYTES),
            List.of(script(), "start", home.toString(), Integer.toString(port)));
        Gateway gateway = new Gateway(home, port);
        Runtime.getRuntime().addShutdownHook(new Thread(gateway::end));
        return gateway;
      } catch (IOException e) {
        last = e;
      }
    }
    throw last;
  }

  private static String script() {
    return Site.home().resolve("storage-s3/src/test/radosgw.sh").toString();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  /** A new bucket, as it stands in a configuration. */
  String bucket() throws IOException, InterruptedException {
    String name = "bench-" + buckets.incrementAndGet();
    Command.output("curl", "--silent", "--fail", "--aws-sigv4", "aws:amz:us-east-1:s3", "--user", USER + ":" + SECRET,
        "--header", "x-amz-content-sha256: UNSIGNED-PAYLOAD", "--request", "PUT",
        "http://127.0.0.1:" + port + "/" + name);
    return "{bucket: %s, region: us-east-1, regionendpoint: \"http://127.0.0.1:%d\", accesskey: %s, secretkey: %s, secure: false}"
        .formatted(name, port, USER, SECRET);
  }

  private void end() {
    try {
      close();
    } catch (IOException e) {
      System.err.println("radosgw goes on: " + e.getMessage());
    }
  }

  @Override
  public void close() throws IOException {
    try {
      if (Files.exists(home)) {
        Command.output(script(), "stop", home.toString());
        Files.deleteIfExists(home.getParent());
      }
    } catch (InterruptedException e) {
      throw new IOException("stopped while stopping radosgw", e);
    }
  }
}
