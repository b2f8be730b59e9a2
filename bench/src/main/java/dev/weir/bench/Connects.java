package dev.weir.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Clients that come anew each time, as CRI-O does for each image: a full handshake, /v2/, one path, and the connection is
 * closed. Not wrk, which resumes sessions and so spares the server its signature.
 */
record Connects(Door door, String path, int atOnce, double seconds) implements Server.Driver {
  private static final int REQUESTS = 2;

  @Override
  public Load run() throws IOException, InterruptedException {
    long start = System.nanoTime();
    long end = start + (long) (seconds * 1e9);
    List<Long> waits = new ArrayList<>();
    try (ExecutorService workers = Executors.newFixedThreadPool(atOnce)) {
      List<Future<List<Long>>> clients = new ArrayList<>();
      for (int i = 0; i < atOnce; i++) {
        clients.add(workers.submit(() -> comeAndGo(end)));
      }
      for (Future<List<Long>> client : clients) {
        waits.addAll(client.get());
      }
    } catch (ExecutionException e) {
      throw new IOException("a new connection failed: " + e.getCause(), e);
    }
    Collections.sort(waits);
    double p99 = waits.get((int) Math.ceil(waits.size() * 0.99) - 1) / 1e6;
    return new Load((System.nanoTime() - start) / 1e9, (long) waits.size() * REQUESTS, 0, p99);
  }

  private List<Long> comeAndGo(long end) throws IOException {
    List<Long> nanos = new ArrayList<>();
    while (System.nanoTime() < end) {
      long before = System.nanoTime();
      try (Connection connection = door.connect()) {
        connection.get("/v2/");
        connection.get(path, Connection.ACCEPT, "Connection: close");
      }
      nanos.add(System.nanoTime() - before);
    }
    return nanos;
  }
}
