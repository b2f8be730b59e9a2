package dev.weir.server.realclient;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** Debian's docker-registry on a directory; once started it keeps its port over {@link #stop} and {@link #start}. */
final class DockerRegistryProcess implements AutoCloseable {
  static final String PROGRAM = "docker-registry";
  private static final Pattern ACCESS = Pattern.compile("\"((?:GET|HEAD) \\S+) HTTP/1.1\" \\d+");

  private final Path config;
  private final String storage;
  private final List<String> requestsBefore = new ArrayList<>();
  private ServerProcess server;

  private DockerRegistryProcess(Path config, String storage) {
    this.config = config;
    this.storage = storage;
    this.server = launch(0);
  }

  /**
   * @param directory where the configuration goes
   * @param root registry:2's root directory, existing or not
   */
  static DockerRegistryProcess start(Path directory, Path root) {
    try {
      Files.createDirectories(root);
    } catch (IOException e) {
      throw new UncheckedIOException("prepare " + root, e);
    }
    return startOn(directory, "{filesystem: {rootdirectory: \"" + root + "\"}, delete: {enabled: true}}");
  }

  /** @param storage YAML of {@code storage} */
  static DockerRegistryProcess startOn(Path directory, String storage) {
    return new DockerRegistryProcess(directory.resolve("docker-registry.yml"), storage);
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

  /** Stops answering: from now on connections are refused. */
  void stop() {
    server.stop();
  }

  /** Answers again, on the same port and from the same directory. */
  void start() {
    requestsBefore.addAll(requests(server.log().lines()));
    server = launch(server.port());
  }

  /** What was read here so far, in order: "GET /v2/…". */
  List<String> requests() {
    var all = new ArrayList<>(requestsBefore);
    all.addAll(requests(server.log().lines()));
    return all;
  }

  /** The same, once what was answered is surely written down. */
  List<String> settledRequests() {
    var all = new ArrayList<>(requestsBefore);
    all.addAll(requests(server.log().settled()));
    return all;
  }

  private static List<String> requests(List<String> lines) {
    return lines.stream().flatMap(line -> ACCESS.matcher(line).results()).map(DockerRegistryProcess::line)
        .toList();
  }

  private static String line(MatchResult access) {
    return access.group(1);
  }

  private ServerProcess launch(int port) {
    try {
      Files.writeString(config, """
          version: 0.1
          log: {level: info}
          storage: %s
          http: {addr: "127.0.0.1:%d", secret: not-secret}
          """.formatted(storage, port));
    } catch (IOException e) {
      throw new UncheckedIOException("prepare " + config, e);
    }
    return ServerProcess.start(List.of(PROGRAM, "serve", config.toString()),
        Map.of("AWS_CA_BUNDLE", "")); // its S3 driver does not start where this is set
  }

  @Override
  public void close() {
    server.kill();
  }
}
