package dev.weir.server.archive.in;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;

import dev.weir.server.archive.Connection;
import dev.weir.storage.Descriptor;
import dev.weir.storage.Digest;
import dev.weir.storage.ManifestDocument;
import dev.weir.storage.RepositoryName;
import dev.weir.storage.Tag;

/** Puts manifests where they belong, once the target has their blobs, and tags after them. For one thread. */
final class Settling {
  private static final int MOST_NAMED = 3;

  private final Target target;
  private final Found found;
  private final Plan plan;
  private final Set<Plan.Image> settled = new HashSet<>();
  private final Map<RepositoryName, Set<Digest>> has = new HashMap<>();
  private final Map<RepositoryName, Long> bytes = new HashMap<>();
  private final Map<RepositoryName, Integer> put = new HashMap<>();

  Settling(Target target, Found found, Plan plan) {
    this.target = target;
    this.found = found;
    this.plan = plan;
  }

  void settle() throws IOException {
    for (Plan.Image image : plan.images()) {
      try {
        settle(image);
      } catch (Target.Refused | Connection.Unreadable e) {
        found.notes().skip(image.toString(), String.valueOf(e.getMessage()));
      }
    }
  }

  private void settle(Plan.Image image) throws IOException {
    byte[] content = plan.content(image.digest());
    ManifestDocument document = ManifestDocument.parse(content);
    List<String> lacks = new ArrayList<>();
    for (Descriptor blob : plan.blobs(document)) {
      if (!bring(image.name(), blob)) {
        lacks.add(found.lack(blob.digest()));
      }
    }
    if (!lacks.isEmpty()) {
      String more = lacks.size() > MOST_NAMED ? " and " + (lacks.size() - MOST_NAMED) + " more" : "";
      throw new Target.Refused(
          "it needs " + String.join("; ", lacks.subList(0, Math.min(MOST_NAMED, lacks.size()))) + more);
    }
    target.putManifest(image.name(), image.digest(), found.typeOf(image.digest(), document), content);
    settled.add(image);
    put.merge(image.name(), 1, Integer::sum);
    bytes.merge(image.name(), (long) content.length, Long::sum);
    long absent = document.manifests().stream()
        .filter(child -> found.place(child.digest()).isEmpty()).count();
    if (absent > 0) {
      found.notes().remark(image + " names " + document.manifests().size() + " images, of which " + absent
          + " are not in what was given, as of other platforms");
    }
  }

  /** False: the target has it nowhere, and we neither. */
  private boolean bring(RepositoryName name, Descriptor blob) throws IOException {
    Digest digest = blob.digest();
    Set<Digest> there = has.computeIfAbsent(name, new_ -> new HashSet<>());
    if (there.contains(digest)) {
      return true;
    }
    Optional<Found.Place> place = found.place(digest);
    long length = found.length(blob);
    boolean brought = place.orElse(null) instanceof Found.Place.There known
        ? known.name().equals(name) || target.mount(name, digest, Optional.of(known.name()), length)
            || copy(known.name(), name, digest)
        : target.hasBlob(name, digest, length) || target.mount(name, digest, Optional.empty(), length);
    if (brought) {
      there.add(digest);
      bytes.merge(name, place.orElse(null) instanceof Found.Place.There known ? Math.max(0, known.bytes()) : 0,
          Long::sum);
    }
    return brought;
  }

  /** For a registry that mounts nothing. */
  private boolean copy(RepositoryName from, RepositoryName to, Digest digest) throws IOException {
    target.putBlob(to, digest, target.blob(from, digest));
    return true;
  }

  /** Points tags at what is there; returns those that point there now, by repository. */
  Map<RepositoryName, List<String>> tags() throws IOException {
    Map<RepositoryName, List<String>> set = new HashMap<>();
    for (Map.Entry<RepositoryName, SortedMap<Tag, Digest>> repository : found.tags().entrySet()) {
      for (Map.Entry<Tag, Digest> each : repository.getValue().entrySet()) {
        Plan.Image image = new Plan.Image(repository.getKey(), each.getValue());
        if (tag(image, each.getKey())) {
          set.computeIfAbsent(image.name(), new_ -> new ArrayList<>()).add(each.getKey().value());
        }
      }
    }
    return set;
  }

  private boolean tag(Plan.Image image, Tag tag) throws IOException {
    if (!settled.contains(image) && !plan.isHeld(image)) {
      found.notes().skip(image.name() + ":" + tag, "it points to " + image.digest() + ", which did not go in");
      return false;
    }
    try {
      Optional<Digest> before = target.tagged(image.name(), tag);
      if (!before.equals(Optional.of(image.digest()))) {
        byte[] content = plan.content(image.digest());
        target.putManifest(image.name(), tag,
            found.typeOf(image.digest(), ManifestDocument.parse(content)), content);
        before.ifPresent(old -> found.notes().remark(image.name() + ":" + tag + " pointed to " + old
            + " and points to " + image.digest() + " now"));
      }
      return true;
    } catch (Target.Refused | Connection.Unreadable e) {
      found.notes().skip(image.name() + ":" + tag, String.valueOf(e.getMessage()));
      return false;
    }
  }

  /** Manifests that were put into a repository. */
  int put(RepositoryName name) {
    return put.getOrDefault(name, 0);
  }

  /** Of all that they name. */
  long bytes(RepositoryName name) {
    return bytes.getOrDefault(name, 0L);
  }
}
