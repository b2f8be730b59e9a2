package dev.weir.bench;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;

/**
 * A server that takes part: how it is started on an empty directory and a free port.
 *
 * @param configuration in distribution's schema, which both read, from the directory and the port
 * @param command from the configuration's file
 */
record Contender(String name, Function<Place, String> configuration, Function<Path, List<String>> command) {
  /** Where an instance runs. */
  record Place(Path data, int port) {}

  private static String plain(Place place) {
    return """
        version: 0.1
        log: {level: error, accesslog: {disabled: true}}
        storage: {filesystem: {rootdirectory: %s}, delete: {enabled: true}}
        http: {addr: "127.0.0.1:%d"}
        """.formatted(place.data(), place.port());
  }

  static Contender dockerRegistry() {
    return new Contender("docker-registry", Contender::plain,
        file -> List.of("docker-registry", "serve", file.toString()));
  }

  /** With the flags of bin/weir. */
  static Contender weir() {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    return new Contender("weir", Contender::plain,
        file -> List.of(java, "--enable-native-access=ALL-UNNAMED", "-XX:+UseSerialGC", "-cp",
            System.getProperty("java.class.path"), "dev.weir.server.Main", "serve", file.toString()));
  }

  /** Starts it, and waits until it answers. */
  RunningServer start(Path directory) throws IOException {
    Place place = new Place(Files.createDirectories(directory.resolve("data")), freePort());
    Path file = Files.writeString(directory.resolve("config.yml"), configuration.apply(place));
    Process process = new ProcessBuilder(command.apply(file)).redirectErrorStream(true)
        .redirectOutput(directory.resolve("log").toFile()).start();
    RunningServer server = new RunningServer(process, place.port());
    server.awaitReady(directory.resolve("log"));
    return server;
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
