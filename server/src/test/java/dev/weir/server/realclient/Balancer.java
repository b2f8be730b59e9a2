package dev.weir.server.realclient;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

/** Debian's nginx, which gives each request to another of several servers; bodies pass through as they come. */
final class Balancer implements AutoCloseable {
  static final String PROGRAM = "nginx";
  private static final Duration START_LIMIT = Duration.ofSeconds(60);
  private static final int ATTEMPTS = 5;

  private final Process process;
  private final int port;

  private Balancer(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /** @param directory for its configuration and what it writes */
  static Balancer over(Path directory, List<Integer> ports) {
    for (int i = 0; i < ATTEMPTS; i++) {
      int port = freePort();
      Process process = launch(directory, port, ports);
      if (answers(process, port)) {
        return new Balancer(process, port);
      }
      process.destroyForcibly();
    }
    throw new AssertionError("nginx does not start; see " + directory.resolve("nginx.log"));
  }

  private static Process launch(Path directory, int port, List<Integer> ports) {
    try {
      Path config = Files.writeString(Files.createDirectories(directory).resolve("nginx.conf"),
          configuration(directory, port, ports));
      Process process = new ProcessBuilder(PROGRAM, "-p", directory.toString(), "-c", config.toString(), "-e", "stderr")
          .redirectErrorStream(true).redirectOutput(directory.resolve("nginx.log").toFile()).start();
      Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
      return process;
    } catch (IOException e) {
      throw new UncheckedIOException("start nginx in " + directory, e);
    }
  }

  /** A server that refuses a connection is left alone for a second; its request goes to the next, if nothing was sent yet. */
  private static String configuration(Path directory, int port, List<Integer> ports) {
    return """
        daemon off;
        master_process off;
        pid %1$s/nginx.pid;
        error_log stderr warn;
        events { worker_connections 1024; }
        http {
          access_log off;
          client_max_body_size 0;
          client_body_temp_path %1$s/body;
          proxy_temp_path %1$s/proxy;
          fastcgi_temp_path %1$s/fastcgi;
          uwsgi_temp_path %1$s/uwsgi;
          scgi_temp_path %1$s/scgi;
          upstream weirs { %3$s }
          server {
            listen 127.0.0.1:%2$d;
            location / {
              proxy_pass http://weirs;
              proxy_http_version 1.1;
              proxy_set_header Host $http_host;
              proxy_request_buffering off;
              proxy_buffering off;
            }
          }
        }
        """.formatted(directory, port, ports.stream()
        .map(each -> "server 127.0.0.1:" + each + " max_fails=1 fail_timeout=1s;").collect(Collectors.joining(" ")));
  }

  private static boolean answers(Process process, int port) {
    long start = System.nanoTime();
    while (process.isAlive() && System.nanoTime() - start < START_LIMIT.toNanos()) {
      try (Socket socket = new Socket()) {
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        return true;
      } catch (IOException e) {
        LockSupport.parkNanos(5_000_000);
      }
    }
    return false;
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String hostAndPort() {
    return "127.0.0.1:" + port;
  }

  URI uri() {
    return URI.create("http://" + hostAndPort());
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      throw new AssertionError("interrupted while stopping nginx", e);
    }
  }
}
