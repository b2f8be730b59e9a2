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
  /** What is read in a round: enough that a tick of the kernel's clock of CPU time is a twentieth of what it takes. */
  private static final int BLOBS = 2 * CONNECTIONS;
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
        new Case("bucket-cold-later",
            "the same from servers that have read 800 blobs of 4 MiB (reduced: 200) there before",
            site -> cold(site, site.plan().size(800, 200)), SHOWN, ahead),
        new Case("bucket-push", "blobs of 64 MiB pushed into a bucket (POST, PATCH, PUT), 4 connections",
            BucketCases::pushes, SHOWN, ahead));
  }

  private static List<Entrant> warm(Site site) throws IOException, InterruptedException {
    Gateway gateway = site.gateway();
    List<Entrant> entrants = new ArrayList<>();
    for (Contender contender : List.of(WEIR, DOCKER_REGISTRY)) {
      Server server = site.start(contender, Setup.plain(site.directory("scratch")).in(gateway.bucket()));
      String path = fill(server, 1, MEBIBYTES, 1).getFirst();
      entrants.add(site.wrk(server, Wrk.connections(CONNECTIONS), path));
    }
    return entrants;
  }

  /**
   * Weir fills a bucket, and servers of each kind read it.
   *
   * @param before so many small ones each has read before it is measured
   */
  private static List<Entrant> cold(Site site, int before) throws IOException, InterruptedException {
    String bucket = site.gateway().bucket();
    List<List<String>> rounds = new ArrayList<>();
    List<String> small;
    try (Server writer = site.start(WEIR, Setup.plain(site.directory("scratch")).in(bucket))) {
      for (int turn = 0; turn < site.plan().turns(); turn++) {
        rounds.add(fill(writer, BLOBS, MEBIBYTES, 100 + turn * BLOBS));
      }
      small = fill(writer, before, SMALL_MEBIBYTES, 10_000);
    }
    List<Entrant> entrants = new ArrayList<>();
    for (Contender contender : List.of(WEIR, DOCKER_REGISTRY)) {
      Server reader = site.start(contender, Setup.plain(site.directory("scratch")).in(bucket));
      pull(reader, small);
      reader.awaitQuiet();
      var next = rounds.iterator();
      entrants.add(Entrant.of(reader, () -> measured(reader, next.next())));
    }
    return entrants;
  }

  /** @param first what the first of them is made from */
  private static List<String> fill(Server writer, int count, int mebibytes, int first)
      throws IOException, InterruptedException {
    List<String> paths = new ArrayList<>();
    try (Pusher pusher = Pusher.to(writer.door())) {
      for (int i = 0; i < count; i++) {
        Blob blob = Blob.random(mebibytes * Content.MEBIBYTE, first + i);
        pusher.push(REPOSITORY, blob);
        paths.add("/v2/" + REPOSITORY + "/blobs/" + blob.digest());
      }
    }
    return paths;
  }

  private static Load measured(Server server, List<String> paths) throws IOException, InterruptedException {
    long before = System.nanoTime();
    pull(server, paths);
    double seconds = (System.nanoTime() - before) / 1e9;
    server.awaitQuiet();
    return new Load(seconds, paths.size(), (long) paths.size() * MEBIBYTES * Content.MEBIBYTE, 0);
  }

  /** As many at a time as there are connections. */
  private static void pull(Server server, List<String> paths) throws IOException, InterruptedException {
    try (ExecutorService workers = Executors.newFixedThreadPool(CONNECTIONS)) {
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
