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
  private final Path root;
  private final String sections;
  private final String storage;
  private final String tls;
  private final IntFunction<Wire> wires;
  private ServerProcess server;

  private WeirProcess(Path config, Path root, String sections, String storage, String tls, IntFunction<Wire> wires) {
    this.config = config;
    this.root = root;
    this.sections = sections;
    this.storage = storage;
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

  /** @param storage YAML within {@code storage} */
  static WeirProcess start(Path directory, Path root, String sections, String storage) {
    return new WeirProcess(directory.resolve("weir.yml"), root, sections, storage, "{}",
        port -> new Wire(URI.create("http://127.0.0.1:" + port)));
  }

  /**
   * Over TLS.
   *
   * @param tls YAML of {@code http.tls}
   * @param client trusts the server; asked for when that runs
   */
  static WeirProcess startTls(Path directory, Path root, String tls, String sections,
      Supplier<SSLContext> client) {
    return new WeirProcess(directory.resolve("weir.yml"), root, sections, "", tls,
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
      Files.createDirectories(root);
      Files.writeString(config, """
          version: 0.1
          http: {addr: "127.0.0.1:%d", tls: %s}
          storage: {filesystem: {rootdirectory: "%s"}, delete: {enabled: true}%s}
          %s"""
          .formatted(port, tls, root, storage.isEmpty() ? "" : ", " + storage, sections));
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
