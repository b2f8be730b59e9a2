package dev.weir.bench;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import static dev.weir.bench.Contender.WEIR;
import static dev.weir.bench.Figure.CPU_PER_REQUEST;
import static dev.weir.bench.Figure.P99;
import static dev.weir.bench.Figure.REQUESTS_PER_SECOND;
import static dev.weir.bench.Target.atMost;

/** A manifest while other clients push and pull without a pause; in one of the two weirs they also delete, and it collects. */
final class Collecting {
  private static final String WITHOUT = "weir that only takes pushes";
  private static final String REPOSITORY = "bench/going";
  private static final int PUSHERS = 4;
  private static final int BLOB = Content.MEBIBYTE;
  /** A grace that ends, so that there is something to collect. */
  private static final Map<String, String> ENVIRONMENT = Map.of("REGISTRY_GC_GRACE", "10s",
      "REGISTRY_STORAGE_MAINTENANCE_UPLOADPURGING_AGE", "10s", "REGISTRY_SCRUB_INTERVAL", "0s");

  private final Server server;
  private final Path root;
  private final boolean collects;
  private final AtomicInteger number = new AtomicInteger();

  private Collecting(Server server, Path root, boolean collects) {
    this.server = server;
    this.root = root;
    this.collects = collects;
  }

  static Case collecting() {
    return new Case("gc",
        "a manifest by digest, 32 connections, while 4 clients push images and 4 pull blobs; and are deleted and collected",
        Collecting::entrants, List.of(P99, REQUESTS_PER_SECOND, CPU_PER_REQUEST), List.of(atMost(2, P99, WITHOUT)));
  }

  private static List<Entrant> entrants(Site site) throws IOException, InterruptedException {
    return List.of(entrant(site, WEIR.label(), true), entrant(site, WITHOUT, false));
  }

  private static Entrant entrant(Site site, String name, boolean collects) throws IOException, InterruptedException {
    Path root = site.copy();
    Server server = site.launch(WEIR, Setup.plain(root), ENVIRONMENT);
    server.awaitAnswer();
    Collecting load = new Collecting(server, root, collects);
    Entrant asking = site.wrk(name, server, Wrk.connections(32), site.content().manifestByDigest());
    return new Entrant(name, () -> load.during(asking.turn()));
  }

  /** A thing that is done over and over. */
  private interface Step {
    void run() throws IOException, InterruptedException;
  }

  private Round during(Entrant.Turn turn) throws IOException, InterruptedException {
    AtomicBoolean over = new AtomicBoolean();
    try (Pusher pusher = Pusher.to(server.door()); ExecutorService workers = Executors.newCachedThreadPool()) {
      List<Future<?>> work = new ArrayList<>();
      for (int i = 0; i < PUSHERS; i++) {
        work.add(workers.submit(() -> repeat(over, () -> push(pusher))));
        work.add(workers.submit(() -> repeat(over, () -> pull(pusher))));
      }
      if (collects) {
        work.add(workers.submit(() -> repeat(over, this::collect)));
      }
      try {
        return turn.take();
      } finally {
        over.set(true);
        for (Future<?> each : work) {
          each.get();
        }
      }
    } catch (ExecutionException e) {
      throw new IOException("the load failed: " + e.getCause(), e);
    }
  }

  private static boolean repeat(AtomicBoolean over, Step step) throws IOException, InterruptedException {
    while (!over.get()) {
      step.run();
    }
    return true;
  }

  /** An image, that is deleted at once where the weir collects. */
  private void push(Pusher pusher) throws IOException, InterruptedException {
    int mine = number.incrementAndGet();
    Blob layer = Blob.random(BLOB, mine);
    Blob config = Blob.of("{\"number\":" + mine + "}");
    pusher.push(REPOSITORY, layer);
    pusher.push(REPOSITORY, config);
    Blob manifest = Content.manifest(config, List.of(layer));
    pusher.putManifest(REPOSITORY, "v" + mine, manifest);
    if (collects) {
      send(pusher.client(), HttpRequest
          .newBuilder(server.address("/v2/" + REPOSITORY + "/manifests/" + manifest.digest())).DELETE());
    }
  }

  /** One of those that were pushed a while ago, which may be gone. */
  private void pull(Pusher pusher) throws IOException, InterruptedException {
    Blob layer = Blob.random(BLOB, Math.max(1, number.get() - PUSHERS));
    send(pusher.client(),
        HttpRequest.newBuilder(server.address("/v2/" + REPOSITORY + "/blobs/" + layer.digest())).GET());
  }

  private static void send(HttpClient client, HttpRequest.Builder request) throws IOException, InterruptedException {
    client.send(request.build(), HttpResponse.BodyHandlers.discarding());
  }

  /** By weir's own socket; a sweep that is under way is not waited for, another is then refused. */
  private void collect() throws IOException, InterruptedException {
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.connect(UnixDomainSocketAddress.of(root.resolve("weir/admin.sock")));
      ByteBuffer request = StandardCharsets.US_ASCII.encode("POST /weir/v1/gc HTTP/1.1\r\nHost: bench\r\n"
          + "Connection: close\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}");
      while (request.hasRemaining()) {
        channel.write(request);
      }
      ByteBuffer answer = ByteBuffer.allocate(4096);
      while (channel.read(answer.clear()) >= 0) {
        Thread.onSpinWait();
      }
    }
    Thread.sleep(20);
  }
}
