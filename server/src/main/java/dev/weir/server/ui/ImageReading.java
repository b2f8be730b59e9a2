package dev.weir.server.ui;

import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

import dev.weir.server.ui.ImageView.Config;
import dev.weir.server.ui.ImageView.Layer;
import dev.weir.server.ui.ImageView.Platform;
import dev.weir.server.ui.ImageView.Referrer;
import dev.weir.server.ui.ImageView.SideTag;
import dev.weir.server.ui.ImageView.Step;
import dev.weir.storage.Content;
import dev.weir.storage.Digest;
import dev.weir.storage.Manifest;
import dev.weir.storage.Reference;
import dev.weir.storage.RepositoryName;
import dev.weir.storage.StoredObject;
import dev.weir.storage.Tag;

/** Puts together what is held of one image, as far as the effort goes. */
record ImageReading(Content content, RepositoryName name, Effort effort) {
  private static final int LONGEST_CONFIG = 1 << 20;
  private static final int MOST_REFERRERS = 100;
  private static final List<String> SIDE_TAGS = List.of("sig", "att", "sbom");

  ImageView view(Reference reference, Manifest manifest) throws IOException {
    Said said = Said.of(manifest);
    Digest digest = manifest.digest();
    Sizes sizes = new Sizes(content, name, effort);
    return new ImageView(name.value(), reference.toString(), digest.toString(), manifest.mediaType(), said.kind(),
        said.artifactType(), Images.word(content.manifests().keeping(name, digest)),
        List.copyOf(content.manifests().pins(name, digest)), sizes.of(said),
        manifest.content().length, content.inventory().written(digest).map(Instant::toString).orElse(null),
        Said.digest(said.root().path("subject")).map(Digest::toString).orElse(null),
        Said.map(said.root(), "annotations"), config(said), platforms(said, sizes), layers(said, digest),
        referrers(digest),
        sideTags(digest));
  }

  private @Nullable Config config(Said manifest) throws IOException {
    JsonNode descriptor = manifest.root().path("config");
    Optional<Digest> digest = Said.digest(descriptor);
    if (digest.isEmpty()) {
      return null;
    }
    Said said = Said.of("", bytes(digest.get()));
    JsonNode root = said.root();
    JsonNode runs = root.path("config");
    return new Config(digest.get().toString(), Said.text(descriptor, "mediaType"), Said.size(descriptor),
        Said.platform(root), Said.text(root, "created"), Said.text(root, "author"), Said.text(runs, "User"),
        Said.text(runs, "WorkingDir"), Said.texts(runs, "Entrypoint"), Said.texts(runs, "Cmd"),
        List.copyOf(Said.map(runs, "ExposedPorts").keySet()), Said.map(runs, "Labels"),
        Said.all(root, "history").map(ImageReading::step).toList());
  }

  private static Step step(JsonNode node) {
    return new Step(Said.text(node, "created_by"), Said.text(node, "comment"),
        node.path("empty_layer").asBoolean(false));
  }

  /** Nothing, where it is not the repository's to give out, not here, or too long to be shown. */
  private byte[] bytes(Digest digest) throws IOException {
    Optional<Digest> linked = content.blobs().linked(name, digest);
    Optional<StoredObject> held = linked.isEmpty() ? Optional.empty() : content.blobs().open(linked.get());
    if (held.isEmpty()) {
      return new byte[0];
    }
    try (StoredObject blob = held.get(); InputStream in = blob.read()) {
      return blob.size() > LONGEST_CONFIG ? new byte[0] : in.readNBytes(LONGEST_CONFIG);
    }
  }

  private static List<Platform> platforms(Said said, Sizes sizes) throws IOException {
    Map<Digest, JsonNode> children = new LinkedHashMap<>();
    said.children().forEach(child -> Said.digest(child).ifPresent(digest -> children.putIfAbsent(digest, child)));
    List<Platform> found = new ArrayList<>();
    for (Map.Entry<Digest, JsonNode> child : children.entrySet()) {
      found.add(platform(child.getValue(), child.getKey(), sizes));
    }
    return found;
  }

  private static Platform platform(JsonNode child, Digest digest, Sizes sizes) throws IOException {
    Optional<Long> size = sizes.ofChild(digest);
    return new Platform(digest.toString(), Said.platform(child.path("platform")), Said.text(child, "mediaType"),
        size.orElse(0L), sizes.isKnown(digest) ? size.isPresent() : null, Said.few(child, "annotations"));
  }

  private List<Layer> layers(Said said, Digest manifest) throws IOException {
    boolean fromUpstream = content.manifests().isCached(name, manifest);
    Map<Digest, Boolean> known = new HashMap<>();
    List<Layer> found = new ArrayList<>();
    for (JsonNode layer : said.layers()) {
      Optional<Digest> digest = Said.digest(layer);
      if (digest.isPresent()) {
        if (!known.containsKey(digest.get()) && effort.isLeft()) {
          known.put(digest.get(), isHeld(digest.get(), fromUpstream));
        }
        found.add(new Layer(digest.get().toString(), Said.text(layer, "mediaType"), Said.size(layer),
            known.get(digest.get()), Said.few(layer, "annotations")));
      }
    }
    return found;
  }

  /** What a pushed manifest names may be another repository's: whether that is here is nobody's business. */
  private boolean isHeld(Digest layer, boolean fromUpstream) throws IOException {
    return (fromUpstream || content.blobs().isLinked(name, layer)) && content.blobs().size(layer).isPresent();
  }

  private List<Referrer> referrers(Digest digest) throws IOException {
    List<Referrer> found = new ArrayList<>();
    for (Digest each : content.manifests().referrers(name, digest)) {
      if (found.size() >= MOST_REFERRERS || !effort.isLeft()) {
        break;
      }
      Optional<Manifest> manifest = content.manifests().get(name, each);
      effort.read(manifest.map(held -> held.content().length).orElse(0));
      manifest.ifPresent(held -> found.add(referrer(held)));
    }
    return found;
  }

  private static Referrer referrer(Manifest manifest) {
    Said said = Said.of(manifest);
    return new Referrer(manifest.digest().toString(),
        said.artifactType().isEmpty() ? said.mediaType() : said.artifactType(), manifest.content().length,
        Said.few(said.root(), "annotations"));
  }

  private List<SideTag> sideTags(Digest digest) throws IOException {
    List<SideTag> found = new ArrayList<>();
    for (String what : digest.algorithm() == Digest.Algorithm.SHA256 ? SIDE_TAGS : List.<String>of()) {
      Tag tag = Tag.parse(digest.algorithm() + "-" + digest.hex() + "." + what);
      Optional<Digest> target = content.tags().resolve(name, tag);
      target.ifPresent(each -> found.add(new SideTag(tag.value(), what, each.toString())));
    }
    return found;
  }
}
