package dev.weir.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import static dev.weir.bench.Contender.DOCKER_REGISTRY;
import static dev.weir.bench.Contender.WEIR;
import static dev.weir.bench.Figure.CPU_PER_GIB;
import static dev.weir.bench.Figure.GIB_PER_SECOND;
import static dev.weir.bench.Figure.P99;
import static dev.weir.bench.Figure.RESIDENT;
import static dev.weir.bench.Figure.SECONDS;
import static dev.weir.bench.Target.atLeast;
import static dev.weir.bench.Target.atMost;

/** Content in a bucket, each server's in one of its own on the same gateway; redirects are off. */
final class BucketCases {
  private static final int CONNECTIONS = 4;
  private static final int MEBIBYTES = 64;
  private static final int SMALL_MEBIBYTES = 4;
  private static final String REPOSITORY = "bench/bucket";
  private static final String PEER = DOCKER_REGISTRY.label();
  private static final List<Figure> SHOWN = List.of(SECONDS, GIB_PER_SECOND, CPU_PER_GIB, RESIDENT);

  private BucketCases() {}

  static List<Case> all() {
    List<Target> ahead = List.of(atLeast(1, GIB_PER_SECOND, PEER), atMost(1, CPU_PER_GIB, PEER));
    return List.of(
        new Case("bucket-warm", "a blob of 64 MiB in a bucket, read a moment ago, 4 connections, HTTP",
            BucketCases::warm, List.of(GIB_PER_SECOND, CPU_PER_GIB, P99, RESIDENT), ahead),
        new Case("bucket-cold", "blobs of 64 MiB in a bucket that this server has not read yet, 4 at a time, HTTP",
            site -> cold(site, 0), SHOWN, ahead),
        new Case("bucket-cold-later", "the same from servers that have read 400 blobs of 4 MiB there before",
            site -> cold(site, 400), SHOWN, ahead),
        new Case("bucket-push", "blobs of 64 MiB pushed into a bucket (POST, PATCH, PUT), 4 connections",
            BucketCases::pushes, SHOWN, ahead));
  }

  private static List<Entrant> warm(Site site) throws IOException, InterruptedException {
    Gateway gateway = site.gateway();
    List<Entrant> entrants = new ArrayList<>();
    for (Contender contender : List.of(WEIR, DOCKER_REGISTRY)) {
      Server server = site.start(contender, Setup.plain(site.directory("scratch")).in(gateway.bucket()));
      Blob blob = Blob.random(MEBIBYTES * Content.MEBIBYTE, 1);
      push(server, List.of(blob));
      entrants.add(site.wrk(server, Wrk.connections(CONNECTIONS), path(blob)));
    }
    return entrants;
  }

  private static String path(Blob blob) {
    return "/v2/" + REPOSITORY + "/blobs/" + blob.digest();
  }

  private static void push(Server server, List<Blob> blobs) throws IOException, InterruptedException {
    try (Pusher pusher = Pusher.to(server.door())) {
      for (Blob blob : blobs) {
        pusher.push(REPOSITORY, blob);
      }
    }
  }

  /**
   * One server fills the bucket, another of its kind reads it.
   *
   * @param before so many small ones it has read before it is measured
   */
  private static List<Entrant> cold(Site site, int before) throws IOException, InterruptedException {
    Gateway gateway = site.gateway();
    int turns = site.plan().turns();
    List<Entrant> entrants = new ArrayList<>();
    for (Contender contender : List.of(WEIR, DOCKER_REGISTRY)) {
      String bucket = gateway.bucket();
      List<List<String>> rounds = new ArrayList<>();
      List<String> small = new ArrayList<>();
      try (Server writer = site.start(contender, Setup.plain(site.directory("scratch")).in(bucket))) {
        for (int turn = 0; turn < turns; turn++) {
          rounds.add(fill(writer, MEBIBYTES, 100 + turn * CONNECTIONS));
        }
        for (int i = 0; i < before; i += CONNECTIONS) {
          small.addAll(fill(writer, SMALL_MEBIBYTES, 10_000 + i));
        }
      }
      Server reader = site.start(contender, Setup.plain(site.directory("scratch")).in(bucket));
      for (int i = 0; i < before; i += CONNECTIONS) {
        pull(reader, small.subList(i, i + CONNECTIONS));
      }
      var next = rounds.iterator();
      entrants.add(Entrant.of(reader, () -> pull(reader, next.next())));
    }
    return entrants;
  }

  /** @param first what the first of them is made from */
  private static List<String> fill(Server writer, int mebibytes, int first) throws IOException, InterruptedException {
    List<String> paths = new ArrayList<>();
    for (int i = 0; i < CONNECTIONS; i++) {
      Blob blob = Blob.random(mebibytes * Content.MEBIBYTE, first + i);
      push(writer, List.of(blob));
      paths.add(path(blob));
    }
    return paths;
  }

  private static Load pull(Server server, List<String> paths) throws IOException, InterruptedException {
    long before = System.nanoTime();
    try (ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Long>> pulls = new ArrayList<>();
      for (String path : paths) {
        pulls.add(workers.submit(() -> {
          try (Connection connection = server.door().connect()) {
            return connection.get(path);
          }
        }));
      }
      for (Future<Long> pull : pulls) {
        pull.get();
      }
    } catch (ExecutionException e) {
      throw new IOException("a pull failed: " + e.getCause(), e);
    }
    double seconds = (System.nanoTime() - before) / 1e9;
    server.awaitQuiet();
    return new Load(seconds, paths.size(), (long) paths.size() * MEBIBYTES * Content.MEBIBYTE, 0);
  }

  private static List<Entrant> pushes(Site site) throws IOException, InterruptedException {
    Gateway gateway = site.gateway();
    List<Entrant> entrants = new ArrayList<>();
    for (Contender contender : List.of(WEIR, DOCKER_REGISTRY)) {
      Server server = site.start(contender, Setup.plain(site.directory("scratch")).in(gateway.bucket()));
      entrants.add(Entrant.of(server, Push.onto(server, site.plan().size(8, 4))));
    }
    return entrants;
  }
}
