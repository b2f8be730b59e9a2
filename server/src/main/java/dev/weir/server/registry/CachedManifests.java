package dev.weir.server.registry;

import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.weir.server.cache.Freshness;
import dev.weir.server.cache.Freshness.TagPolicy;
import dev.weir.server.cache.NoRoom;
import dev.weir.server.cache.SingleFlight;
import dev.weir.server.oci.Asker;
import dev.weir.server.oci.ErrorCode;
import dev.weir.server.oci.RegistryException;
import dev.weir.server.oci.Via;
import dev.weir.server.registry.HeldManifests.Held;
import dev.weir.server.upstream.UpstreamException;
import dev.weir.storage.Digest;
import dev.weir.storage.Manifest;
import dev.weir.storage.Reference;
import dev.weir.storage.RepositoryName;
import dev.weir.storage.StoreUnavailableException;
import dev.weir.storage.Tag;

/**
 * Manifests, held or fetched. A digest that is held is served without asking anybody; a tag as {@link Freshness} says.
 *
 * <p>What comes from an upstream repository is kept under that repository's own name here, and under each name that
 * asked. Thread-safe.
 */
final class CachedManifests {
  private static final Logger LOG = LoggerFactory.getLogger(CachedManifests.class);

  /** @param via those who ask through other weirs wait for no fetch but their own: that one may wait for them */
  private record Key(RepositoryName keptAs, Reference reference, Via via) {}

  private final HeldManifests held;
  private final TagPolicy policy;
  private final Patience patience;
  private final CacheEvents events;
  private final InstantSource clock;
  private final AbsentTags absences;
  private final SingleFlight<Key, Manifest> fetches = new SingleFlight<>();

  CachedManifests(HeldManifests held, CachePolicy policy, CacheEvents events, InstantSource clock) {
    this.held = held;
    this.policy = policy.tags();
    this.patience = policy.patience();
    this.events = events;
    this.clock = clock;
    this.absences = new AbsentTags(clock);
  }

  /** As {@link Registry#servedAgain}. */
  void servedAgain(Route route) {
    events.hit(route.upstreamName());
  }

  Manifest get(Route route, Reference reference) throws IOException {
    return switch (reference) {
      case Digest digest -> byDigest(route, digest);
      case Tag tag -> byTag(route, tag);
    };
  }

  private Patience patience() {
    return patience.behind(Asker.current().via().hops());
  }

  private Manifest byDigest(Route route, Digest digest) throws IOException {
    Optional<Manifest> own = held.get(route.name(), digest);
    if (own.isPresent()) {
      return hit(route, own.get());
    }
    for (UpstreamRepository repository : route.upstreams()) {
      Optional<Manifest> shared = held.get(repository.keptAs(), digest);
      if (shared.isPresent()) {
        keepUnderRoute(route, digest, shared.get(), repository);
        return hit(route, shared.get());
      }
    }
    return ask(route, route.reachable(), digest, patience().cold());
  }

  private Manifest byTag(Route route, Tag tag) throws IOException {
    Optional<Held> own = held.get(route.name(), tag);
    if (own.isPresent() && (own.get().tag().owned() || route.upstreams().isEmpty())) {
      return hit(route, own.get().manifest());
    }
    Optional<Held> stale = Optional.empty();
    List<UpstreamRepository> toAsk = new ArrayList<>();
    for (UpstreamRepository repository : route.upstreams()) {
      Optional<Held> shared = held.get(repository.keptAs(), tag);
      switch (freshness(repository, shared)) {
        case SERVE -> {
          return serve(route, tag, shared.orElseThrow(), repository);
        }
        case SERVE_STALE -> stale = stale.or(() -> shared);
        case REVALIDATE -> {
          stale = stale.or(() -> shared);
          toAsk.add(repository);
        }
        case FETCH -> toAsk.add(repository);
        case ABSENT -> {}
      }
    }
    stale = stale.or(() -> own);
    return stale.isPresent() ? revalidate(route, toAsk, tag, stale.get()) : ask(route, toAsk, tag, patience().cold());
  }

  private Manifest revalidate(Route route, List<UpstreamRepository> toAsk, Tag tag, Held stale) throws IOException {
    if (toAsk.stream().noneMatch(repository -> repository.upstream().client().isDown()) && !toAsk.isEmpty()) {
      try {
        return ask(route, toAsk, tag, patience().whileHeld());
      } catch (IOException e) { // also a disk too full to keep what came
        LOG.debug("{}:{} is served as it is held: {}", route.name(), tag, e.getMessage());
      }
    }
    events.stale(route.upstreamName());
    Asker.current().remarks().accept(Asker.Remark.STALE);
    return stale.manifest();
  }

  private Manifest serve(Route route, Tag tag, Held fresh, UpstreamRepository from) {
    keepUnderRoute(route, tag, fresh.manifest(), from);
    return hit(route, fresh.manifest());
  }

  private Freshness freshness(UpstreamRepository repository, Optional<Held> shared) {
    Upstream upstream = repository.upstream();
    return Freshness.of(shared.map(Held::tag), policy.offlineIf(!Route.isReachable(repository)),
        upstream.client().isDown(),
        clock.instant());
  }

