package dev.weir.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** One client that asks for the same thing every 20 ms over a connection of its own, and notes how long it waits. */
final class Probe implements AutoCloseable {
  private static final long PAUSE_MILLIS = 20;

  private final ExecutorService worker = Executors.newVirtualThreadPerTaskExecutor();
  private final Future<List<Long>> waits;
  private volatile boolean over;

  private Probe(Door door, String path) {
    this.waits = worker.submit(() -> probe(door, path));
  }

  static Probe start(Door door, String path) {
    return new Probe(door, path);
  }

  private List<Long> probe(Door door, String path) throws IOException, InterruptedException {
    List<Long> nanos = new ArrayList<>();
    try (Connection connection = door.connect()) {
      while (!over) {
        long before = System.nanoTime();
        connection.get(path, Connection.ACCEPT);
        nanos.add(System.nanoTime() - before);
        TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
      }
    }
    return nanos;
  }

  /** Ends it. */
  double p99Millis() throws IOException, InterruptedException {
    over = true;
    try {
      List<Long> sorted = waits.get().stream().sorted().toList();
      return sorted.get((int) Math.ceil(sorted.size() * 0.99) - 1) / 1e6;
    } catch (ExecutionException e) {
      throw new IOException("the probe failed: " + e.getCause(), e);
    }
  }

  @Override
  public void close() {
    over = true;
    worker.close();
  }
}
