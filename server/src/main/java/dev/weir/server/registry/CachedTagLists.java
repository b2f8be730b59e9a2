package dev.weir.server.registry;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.weir.server.cache.Deadline;
import dev.weir.server.cache.Freshness.TagPolicy;
import dev.weir.server.cache.SingleFlight;
import dev.weir.server.oci.Asker;
import dev.weir.server.oci.ErrorCode;
import dev.weir.server.oci.RegistryException;
import dev.weir.server.upstream.UpstreamException;
import dev.weir.storage.RepositoryName;
import dev.weir.storage.Tag;
import dev.weir.storage.TagStore;

/**
 * The tags of a repository: those held, and where there is an upstream also those it names, asked for at most once a TTL
 * and for a short bounded time; failing that, those held. Thread-safe.
 */
final class CachedTagLists {
  private static final Logger LOG = LoggerFactory.getLogger(CachedTagLists.class);
  private static final int MOST_LISTS = 1_000;

  private final TagStore tags;
  private final TagPolicy policy;
  private final Patience patience;
  private final SingleFlight<RepositoryName, List<Tag>> fetches = new SingleFlight<>();
  private final Cache<RepositoryName, List<Tag>> recent;

  CachedTagLists(TagStore tags, CachePolicy policy) {
    this.tags = tags;
    this.policy = policy.tags();
    this.patience = policy.patience();
    this.recent = Caffeine.newBuilder().maximumSize(MOST_LISTS).expireAfterWrite(policy.tags().ttl()).build();
  }

  /** In byte order, those greater than {@code after}; the caller closes the stream. */
  Stream<Tag> list(Route route, String after) throws IOException {
    if (route.upstreams().isEmpty() && tags.isRepository(route.name())) {
      return tags.list(route.name(), after);
    }
    NavigableSet<Tag> all = held(route);
    List<UpstreamException> failures = new ArrayList<>();
    boolean answered = false;
    Deadline deadline = Deadline
        .in(all.isEmpty() ? patience.behind(Asker.current().via().hops()).cold() : patience.whileHeld());
    for (UpstreamRepository repository : policy.offline() ? List.<UpstreamRepository>of() : route.reachable()) {
      if (!all.isEmpty() && repository.upstream().client().isDown()) {
        continue;
      }
      try {
        all.addAll(listed(repository, deadline.left()));
        answered = true;
      } catch (IOException e) {
        LOG.debug("tags of {} are listed as they are held: {}", route.name(), e.getMessage());
        failures.add(UpstreamAnswers.upstreamPart(e).orElseThrow(() -> e));
      }
    }
    if (all.isEmpty() && !answered && !tags.isRepository(route.name())) {
      Optional<UpstreamException> worst = failures.stream().max(Comparator.comparingInt(FirstThatHas::weight));
      throw worst.isPresent() ? UpstreamAnswers.tags(worst.get()) : unknown(route);
    }
    return all.stream().filter(tag -> tag.value().compareTo(after) > 0);
  }

  private NavigableSet<Tag> held(Route route) throws IOException {
    NavigableSet<Tag> all = new TreeSet<>();
    addHeld(route.name(), all);
    for (UpstreamRepository repository : route.upstreams()) {
      addHeld(repository.keptAs(), all);
    }
    return all;
  }

  private void addHeld(RepositoryName name, NavigableSet<Tag> all) throws IOException {
    try (Stream<Tag> held = tags.list(name, "")) {
      held.forEach(all::add);
    }
  }

  private List<Tag> listed(UpstreamRepository repository, Duration howLong) throws IOException {
    List<Tag> known = recent.getIfPresent(repository.keptAs());
    if (known != null) {
      return known;
    }
    return fetches.join(repository.keptAs(), howLong, () -> {
      List<Tag> fetched = repository.upstream().client().tags(repository.path());
      recent.put(repository.keptAs(), fetched);
      return fetched;
    }).orElseThrow(() -> repository.timedOut("list the tags", howLong));
  }

  private static RegistryException unknown(Route route) {
    return new RegistryException(ErrorCode.NAME_UNKNOWN, "repository name not known to registry: " + route.name());
  }
}
