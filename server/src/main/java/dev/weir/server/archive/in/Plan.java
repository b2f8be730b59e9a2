package dev.weir.server.archive.in;

import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

import dev.weir.server.archive.Connection;
import dev.weir.storage.Descriptor;
import dev.weir.storage.Digest;
import dev.weir.storage.ManifestDocument;
import dev.weir.storage.RepositoryName;

/**
 * What is to be done once all sources were read: which manifests the target lacks, children before those that name them, and
 * which blobs have to be sent for them. For one thread.
 */
final class Plan {
  /** More than any registry takes. */
  static final int LARGEST_MANIFEST = 4 << 20;
  private static final int DEEPEST = 8;

  private final Target target;
  private final Found found;
  private final Set<Image> images = new LinkedHashSet<>();
  private final Set<Image> seen = new HashSet<>();
  private final Set<Image> held = new HashSet<>();
  private final Map<RepositoryName, Set<Digest>> there = new HashMap<>();
  private final Map<Digest, RepositoryName> toSend = new LinkedHashMap<>();
  private long bytes;

  /** A manifest in a repository of the target. */
  record Image(RepositoryName name, Digest digest) {
    @Override
    public String toString() {
      return name + "@" + digest;
    }
  }

  Plan(Target target, Found found) {
    this.target = target;
    this.found = found;
  }

  /** @param watch told of each repository */
  static Plan of(Target target, Found found, Watch watch) throws IOException {
    Plan plan = new Plan(target, found);
    for (Map.Entry<RepositoryName, Set<Digest>> each : found.images().entrySet()) {
      watch.at(0, 0, "looking what " + target.shown() + " has of " + each.getKey());
      for (Digest digest : List.copyOf(each.getValue())) {
        plan.add(new Image(each.getKey(), digest), 0);
      }
    }
    return plan;
  }

  private void add(Image image, int depth) throws IOException {
    if (!seen.add(image)) {
      return;
    }
    boolean isThere = target.hasManifest(image.name(), image.digest());
    if (isThere && found.place(image.digest()).isEmpty()) {
      held.add(image); // nobody gave us what could mend it
      return;
    }
    Optional<ManifestDocument> document = document(image);
    if (document.isEmpty()) {
      return;
    }
    for (Descriptor child : depth < DEEPEST ? document.get().manifests() : List.<Descriptor>of()) {
      if (found.place(child.digest()).isPresent()) {
        add(new Image(image.name(), child.digest()), depth + 1);
      }
    }
    boolean isWhole = true;
    for (Descriptor blob : blobs(document.get())) {
      isWhole &= has(image.name(), blob);
    }
    (isThere && isWhole ? held : images).add(image);
  }

  /** Whether a repository of the target has a blob, all of it; what it has not is to be sent. */
  private boolean has(RepositoryName name, Descriptor blob) throws IOException {
    Set<Digest> known = there.computeIfAbsent(name, new_ -> new HashSet<>());
    if (known.contains(blob.digest())) {
      return true;
    }
    Found.Place place = found.place(blob.digest()).orElse(null);
    if (target.hasBlob(name, blob.digest(), found.length(blob))) {
      known.add(blob.digest());
      if (place instanceof Found.Place.Source source) {
        long length = source.content().length();
        bytes -= toSend.remove(blob.digest()) == null ? 0 : Math.max(0, length);
        found.present();
        found.moved(blob.digest(), name, length);
      }
      return true;
    }
    if (place instanceof Found.Place.Source source && toSend.putIfAbsent(blob.digest(), name) == null) {
      bytes += Math.max(0, source.content().length());
    }
    return false;
  }

  /** Those that it cannot do without, and those that can be had elsewhere, too, where the source has them. */
  List<Descriptor> blobs(ManifestDocument document) {
    return Stream.concat(document.blobs().stream(),
        document.foreign().stream().filter(each -> found.place(each.digest()).isPresent())).distinct().toList();
  }

  private Optional<ManifestDocument> document(Image image) throws IOException {
    try {
      return Optional.of(ManifestDocument.parse(content(image.digest())));
    } catch (IllegalArgumentException e) {
      found.notes().skip(image.toString(), "it is no manifest: " + e.getMessage());
    } catch (Target.Refused | Connection.Unreadable e) {
      found.notes().skip(image.toString(), String.valueOf(e.getMessage()));
    }
    return Optional.empty();
  }

  /**
   * A manifest's bytes, verified.
   *
   * @throws Target.Refused if they are not to be had, or others
   */
  byte[] content(Digest digest) throws IOException {
    while (true) {
      Found.Place place = found.place(digest)
          .orElseThrow(() -> new Target.Refused("no manifest " + found.lack(digest)));
      try {
        return content(digest, place);
      } catch (Target.Refused e) {
        if (place instanceof Found.Place.There || !found.turn(digest)) {
          throw e;
        }
      }
    }
  }

  private byte[] content(Digest digest, Found.Place place) throws IOException {
    Connection.Body body = switch (place) {
      case Found.Place.Source source -> source.content();
      case Found.Place.There there -> target.blob(there.name(), digest);
    };
    byte[] content;
    try (InputStream in = body.open()) {
      content = in.readNBytes(LARGEST_MANIFEST + 1);
    } catch (IOException e) {
      throw place instanceof Found.Place.Source ? new Target.Refused(String.valueOf(e.getMessage()), e) : e;
    }
    if (content.length > LARGEST_MANIFEST) {
      throw new Target.Refused("it has more than the " + LARGEST_MANIFEST + " bytes that a manifest may have");
    }
    if (!Digest.of(digest.algorithm(), content).equals(digest)) {
      throw new Target.Refused("its content is another than its digest says");
    }
    return content;
  }

  /** To be put, in this order. */
  Set<Image> images() {
    return images;
  }

  /** Whether the target had it before. */
  boolean isHeld(Image image) {
    return held.contains(image);
  }

  /** How many of a repository it had before. */
  int held(RepositoryName name) {
    return (int) held.stream().filter(image -> image.name().equals(name)).count();
  }

  /** Blobs that lie in the source still, and the repository that each is sent to. */
  Map<Digest, RepositoryName> toSend() {
    return toSend;
  }

  /** Of these, in all. */
  long bytes() {
    return bytes;
  }
}
