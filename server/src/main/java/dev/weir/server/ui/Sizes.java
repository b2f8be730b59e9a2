package dev.weir.server.ui;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

import com.fasterxml.jackson.databind.JsonNode;

import dev.weir.storage.Content;
import dev.weir.storage.Digest;
import dev.weir.storage.Manifest;
import dev.weir.storage.RepositoryName;

/** How large images are by what their manifests say, in bytes; what is named twice counts once. */
record Sizes(Content content, RepositoryName name) {
  private static final int MOST_CHILDREN = 50;

  /** Of all that it names; of an index, as far as its images are here. */
  long of(Said said) throws IOException {
    Map<Digest, Long> named = new LinkedHashMap<>();
    add(said, named);
    for (JsonNode child : said.children().stream().limit(MOST_CHILDREN).toList()) {
      Optional<Digest> digest = Said.digest(child);
      Optional<Manifest> manifest = digest.isEmpty()
          ? Optional.empty()
          : content.manifests().get(name, digest.get());
      manifest.ifPresent(held -> add(Said.of(held), named));
    }
    return named.values().stream().mapToLong(Long::longValue).sum();
  }

  private static void add(Said said, Map<Digest, Long> named) {
    said.layers().forEach(layer -> add(layer, named));
    add(said.root().path("config"), named);
    said.children().forEach(child -> add(child, named));
  }

  private static void add(JsonNode descriptor, Map<Digest, Long> named) {
    Said.digest(descriptor).ifPresent(digest -> named.put(digest, Said.size(descriptor)));
  }
}
