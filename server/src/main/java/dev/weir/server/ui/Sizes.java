package dev.weir.server.ui;

import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

import com.fasterxml.jackson.databind.JsonNode;

import dev.weir.storage.Content;
import dev.weir.storage.Digest;
import dev.weir.storage.Manifest;
import dev.weir.storage.RepositoryName;

/**
 * How large images are by what their manifests say, in bytes; what is named twice counts once. Reads no manifest twice,
 * none that only an index within an index names, and none when the effort is spent. For one answer.
 */
final class Sizes {
  private static final int MOST_CHILDREN = 50;

  private final Content content;
  private final RepositoryName name;
  private final Effort effort;
  /** What each child names; empty: it is not here. */
  private final Map<Digest, Optional<Map<Digest, Long>>> children = new HashMap<>();

  Sizes(Content content, RepositoryName name, Effort effort) {
    this.content = content;
    this.name = name;
    this.effort = effort;
  }

  /** Of all that it names; of an index, as far as its images are here. */
  long of(Said said) throws IOException {
    Map<Digest, Long> named = named(said);
    for (Digest child : said.children().stream().flatMap(each -> Said.digest(each).stream()).distinct()
        .limit(MOST_CHILDREN).toList()) {
      Optional<Map<Digest, Long>> more = child(child);
      more.ifPresent(named::putAll);
    }
    return sum(named);
  }

  /** Whether that child is known to be here, or not to be. */
  boolean isKnown(Digest child) throws IOException {
    var _ = child(child);
    return children.containsKey(child);
  }

  /** Of all that it names itself; empty: it is not here, or was not looked for. */
  Optional<Long> ofChild(Digest child) throws IOException {
    return child(child).map(Sizes::sum);
  }

  private Optional<Map<Digest, Long>> child(Digest digest) throws IOException {
    Optional<Map<Digest, Long>> known = children.get(digest);
    if (known != null || !effort.isLeft()) {
      return known == null ? Optional.empty() : known;
    }
    Optional<Manifest> held = content.manifests().get(name, digest);
    effort.read(held.map(manifest -> manifest.content().length).orElse(0));
    Optional<Map<Digest, Long>> found = held.map(manifest -> named(Said.of(manifest)));
    children.put(digest, found);
    return found;
  }

  private static long sum(Map<Digest, Long> named) {
    return named.values().stream().collect(Collectors.summingLong(Long::longValue));
  }

  private static Map<Digest, Long> named(Said said) {
    Map<Digest, Long> named = new LinkedHashMap<>();
    said.layers().forEach(layer -> add(layer, named));
    add(said.root().path("config"), named);
    said.children().forEach(child -> add(child, named));
    return named;
  }

  private static void add(JsonNode descriptor, Map<Digest, Long> named) {
    Said.digest(descriptor).ifPresent(digest -> named.put(digest, Said.size(descriptor)));
  }
}
