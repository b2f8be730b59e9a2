package dev.weir.bench;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** Where the bench takes place: a directory for everything, the content that all hold, the servers of the case at hand. */
final class Site implements AutoCloseable {
  private final Path directory;
  private final Plan plan;
  private final Path data;
  private final Certificate certificate;
  private final Content content;
  /** Also read by the hook that ends them when the bench itself is told to end. */
  private final List<Server> running = new CopyOnWriteArrayList<>();
  private final List<Gateway> gateways = new ArrayList<>();
  private final List<Path> directories = new ArrayList<>();
  private double weirPeak;

  private Site(Path directory, Plan plan) throws IOException, InterruptedException {
    this.directory = directory;
    this.plan = plan;
    this.data = Files.createDirectory(directory.resolve("data"));
    this.certificate = Certificate.make(directory);
    this.content = filled();
  }

  static Site open(Plan plan) throws IOException, InterruptedException {
    Site site = new Site(Files.createTempDirectory("weir-bench"), plan);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> site.running.forEach(Server::close)));
    return site;
  }

  /** The checkout that is measured. */
  static Path home() {
    return Path.of(System.getProperty("weir.home", "."));
  }

  /** docker-registry writes what all of them read. */
  private Content filled() throws IOException, InterruptedException {
    try (Pusher pusher = Pusher.to(start(Contender.DOCKER_REGISTRY, Setup.plain(data)).door())) {
      return Content.push(pusher);
    } finally {
      clear();
    }
  }

  Plan plan() {
    return plan;
  }

  /** Runs until the case is over. */
  Gateway gateway() throws IOException, InterruptedException {
    Gateway started = Gateway.start();
    gateways.add(started);
    return started;
  }

  Content content() {
    return content;
  }

  Certificate certificate() {
    return certificate;
  }

  /** A new directory, empty. It goes when the case is over. */
  Path directory(String name) throws IOException {
    Path created = Files.createTempDirectory(directory, name);
    directories.add(created);
    return created;
  }

  /** A directory of its own with the content, by hard links. */
  Path copy() throws IOException, InterruptedException {
    return Command.linked(data, directory("copy").resolve("data"));
  }

  /** A server that holds the content. weir locks its directory, so each one has the same files by hard links. */
  Server serve(Contender contender, UnaryOperator<Setup> how) throws IOException, InterruptedException {
    Path root = contender == Contender.WEIR ? copy() : data;
    return start(contender, how.apply(Setup.plain(root)));
  }

  /** A server under wrk, for the plan's time. */
  Entrant wrk(Server server, Wrk wrk, String path) {
    return wrk(server.contender().label(), server, wrk, path);
  }

  /** The same under another name. */
  Entrant wrk(String name, Server server, Wrk wrk, String path) {
    return Entrant.of(name, server, () -> wrk.run(server.address(path), plan.seconds(), certificate.openssl()));
  }

  /** Starts a server on a free port, and waits until it answers. It runs until the case is over. */
  Server start(Contender contender, Setup setup) throws IOException, InterruptedException {
    Server server = launch(contender, setup, Map.of());
    server.awaitAnswer();
    return server;
  }

  /** The same without waiting, with variables in its environment. */
  Server launch(Contender contender, Setup setup, Map<String, String> environment) throws IOException {
    Contender.Place place = new Contender.Place(directory(contender.label()), freePort(), certificate);
    Path log = place.directory().resolve("log");
    List<String> command = contender.command(place, setup);
    Door door = new Door(place.port(), setup.tls() ? Optional.of(certificate.trust()) : Optional.empty());
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
    builder.environment().remove("AWS_CA_BUNDLE"); // docker-registry does not start with it
    builder.environment().putAll(environment);
    Process process = builder.start();
    Server server = new Server(contender, process, door, place.directory());
    running.add(server);
    return server;
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  /** Stops the servers of a case, and deletes what they left. */
  void clear() throws IOException {
    for (Server server : running.reversed()) {
      if (server.contender() == Contender.WEIR && server.isAlive()) {
        weirPeak = Math.max(weirPeak, server.peakMebibytes());
      }
      server.close();
    }
    running.clear();
    for (Gateway each : gateways) {
      each.close();
    }
    gateways.clear();
    for (Path each : directories) {
      delete(each);
    }
    directories.clear();
  }

  /** The most that any weir was resident with, of those that have been cleared. */
  double weirPeakMebibytes() {
    return weirPeak;
  }

  @Override
  public void close() throws IOException {
    clear();
    delete(directory);
  }

  private static void delete(Path tree) throws IOException {
    try (Stream<Path> all = Files.walk(tree)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
