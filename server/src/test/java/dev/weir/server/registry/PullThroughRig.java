package dev.weir.server.registry;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

import dev.weir.server.cache.BlobBody;
import dev.weir.server.cache.Downloads;
import dev.weir.server.cache.FileStore;
import dev.weir.server.cache.Freshness.TagPolicy;
import dev.weir.server.cache.Persistence;
import dev.weir.server.cache.RecordedEvents;
import dev.weir.server.cache.Waiting;
import dev.weir.server.upstream.FakeUpstream;
import dev.weir.server.upstream.GuardedRegistry;
import dev.weir.server.upstream.UpstreamRegistry;
import dev.weir.storage.BlobStore;
import dev.weir.storage.Content;
import dev.weir.storage.Digest;
import dev.weir.storage.Manifest;
import dev.weir.storage.ManifestStore;
import dev.weir.storage.MediaTypes;
import dev.weir.storage.Reference;
import dev.weir.storage.RepositoryName;
import dev.weir.storage.Tag;
import dev.weir.storage.TagStore;

/**
 * A registry before two upstreams, quay.io and docker.io. {@code team/app} of quay.io has three names: its path, the alias
 * {@code app}, and {@code team/app} through the proxy, which is quay.io too.
 */
public final class PullThroughRig {
  static final Duration TTL = Duration.ofMinutes(10);
  static final RepositoryName UPSTREAMS_NAME = RepositoryName.parse("team/app");
  static final List<String> ALL_NAMES = List.of("quay.io/team/app", "app", "team/app");

