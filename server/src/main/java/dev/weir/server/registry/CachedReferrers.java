package dev.weir.server.registry;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.weir.server.cache.Deadline;
import dev.weir.server.cache.SingleFlight;
import dev.weir.server.oci.Asker;
import dev.weir.server.oci.Referrer;
import dev.weir.server.upstream.UpstreamException;
import dev.weir.storage.Digest;
import dev.weir.storage.ManifestStore;
import dev.weir.storage.RepositoryName;

/**
 * What refers to a manifest: those held, and those that upstream names, asked for a short bounded time where some are
 * held. Thread-safe.
 */
final class CachedReferrers {
  private static final Logger LOG = LoggerFactory.getLogger(CachedReferrers.class);

  private record Key(RepositoryName keptAs, Digest subject) {}

  private final ManifestStore manifests;
  private final CachePolicy policy;
  private final SingleFlight<Key, List<Referrer>> fetches = new SingleFlight<>();

  CachedReferrers(ManifestStore manifests, CachePolicy policy) {
    this.manifests = manifests;
    this.policy = policy;
  }

  /**
   * Each once, those held first.
   *
   * @throws IOException if none is held and upstream could not say whether there are any
   */
  List<Referrer> list(Route route, Digest subject) throws IOException {
    Map<Digest, Referrer> found = new LinkedHashMap<>();
    addHeld(route.name(), subject, found);
    for (UpstreamRepository repository : route.upstreams()) {
      addHeld(repository.keptAs(), subject, found);
    }
    Patience patience = policy.patience().behind(Asker.current().via().hops());
    Deadline deadline = Deadline.in(found.isEmpty() ? patience.cold() : patience.whileHeld());
    Optional<IOException> failure = Optional.empty();
    for (UpstreamRepository repository : policy.tags().offline() ? List.<UpstreamRepository>of() : route.reachable()) {
      if (!found.isEmpty() && repository.upstream().client().isDown()) {
        continue;
      }
      try {
        ask(repository, subject, deadline)
            .forEach(referrer -> found.putIfAbsent(referrer.descriptor().digest(), referrer));
      } catch (IOException e) {
        LOG.info("the list of what refers to {} in {} lacks what {} may have: {}", subject, route.name(),
            repository.label(), e.getMessage());
        failure = failure.or(() -> Optional.of(e).filter(trouble -> !isAbsence(trouble)));
      }
    }
    if (found.isEmpty() && failure.isPresent()) {
      throw UpstreamAnswers.manifest(failure.get(), subject, true);
    }
    return List.copyOf(found.values());
  }

  private List<Referrer> ask(UpstreamRepository repository, Digest subject, Deadline deadline) throws IOException {
    return fetches
        .join(new Key(repository.keptAs(), subject), deadline.left(),
            () -> repository.upstream().client().referrers(repository.path(), subject))
        .orElseThrow(() -> repository.timedOut("list the referrers of " + subject, policy.patience().cold()));
  }

  /** To list what refers to a thing is to be told of it only by those who know it. */
  private static boolean isAbsence(IOException failure) {
    return UpstreamAnswers.upstreamPart(failure).map(UpstreamException::kind)
        .filter(kind -> kind == UpstreamException.Kind.ABSENT || kind == UpstreamException.Kind.DENIED).isPresent();
  }

  private void addHeld(RepositoryName name, Digest subject, Map<Digest, Referrer> found) throws IOException {
    manifests.forEachReferrer(name, subject,
        manifest -> found.computeIfAbsent(manifest.digest(), unknown -> Referrer.of(manifest)));
  }
}
