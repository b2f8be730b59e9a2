package dev.weir.server.realclient;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.function.Supplier;

import javax.net.ssl.SSLContext;

/** weir in a JVM of its own, as {@code bin/weir serve CONFIG} runs it; it keeps its port over restarts. */
final class WeirProcess implements AutoCloseable {
  private final Path config;
  private final String storage;
  private final String sections;
  private final String tls;
  private final IntFunction<Wire> wires;
  private ServerProcess server;

  private WeirProcess(Path config, String storage, String sections, String tls, IntFunction<Wire> wires) {
    this.config = config;
    this.storage = storage;
    this.sections = sections;
    this.tls = tls;
    this.wires = wires;
    this.server = launch(0);
  }

  /**
   * @param directory where the configuration goes
   * @param root what weir serves and fills
   * @param sections YAML beside {@code http} and {@code storage}
   */
  static WeirProcess start(Path directory, Path root, String sections) {
    return start(directory, root, sections, "");
  }

  /** @param more YAML within {@code storage} */
  static WeirProcess start(Path directory, Path root, String sections, String more) {
    return startOn(directory, in(root, more), sections);
  }

  /** @param storage YAML of {@code storage} */
  static WeirProcess startOn(Path directory, String storage, String sections) {
    return new WeirProcess(directory.resolve("weir.yml"), storage, sections, "{}",
        port -> new Wire(URI.create("http://127.0.0.1:" + port)));
  }

  private static String in(Path root, String more) {
    try {
      Files.createDirectories(root);
    } catch (IOException e) {
      throw new UncheckedIOException("prepare " + root, e);
    }
    return "{filesystem: {rootdirectory: \"" + root + "\"}, delete: {enabled: true}"
        + (more.isEmpty() ? "" : ", " + more) + "}";
  }

  /**
   * Over TLS.
   *
   * @param tls YAML of {@code http.tls}
   * @param client trusts the server; asked for when that runs
   */
  static WeirProcess startTls(Path directory, Path root, String tls, String sections,
      Supplier<SSLContext> client) {
    return new WeirProcess(directory.resolve("weir.yml"), in(root, ""), sections, tls,
        port -> new Wire(URI.create("https://127.0.0.1:" + port), client.get()));
  }

  int port() {
    return server.port();
  }

  String hostAndPort() {
    return "127.0.0.1:" + port();
  }

  URI uri() {
    return URI.create("http://" + hostAndPort());
  }

  Wire wire() {
    return wires.apply(port());
  }

  ServerLog log() {
    return server.log();
  }

  /** SIGTERM; returns weir's exit status. */
  int stop() {
    return server.stop();
  }

  /** SIGKILL. */
  void kill() {
    server.kill();
  }

  /** Answers again, on the same port and from the same directory. */
  void start() {
    server = launch(server.port());
  }

  private ServerProcess launch(int port) {
    try {
      Files.writeString(config, """
          version: 0.1
          http: {addr: "127.0.0.1:%d", tls: %s}
          storage: %s
          %s""".formatted(port, tls, storage, sections));
    } catch (IOException e) {
      throw new UncheckedIOException("prepare " + config, e);
    }
    return ServerProcess.start(WeirProgram.command("serve", config.toString()),
        Map.of("NO_PROXY", "127.0.0.1", "no_proxy", "127.0.0.1"), wires);
  }

  @Override
  public void close() {
    server.kill();
  }
}