  final FakeUpstream quay = new FakeUpstream("quay.io");
  final FakeUpstream docker = new FakeUpstream("docker.io");
  final FileStore store;
  final BlobStore blobs;
  final ManifestStore manifests;
  final TagStore tags;
  final Counts counts = new Counts();
  private final Content content;
  private final Path directory;
  private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));
  private Duration whileHeld = Duration.ofSeconds(20);
  private BlobCare care = BlobCare.NONE;
  private PullThroughRegistry registry;

  PullThroughRig(Path directory) {
    this.directory = directory;
    this.store = new FileStore(directory.resolve("objects"));
    this.content = Content.of(store);
    this.blobs = content.blobs();
    this.manifests = content.manifests();
    this.tags = content.tags();
    this.registry = build(false, Set.of(), true);
  }

  /** What a restart forgets is forgotten, and this is offline from now on. */
  void restart(boolean offline, String... offlineUpstreams) {
    registry = build(offline, Set.of(offlineUpstreams), true);
  }

  /** What upstream has no answer to at once is served as it is held; else a machine that is busy decides what is served. */
  void hurries() {
    whileHeld = Duration.ofMillis(50);
    restart(false);
  }

  void isCaredFor(BlobCare by) {
    care = by;
    restart(false);
  }

  /** As if somebody had taken every upstream out of the configuration. */
  void restartWithoutUpstreams() {
    registry = build(false, Set.of(), false);
  }

  private PullThroughRegistry build(boolean offline, Set<String> offlineUpstreams, boolean configured) {
    Upstream quayIo = upstream(quay, offlineUpstreams);
    Upstream dockerIo = upstream(docker, offlineUpstreams);
    Router router = configured
        ? new Router(Map.of("quay.io", quayIo, "docker.io", dockerIo),
            Map.of("app", List.of(RepositoryName.parse("quay.io/team/app")), "either",
                List.of(RepositoryName.parse("quay.io/team/app"), RepositoryName.parse("docker.io/team/app"))),
            Optional.of(quayIo), name -> false)
        : new Router(Map.of(), Map.of(), Optional.empty(), name -> false);
    CachePolicy policy = new CachePolicy(new TagPolicy(TTL, offline),
        new Patience(Duration.ofSeconds(20), whileHeld));
    Downloads downloads = new Downloads(blobs, directory.resolve("partials"), new RecordedEvents(), Persistence.DEFAULT,
        () -> 0);
    return new PullThroughRegistry(router, content, downloads, policy,
        new PullThroughRegistry.Events(counts, counts), now::get, care);
  }

  private Upstream upstream(FakeUpstream client, Set<String> offline) {
    UpstreamRegistry guarded = new GuardedRegistry(client, now::get, () -> 0);
    return new Upstream(client.name(), guarded, offline.contains(client.name()));
  }

  void pass(Duration time) {
    now.updateAndGet(before -> before.plus(time));
  }

  Manifest manifest(String name, Reference reference) throws IOException {
    return registry.manifest(RepositoryName.parse(name), reference);
  }

  long blobSize(String name, Digest digest) throws IOException {
    return registry.blobSize(RepositoryName.parse(name), digest);
  }

  /** What a client reads; returns when the store has it too, which is a little later. */
  byte[] blob(String name, Digest digest) throws Exception {
    byte[] read = read(name, digest);
    Waiting.until(() -> blobs.size(digest).isPresent());
    return read;
  }

  private byte[] read(String name, Digest digest) throws IOException {
    try (BlobBody body = registry.blob(RepositoryName.parse(name), digest)) {
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      while (all.size() < body.size()) {
        ByteBuffer part = ByteBuffer.allocate((int) body.awaitBeyond(all.size()) - all.size());
        int count = body.file().read(part, all.size());
        all.write(part.array(), 0, count);
      }
      return all.toByteArray();
    }
  }

  /** Whether a part of the blob may be had while it is fetched; returns when the store has it. */
  boolean givesParts(String name, Digest digest) throws Exception {
    try (BlobBody body = registry.blob(RepositoryName.parse(name), digest)) {
      boolean parts = !body.isWholeOnly();
      Waiting.until(() -> blobs.size(digest).isPresent());
      return parts;
    }
  }

  List<String> tags(String name, String after) throws IOException {
    try (Stream<Tag> all = registry.tags(RepositoryName.parse(name), after)) {
      return all.map(Tag::value).toList();
    }
  }

  /** A manifest that names these blobs, and is unlike any with another {@code mark}. */
  static Manifest image(String mark, byte[]... blobs) {
    List<String> layers = Stream.of(blobs).map(PullThroughRig::layer).toList();
    return manifestOf("{\"schemaVersion\":2,\"mediaType\":\"" + MediaTypes.OCI_MANIFEST + "\",\"annotations\":{\"m\":\""
        + mark + "\"},\"layers\":[" + String.join(",", layers) + "]}");
  }

  private static String layer(byte[] blob) {
    return "{\"mediaType\":\"application/octet-stream\",\"digest\":\"" + Digest.sha256(blob) + "\",\"size\":"
        + blob.length + "}";
  }

  static Manifest manifestOf(String json) {
    byte[] content = json.getBytes(StandardCharsets.UTF_8);
    return new Manifest(MediaTypes.OCI_MANIFEST, Digest.sha256(content), content);
  }

  /** Upstream has the image under the tag and its digest, and its blobs. */
  static void publish(FakeUpstream upstream, RepositoryName repository, Tag tag, Manifest image, byte[]... blobs) {
    upstream.put(repository, tag, image);
    upstream.put(repository, image.digest(), image);
    for (byte[] blob : blobs) {
      upstream.put(repository, blob);
    }
  }

  void push(String name, Tag tag, Manifest image) throws IOException {
    manifests.putOwned(RepositoryName.parse(name), image);
    tags.setOwned(RepositoryName.parse(name), tag, image.digest());
  }

  /** Lets many do the same while upstream hangs, and upstream go on when all of them wait. */
  <T> List<T> together(int clients, Callable<T> action) throws Exception {
    quay.hangs();
    List<T> results = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Thread> running = new ArrayList<>();
      List<Future<T>> futures = new ArrayList<>();
      for (int i = 0; i < clients; i++) {
        CompletableFuture<Thread> started = new CompletableFuture<>();
        futures.add(threads.submit(() -> {
          started.complete(Thread.currentThread());
          return action.call();
        }));
        running.add(started.get());
      }
      for (Thread thread : running) {
        Waiting.untilWaiting(thread);
      }
      quay.goesOn();
      for (Future<T> future : futures) {
        results.add(future.get());
      }
    }
    return results;
  }

  /** What was told to operators. */
  public static final class Counts implements CacheEvents {
    final AtomicInteger hits = new AtomicInteger();
    final AtomicInteger misses = new AtomicInteger();
    final AtomicInteger stale = new AtomicInteger();

    @Override
    public void hit(String upstream) {
      hits.incrementAndGet();
    }

    @Override
    public void miss(String upstream) {
      misses.incrementAndGet();
    }

    @Override
    public void stale(String upstream) {
      stale.incrementAndGet();
    }

    @Override
    public void pulled(String upstream, long bytes) {}

    @Override
    public void waiting(String upstream, int more) {}
  }
}
