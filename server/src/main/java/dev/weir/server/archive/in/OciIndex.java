package dev.weir.server.archive.in;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import com.fasterxml.jackson.databind.JsonNode;

import dev.weir.server.archive.ImageLayout;
import dev.weir.storage.Digest;
import dev.weir.storage.RepositoryName;
import dev.weir.storage.Tag;

/** Reads the index of an OCI layout: which images it holds, and what they are called. */
final class OciIndex {
  private final Found found;
  private final Optional<NamedImage> as;

  OciIndex(Found found, Optional<NamedImage> as) {
    this.found = found;
    this.as = as;
  }

  private record Entry(Digest digest, Optional<RepositoryName> name, Optional<Tag> tag) {}

  void take(JsonNode index) throws IOException {
    List<Entry> entries = new ArrayList<>();
    for (JsonNode manifest : index.path("manifests")) {
      try {
        entries.add(entry(manifest));
      } catch (IllegalArgumentException e) {
        throw new Damaged("its " + ImageLayout.OCI_INDEX + " holds what cannot be: " + e.getMessage());
      }
    }
    List<RepositoryName> names = entries.stream().flatMap(each -> each.name().stream()).distinct().toList();
    for (Entry each : entries) {
      Optional<RepositoryName> name = as.map(NamedImage::name).or(each::name)
          .or(() -> names.size() == 1 ? Optional.of(names.getFirst()) : Optional.empty());
      if (name.isEmpty()) {
        found.notes().skip("the image " + each.digest(),
            "its source says no name for it; give one with --as NAME[:TAG]");
      } else {
        put(name.get(), each, entries.size() == 1);
      }
    }
  }

  private void put(RepositoryName name, Entry entry, boolean isAlone) {
    found.image(name, entry.digest());
    Optional<Tag> tag = isAlone ? as.flatMap(NamedImage::tag).or(entry::tag) : entry.tag();
    tag.ifPresent(each -> found.tag(name, each, entry.digest()));
  }

  private static Entry entry(JsonNode manifest) {
    Digest digest = Digest.parse(manifest.path("digest").asText(""));
    JsonNode annotations = manifest.path("annotations");
    Optional<NamedImage> full = image(annotations.path(ImageLayout.CONTAINERD_NAME).asText(""));
    String reference = annotations.path(ImageLayout.OCI_NAME).asText("");
    if (full.isEmpty() && (reference.contains("/") || reference.contains(":"))) {
      full = image(reference);
    }
    Optional<Tag> tag = full.flatMap(NamedImage::tag).or(() -> Tag.parsed(reference));
    return new Entry(digest, full.map(NamedImage::name), tag);
  }

  private static Optional<NamedImage> image(String text) {
    try {
      return text.isEmpty() ? Optional.empty() : Optional.of(NamedImage.parse(text));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
