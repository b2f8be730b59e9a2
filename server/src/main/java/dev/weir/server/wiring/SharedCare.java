package dev.weir.server.wiring;

import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.weir.server.config.ByteSize;
import dev.weir.server.config.CacheConfig;
import dev.weir.server.config.DiskLimit;
import dev.weir.server.config.WeirConfig;
import dev.weir.server.keep.shared.Bound;
import dev.weir.server.keep.shared.Collecting;
import dev.weir.server.keep.shared.Lease;
import dev.weir.server.keep.shared.Notes;
import dev.weir.server.keep.shared.SharedClaims;
import dev.weir.server.keep.shared.SharedCollector;
import dev.weir.server.keep.shared.Tempo;
import dev.weir.server.metrics.Metrics;
import dev.weir.server.registry.BlobCare;
import dev.weir.server.registry.Registry;
import dev.weir.server.registry.WrappedCare;
import dev.weir.server.space.Departures;
import dev.weir.server.space.NotedRegistry;
import dev.weir.storage.Descriptor;
import dev.weir.storage.Digest;
import dev.weir.storage.ManifestDocument;
import dev.weir.storage.ObjectStore;

/** What the weirs on one bucket do together so that one of them takes away what nobody needs. */
final class SharedCare {
  private static final Logger LOG = LoggerFactory.getLogger(SharedCare.class);
  /** What was asked for is known to the others after this. */
  private static final Duration LONGEST_UNTOLD = Duration.ofMinutes(10);

  private final SharedClaims claims;
  private final Lease lease;
  private final SharedCollector collector;
  private final Optional<Bound> bound;
  private final Notes notes;
  private final Departures departures;
  private final Duration told;
  private final Tempo tempo;
  private final boolean isCandidate;
  /** Then nobody pushes on the strength of what we say, and no word could be left. */
  private final boolean isReadOnly;

  /**
   * Begins nothing yet.
   *
   * @param name of this process, as no other has it
   * @param metrics of images that go for want of room, by this weir
   */
  SharedCare(WeirConfig config, Storage storage, String name, Tempo tempo, InstantSource clock, Metrics metrics) {
    ObjectStore store = storage.store().itself();
    this.tempo = tempo;
    this.isReadOnly = config.storage().readOnly();
    this.isCandidate = config.gc().owner() && !isReadOnly;
    this.bound = bound(config.cache());
    this.notes = storage.notes().orElseThrow();
    this.departures = new Departures(metrics.space());
    this.told = Collections.min(List.of(config.gc().grace(), LONGEST_UNTOLD));
    this.claims = new SharedClaims(store, System::nanoTime, tempo);
    this.lease = new Lease(store, name, System::nanoTime, tempo, isCandidate);
    this.collector = new SharedCollector(store, storage.content(), lease, claims,
        new SharedCollector.Rules(config.gc().grace(), config.gc().interval(),
            config.storage().uploadPurging().age(), bound, tempo),
        new SharedCollector.Clocks(clock, System::nanoTime), departures);
    bound.ifPresent(all -> metrics.bucket(all.most(), collector::held));
  }

  /** A share of a bucket says nothing: then there is none. */
  private static Optional<Bound> bound(CacheConfig cache) {
    return cache.maxSize() instanceof DiskLimit.Bytes(ByteSize size)
        ? Optional.of(new Bound(size.bytes(), cache.highWater().bytesOf(size.bytes()),
            cache.lowWater().bytesOf(size.bytes())))
        : Optional.empty();
  }

  /** The registry, of which it is noted what is asked for. */
  Registry noted(Registry registry) {
    return isReadOnly ? registry : new NotedRegistry(registry, manifest -> {
      claims.given(manifest);
      if (bound.isPresent()) {
        notes.used(manifest);
      }
    });
  }

  /** Images that this weir let go. */
  Departures departures() {
    return departures;
  }

  /** What is asked and ordered of all of them by any. */
  SharedCollector collector() {
    return collector;
  }

  void claim(Digest blob) throws IOException {
    if (!isReadOnly) {
      claims.claim(blob);
    }
  }

  /** Blobs that were held for the sake of what is deleted now. It is a hint: what is not heard of goes when it is old. */
  void released(Digest first, List<Descriptor> more) {
    List<Digest> all = new ArrayList<>(List.of(first));
    more.forEach(each -> all.add(each.digest()));
    try {
      collector.released(all);
    } catch (IOException e) {
      LOG.warn("what {} was held for is not known to go: {}", first, e.getMessage());
    }
  }

  Collecting state() throws IOException {
    return collector.state();
  }

  /** @param here what is done in this process alone */
  BlobCare care(BlobCare here) {
    return isReadOnly ? here : new ClaimingCare(here, claims);
  }

  private record ClaimingCare(BlobCare other, SharedClaims claims) implements WrappedCare {
    @Override
    public void claim(Digest digest) throws IOException {
      other.claim(digest);
      claims.claim(digest);
    }

    @Override
    public void kept(Digest manifest, ManifestDocument document) throws IOException {
      claims.claim(all(manifest, document));
    }

    @Override
    public void keptAtOnce(Digest manifest, ManifestDocument document) throws IOException {
      claims.claimAtOnce(all(manifest, document));
    }

    private static List<Digest> all(Digest manifest, ManifestDocument document) {
      return Stream.concat(Stream.of(manifest),
          Stream.concat(document.blobs().stream(), document.manifests().stream()).map(Descriptor::digest)).toList();
    }

    @Override
    public void named(Digest manifest) throws IOException {
      claims.claimAtOnce(List.of(manifest));
    }
  }

  /** Begins: looks for lists, for the owner, and collects if it is this weir. */
  void start(Closing parts) {
    parts.add(new Housekeeping()).every(tempo.reading().dividedBy(2), "look what is to go from the bucket",
        claims::refresh);
    if (bound.isPresent() && !isReadOnly) {
      parts.add(notes);
      parts.add(new Housekeeping()).every(told, "tell what was asked for", notes::publish);
    }
    parts.add(lease);
    parts.add(new Housekeeping()).every(tempo.renewal(), "look who collects in the bucket", lease::tick);
    if (isCandidate) {
      parts.add(new Housekeeping()).every(tempo.renewal(), "collect in the bucket", collector::step);
      parts.add(collector);
    }
  }
}
