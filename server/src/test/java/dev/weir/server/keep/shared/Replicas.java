package dev.weir.server.keep.shared;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

import dev.weir.server.keep.Pusher;
import dev.weir.server.space.Departures;
import dev.weir.server.space.SpaceEvents;
import dev.weir.storage.Content;
import dev.weir.storage.Digest;
import dev.weir.storage.InMemoryObjectStore;
import dev.weir.storage.Manifest;
import dev.weir.storage.RepositoryName;

/** Weirs on one store, as far as they collect in it, and the time that they all live in. */
final class Replicas {
  static final Duration GRACE = Duration.ofMinutes(60);
  static final Duration NOTICE = Tempo.DEFAULT.notice(GRACE);
  static final RepositoryName APP = RepositoryName.parse("team/app");
  static final Duration TELLING = Duration.ofMinutes(5);
  /** Of a layer, in bytes. */
  static final int SIZE = 10_000;
  private static final Duration STEP = Duration.ofSeconds(5);
  private static final Instant START = Instant.parse("2026-11-22T00:00:00Z");

  final InMemoryObjectStore store = new InMemoryObjectStore();
  final Content content = Content.of(store);
  private final AtomicLong nanos = new AtomicLong();
  private final Map<String, Instant> stored = new ConcurrentHashMap<>();
  private final Optional<Bound> bound;
  final Departures evicted = new Departures(new SpaceEvents() {
    @Override
    public void evicted(long bytes) {}

    @Override
    public void refused() {}
  });
  private final List<Replica> alive = new ArrayList<>();

  Replicas() {
    this(Optional.empty());
  }

  private Replicas(Optional<Bound> bound) {
    this.bound = bound;
    store.tellWritten(() -> now().minus(Duration.ofDays(8)));
  }

  /** On a store that says when things came, and that holds ten layers; eviction begins above eight and leaves five. */
  static Replicas bounded() {
    Replicas all = new Replicas(Optional.of(new Bound(10L * SIZE, 8L * SIZE + SIZE / 2, 5L * SIZE + SIZE / 2)));
    all.store.tellWritten(all::now);
    return all;
  }

  static byte[] layer(long seed) {
    return Pusher.bytes(seed, SIZE);
  }

  /** One layer, and nothing else that counts. */
  static Manifest image(long seed) {
    return Pusher.image(layer(seed));
  }

  /** When the object was written that has such a key, whatever the others say. */
  void tellWritten(String part, Instant at) {
    stored.put(part, at);
  }

  Instant now() {
    return START.plusNanos(nanos.get());
  }

  Replica start(String name) {
    Replica replica = new Replica(name, true);
    alive.add(replica);
    return replica;
  }

  /** One that never collects. */
  Replica startServing(String name) {
    Replica replica = new Replica(name, false);
    alive.add(replica);
    return replica;
  }

  /** Without a word to the others. */
  void kill(Replica replica) {
    alive.remove(replica);
  }

  /** All who are alive do what they do now and then. */
  void pass(Duration time) throws IOException {
    for (Duration passed = Duration.ZERO; passed.compareTo(time) < 0; passed = passed.plus(STEP)) {
      nanos.addAndGet(STEP.toNanos());
      for (Replica each : List.copyOf(alive)) {
        each.lives();
      }
    }
  }

  /** Time goes by in which nobody does anything. */
  void freeze(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  boolean isHere(Digest blob) throws IOException {
    return content.blobs().size(blob).isPresent();
  }

  /** As a client leaves it that never came back. */
  Digest orphan(long seed) throws IOException {
    byte[] bytes = Pusher.bytes(seed, 100);
    content.blobs().commit(Digest.sha256(bytes), bytes);
    content.blobs().link(APP, Digest.sha256(bytes));
    return Digest.sha256(bytes);
  }

  static byte[] bytes(long seed) {
    return Pusher.bytes(seed, 100);
  }

  List<String> keys(String prefix) {
    return store.keys().map(Object::toString).filter(key -> key.startsWith(prefix)).toList();
  }

  /** What is done now and then. */
  private interface Chore {
    void run() throws IOException;
  }

  /** One weir. */
  final class Replica {
    final SharedStore own = new SharedStore(store, stored);
    final Lease lease;
    final SharedClaims claims;
    final SharedCollector collector;
    final Notes notes;
    private final Content through;
    private Instant told = Instant.EPOCH;

    Replica(String name, boolean isCandidate) {
      notes = new Notes(own, name, Replicas.this::now);
      through = Content.of(own, notes);
      lease = new Lease(own, name, nanos::get, Tempo.DEFAULT, isCandidate);
      claims = new SharedClaims(own, nanos::get, Tempo.DEFAULT, Runnable::run);
      collector = new SharedCollector(own, through, lease, claims,
          new SharedCollector.Rules(GRACE, Duration.ofHours(24), Duration.ofDays(7), bound, Tempo.DEFAULT),
          new SharedCollector.Clocks(Replicas.this::now, nanos::get), evicted);
    }

    private void lives() throws IOException {
      lease.tick();
      tries(claims::refresh);
      tries(collector::step);
      if (bound.isPresent() && !now().isBefore(told.plus(TELLING))) {
        told = now();
        tries(notes::publish);
      }
    }

    private void tries(Chore what) {
      try {
        what.run();
      } catch (IOException e) {
        // it is tried again
      }
    }

    /** What a client is told who asks whether the blob is there. */
    boolean tells(Digest blob) throws IOException {
      claims.claim(blob);
      return through.blobs().size(blob).isPresent();
    }

    /** As an answer to a client does. */
    void gives(Manifest manifest) {
      claims.given(manifest.digest());
      notes.used(manifest.digest());
    }

    /** As a pull of something that is not here does. */
    void fetches(RepositoryName name, Manifest manifest, byte[]... blobs) throws IOException {
      List<Digest> all = Stream.concat(Stream.of(manifest.digest()), Stream.of(blobs).map(Digest::sha256)).toList();
      claims.claim(all);
      tellWritten(manifest.digest().hex(), now());
      through.manifests().putCached(name, manifest, "quay.io/" + name);
      for (byte[] blob : blobs) {
        through.blobs().commit(Digest.sha256(blob), blob);
      }
      gives(manifest);
    }

    /** As the end of an upload does. */
    void takes(byte[] blob) throws IOException {
      Digest digest = Digest.sha256(blob);
      claims.claim(digest);
      through.blobs().commit(digest, blob);
      claims.claim(digest);
      through.blobs().link(APP, digest);
    }

    /** As a push of a manifest does; false: it lacks something. */
    boolean stores(Manifest manifest, byte[]... blobs) throws IOException {
      List<Digest> all = Stream.concat(Stream.of(manifest.digest()), Stream.of(blobs).map(Digest::sha256)).toList();
      for (Digest each : all) {
        claims.claim(each);
      }
      for (byte[] blob : blobs) {
        if (through.blobs().size(Digest.sha256(blob)).isEmpty()) {
          return false;
        }
      }
      through.manifests().putOwned(APP, manifest);
      for (Digest each : all) {
        claims.claim(each);
      }
      return true;
    }
  }
}
