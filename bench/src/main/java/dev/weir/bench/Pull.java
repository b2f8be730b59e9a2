package dev.weir.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Clients that pull the same blob at once, each over a connection of its own; then the next blob. The clock stops when they
 * have it, CPU is counted until the server has stored it, too.
 */
final class Pull implements Server.Driver {
  private final Server server;
  private final Origin origin;
  private final String prefix;
  private final int blobs;
  private final int clients;
  private int next;

  /** @param blobs a round, one after the other */
  Pull(Server server, Origin origin, String prefix, int blobs, int clients) {
    this.server = server;
    this.origin = origin;
    this.prefix = prefix;
    this.blobs = blobs;
    this.clients = clients;
  }

  @Override
  public Load run() throws IOException, InterruptedException {
    long before = System.nanoTime();
    for (int i = 0; i < blobs; i++) {
      pullAtOnce(origin.path(prefix, next++));
    }
    long requests = (long) blobs * clients;
    double seconds = (System.nanoTime() - before) / 1e9;
    server.awaitQuiet();
    return new Load(seconds, requests, requests * origin.blobBytes(), 0);
  }

  private void pullAtOnce(String path) throws IOException, InterruptedException {
    try (ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Long>> pulls = new ArrayList<>();
      for (int i = 0; i < clients; i++) {
        pulls.add(workers.submit(() -> pull(path)));
      }
      for (Future<Long> pull : pulls) {
        pull.get();
      }
    } catch (ExecutionException e) {
      throw new IOException("a pull of " + path + " failed: " + e.getCause(), e);
    }
  }

  private long pull(String path) throws IOException {
    try (Connection connection = server.door().connect()) {
      return connection.get(path);
    }
  }
}