  /** Asks upstream, and keeps the answer under the name that asked. */
  private Manifest ask(Route route, List<UpstreamRepository> toAsk, Reference reference, Duration howLong)
      throws IOException {
    if (toAsk.isEmpty() || policy.offline()) {
      throw notHeld(route, reference);
    }
    events.miss(route.upstreamName());
    events.waiting(route.upstreamName(), 1);
    try {
      return FirstThatHas.of(toAsk, howLong, (repository, share) -> {
        Optional<UpstreamException> absent = absences.find(repository.keptAs(), reference);
        if (absent.isPresent()) {
          throw absent.get();
        }
        Manifest manifest = fetches
            .join(new Key(repository.keptAs(), reference, Asker.current().via()), share,
                () -> fetch(repository, reference))
            .orElseThrow(() -> repository.timedOut("pull manifest " + reference, share));
        keepUnderRoute(route, reference, manifest, repository);
        return manifest;
      });
    } catch (IOException e) {
      throw UpstreamAnswers.manifest(e, reference, UpstreamAnswers.isRefusal(e) && mayBeLocal(route));
    } finally {
      events.waiting(route.upstreamName(), -1);
    }
  }

  private boolean mayBeLocal(Route route) throws IOException {
    return route.onlyThroughProxy() || held.holdsPushes(route.name());
  }

  /** Once for all who ask. A tag that still points where it did costs a HEAD. */
  private Manifest fetch(UpstreamRepository repository, Reference reference) throws IOException {
    try {
      return fetchPresent(repository, reference);
    } catch (UpstreamException e) {
      // what others heard who asked through here may be what they heard from here
      if (reference instanceof Tag tag && Asker.current().via().hops() == 0) {
        absences.note(repository.keptAs(), tag, e);
      }
      throw e;
    }
  }

  private Manifest fetchPresent(UpstreamRepository repository, Reference reference) throws IOException {
    return switch (reference) {
      case Digest digest -> {
        Manifest manifest = ask(repository, digest);
        boolean _ = isKept(repository, manifest);
        yield manifest;
      }
      case Tag tag -> {
        Optional<Held> before = held.get(repository.keptAs(), tag);
        Manifest manifest = before.isPresent()
            ? ifMoved(repository, tag, before.get().manifest())
            : ask(repository, tag);
        if (before.isPresent() || isKept(repository, manifest)) {
          pointIfRoom(repository, tag, manifest);
          held.confirm(repository.keptAs(), tag, manifest.digest(), clock.instant());
        }
        yield manifest;
      }
    };
  }

  private Manifest ifMoved(UpstreamRepository repository, Tag tag, Manifest before) throws IOException {
    Optional<Digest> now = repository.upstream().client().headManifest(repository.path(), tag);
    if (now.isPresent() && now.get().equals(before.digest())) {
      return before;
    }
    Manifest successor = ask(repository, tag);
    held.keep(repository.keptAs(), successor, repository); // no room: what is held is as good
    return successor;
  }

  private Manifest ask(UpstreamRepository repository, Reference reference) throws IOException {
    Manifest manifest = repository.upstream().client().manifest(repository.path(), reference);
    events.pulled(repository.upstream().name(), manifest.content().length);
    return manifest;
  }

  /** What came is given to those who wait for it, even where it cannot be kept: no room, or it is being deleted in a bucket. */
  private boolean isKept(UpstreamRepository repository, Manifest manifest) throws IOException {
    try {
      held.keep(repository.keptAs(), manifest, repository);
      return true;
    } catch (IOException e) {
      if (!NoRoom.isWhy(e) && !(e instanceof StoreUnavailableException)) {
        throw e;
      }
      LOG.warn("manifest {} of {} is passed through and not kept: {}", manifest.digest(), repository.label(),
          e.getMessage());
      return false;
    }
  }

  private void pointIfRoom(UpstreamRepository repository, Tag tag, Manifest manifest) throws IOException {
    try {
      held.point(repository.keptAs(), tag, manifest);
    } catch (IOException e) {
      if (!NoRoom.isWhy(e) && !(e instanceof StoreUnavailableException)) {
        throw e;
      }
      LOG.warn("tag {} of {} is passed through and not kept: {}", tag, repository.label(), e.getMessage());
    }
  }

  /** Also under the name that asked. What is held is served even where the disk takes nothing more. */
  private void keepUnderRoute(Route route, Reference reference, Manifest manifest, UpstreamRepository from) {
    if (route.name().equals(from.keptAs())) {
      return;
    }
    try {
      held.share(route.name(), manifest, from);
      if (reference instanceof Tag tag) {
        held.point(route.name(), tag, manifest);
      }
    } catch (IOException e) {
      LOG.warn("{} of {} is served without being noted under {}: {}", reference, from.label(), route.name(),
          e.getMessage());
    }
  }

  private RegistryException notHeld(Route route, Reference reference) {
    String sentence = "manifest unknown: " + route.name() + " does not hold " + reference;
    return route.upstreams().isEmpty()
        ? new RegistryException(ErrorCode.MANIFEST_UNKNOWN, sentence)
        : RegistryException.inconclusive(ErrorCode.MANIFEST_UNKNOWN, sentence + route.whyHeldOnly(), null);
  }

  private Manifest hit(Route route, Manifest manifest) {
    events.hit(route.upstreamName());
    return manifest;
  }
}
