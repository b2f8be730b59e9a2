package dev.weir.server.archive.in;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

import com.fasterxml.jackson.databind.JsonNode;

import dev.weir.server.admin.Json;
import dev.weir.storage.Digest;
import dev.weir.storage.MediaTypes;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * Reads what {@code docker save} and podman's {@code docker-archive:} hold. There is no manifest in it: one is made, always
 * the same of the same layers, which are as they lie there, mostly not compressed. So the image's digest is not the one that
 * it has in the registry it came from.
 */
final class DockerArchive {
  private static final String CONFIG = "application/vnd.docker.container.image.v1+json";
  private static final String LAYER = "application/vnd.docker.image.rootfs.diff.tar";

  private final Found found;
  private final Optional<NamedImage> as;
  private final Function<String, Optional<Digest>> digests;

  /** @param digests of what lies at a path */
  DockerArchive(Found found, Optional<NamedImage> as, Function<String, Optional<Digest>> digests) {
    this.found = found;
    this.as = as;
    this.digests = digests;
  }

  void take(JsonNode images) throws IOException {
    for (JsonNode image : images) {
      List<NamedImage> names = names(image);
      String config = image.path("Config").asText("");
      String shown = names.isEmpty() ? "the image with the configuration " + config : names.getFirst().toString();
      if (names.isEmpty()) {
        found.notes().skip(Notes.printable(shown), "its source says no name for it; give one with --as NAME[:TAG]");
      } else {
        one(image, config, names);
      }
    }
  }

  private List<NamedImage> names(JsonNode image) {
    if (as.isPresent()) {
      return List.of(as.get());
    }
    List<NamedImage> names = new ArrayList<>();
    for (JsonNode tag : image.path("RepoTags")) {
      try {
        names.add(NamedImage.parse(tag.asText("")));
      } catch (IllegalArgumentException e) {
        found.notes().skip(Notes.printable(tag.asText("")), String.valueOf(e.getMessage()));
      }
    }
    return names;
  }

  private void one(JsonNode image, String config, List<NamedImage> names) throws IOException {
    String shown = names.getFirst().name().value();
    Map<String, Object> manifest = new LinkedHashMap<>();
    manifest.put("schemaVersion", 2);
    manifest.put("mediaType", MediaTypes.DOCKER_MANIFEST);
    List<Object> layers = new ArrayList<>();
    List<String> paths = new ArrayList<>(List.of(config));
    image.path("Layers").forEach(layer -> paths.add(layer.asText("")));
    for (String path : paths) {
      Optional<Digest> digest = digests.apply(path);
      Optional<Found.Place> place = digest.flatMap(found::place);
      if (digest.isEmpty() || place.isEmpty()) {
        found.notes().skip(shown, "it needs " + Notes.printable(path) + ", which is not in the archive, or damaged");
        return;
      }
      if (path.equals(config)) {
        manifest.put("config", descriptor(CONFIG, digest.get(), place.get()));
      } else {
        layers.add(descriptor(path.endsWith(".gz") ? LAYER + ".gzip" : LAYER, digest.get(), place.get()));
      }
    }
    manifest.put("layers", layers);
    Digest digest = found.small(Json.text(manifest).getBytes(UTF_8),
        new Member("manifest", "", new Bytes(Json.text(manifest).getBytes(UTF_8)), false));
    for (NamedImage name : names) {
      found.image(name.name(), digest);
      name.tag().ifPresent(tag -> found.tag(name.name(), tag, digest));
    }
  }

  private static Map<String, Object> descriptor(String type, Digest digest, Found.Place place) {
    long size = switch (place) {
      case Found.Place.Source source -> source.content().length();
      case Found.Place.There there -> there.bytes();
    };
    Map<String, Object> made = new LinkedHashMap<>();
    made.put("mediaType", type);
    made.put("size", size);
    made.put("digest", digest.toString());
    return made;
  }
}
