package dev.weir.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import static dev.weir.bench.Contender.DOCKER_REGISTRY;
import static dev.weir.bench.Contender.WEIR;
import static dev.weir.bench.Figure.CPU_PER_GIB;
import static dev.weir.bench.Figure.CPU_SECONDS;
import static dev.weir.bench.Figure.GIB_PER_SECOND;
import static dev.weir.bench.Figure.RESIDENT;
import static dev.weir.bench.Figure.SECONDS;
import static dev.weir.bench.Target.atMost;

/** Pushes blobs over a few connections. Every round pushes others. */
final class Push {
  private static final int CONNECTIONS = 4;
  private static final int BLOB = 64 * Content.MEBIBYTE;

  private final Server server;
  private final int blobs;
  private final byte[] content = Blob.random(BLOB, 1).bytes();
  private int round;

  private Push(Server server, int blobs) {
    this.server = server;
    this.blobs = blobs;
  }

  /** Other blobs each time that it is called. */
  static Server.Driver onto(Server server, int blobs) {
    return new Push(server, blobs)::run;
  }

  static Case pushes() {
    String peer = DOCKER_REGISTRY.label();
    return new Case("push", "blobs of 64 MiB pushed (POST, PATCH, PUT), 4 connections", Push::entrants,
        List.of(SECONDS, CPU_SECONDS, GIB_PER_SECOND, CPU_PER_GIB, RESIDENT),
        List.of(atMost(0.6, SECONDS, peer), atMost(0.6, CPU_SECONDS, peer)));
  }

  private static List<Entrant> entrants(Site site) throws IOException, InterruptedException {
    List<Entrant> entrants = new ArrayList<>();
    for (Contender contender : List.of(WEIR, DOCKER_REGISTRY)) {
      Server server = site.start(contender, Setup.plain(site.directory("pushed")));
      Push push = new Push(server, site.plan().size(16, 4));
      entrants.add(Entrant.of(server, push::run));
    }
    return entrants;
  }

  private Load run() throws IOException, InterruptedException {
    round++;
    List<Blob> fresh = new ArrayList<>();
    for (int i = 0; i < blobs; i++) {
      fresh.add(blob(i));
    }
    long before = System.nanoTime();
    try (Pusher pusher = Pusher.to(server.door());
        ExecutorService workers = Executors.newFixedThreadPool(CONNECTIONS)) {
      List<Future<?>> pushes = new ArrayList<>();
      for (Blob blob : fresh) {
        pushes.add(workers.submit(() -> {
          pusher.push("bench/push", blob);
          return blob;
        }));
      }
      for (Future<?> push : pushes) {
        push.get();
      }
    } catch (ExecutionException e) {
      throw new IOException("a push failed: " + e.getCause(), e);
    }
    return new Load((System.nanoTime() - before) / 1e9, blobs, (long) blobs * BLOB, 0);
  }

  private Blob blob(int number) {
    byte[] bytes = content.clone();
    ByteBuffer.wrap(bytes).putInt(round).putInt(number);
    return Blob.of(bytes);
  }
}
