package dev.weir.server.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.weir.server.config.ConfigException;
import dev.weir.server.config.ConfigLoader;
import dev.weir.server.config.WeirConfig;
import dev.weir.server.wiring.Weir;

/**
 * A temporary directory and the weirs that run in it. Thread-safe: when the user presses Ctrl-C, another thread closes
 * it, after which nothing starts any more.
 */
final class DemoSite implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(DemoSite.class);

  private final Path folder;
  private final Deque<Weir> running = new ArrayDeque<>();
  private boolean closed;

  private DemoSite(Path folder) {
    this.folder = folder;
  }

  static DemoSite create() throws IOException {
    return new DemoSite(Files.createTempDirectory("weir-demo-"));
  }

  Path folder() {
    return folder;
  }

  /** Where the weir of that name keeps its data. */
  Path root(String name) {
    return folder.resolve(name);
  }

  /** @param upstreams as YAML */
  synchronized Weir start(String name, String upstreams) throws IOException, ConfigException {
    if (closed) {
      throw new IOException("the demo was stopped");
    }
    Weir weir = Weir.start(configuration(name, upstreams), Map.of());
    running.push(weir);
    return weir;
  }

  /** The port is one that the kernel finds free, and a tag is asked for upstream each time, so that its absence shows. */
  private WeirConfig configuration(String name, String upstreams) throws IOException, ConfigException {
    Path file = folder.resolve(name + ".yml");
    Files.writeString(file, """
        version: 0.1
        http: {addr: "127.0.0.1:0", draintimeout: 100ms}
        storage: {filesystem: {rootdirectory: '%s'}}
        cache: {tagttl: 0s}
        upstreams: %s
        """.formatted(root(name).toString().replace("'", "''"), upstreams));
    return ConfigLoader.load(file, Map.of()).config();
  }

  synchronized void stop(Weir weir) {
    if (running.remove(weir)) {
      weir.close();
    }
  }

  /** Ends everything that runs; whoever uses it finds out by its absence. */
  synchronized void stopAll() {
    closed = true;
    List.copyOf(running).forEach(this::stop);
  }

  synchronized boolean isStopped() {
    return closed;
  }

  /** Ends everything, and deletes the directory. */
  @Override
  public synchronized void close() throws IOException {
    stopAll();
    delete();
  }

  private void delete() throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    } catch (NoSuchFileException e) {
      LOG.debug("{} was deleted before", folder, e);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }
}
