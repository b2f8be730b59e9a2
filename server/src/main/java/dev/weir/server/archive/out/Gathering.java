package dev.weir.server.archive.out;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

import dev.weir.server.precache.Platforms;
import dev.weir.storage.Descriptor;
import dev.weir.storage.Digest;
import dev.weir.storage.Manifest;
import dev.weir.storage.ManifestDocument;
import dev.weir.storage.MediaTypes;
import dev.weir.storage.Reference;
import dev.weir.storage.RepositoryName;
import dev.weir.storage.Tag;

/** Finds out what images are made of, and what of that is here. For one thread, once. */
public final class Gathering {
  /** What cosign puts beside an image, by the name of its tag. */
  private static final List<String> COMPANIONS = List.of(".sig", ".att", ".sbom");
  private static final Set<String> READ_BY_ALL = Set.of(MediaTypes.OCI_INDEX, MediaTypes.OCI_MANIFEST,
      MediaTypes.DOCKER_LIST, MediaTypes.DOCKER_MANIFEST);

  private final Held held;
  private final Platforms platforms;
  private final Set<Cargo.Image> images = new LinkedHashSet<>();
  private final Set<Cargo.Image> referrers = new LinkedHashSet<>();
  private final SortedMap<RepositoryName, Cargo.Repository> repositories = new TreeMap<>();
  private final SortedMap<String, Cargo.Piece> pieces = new TreeMap<>();
  private final SortedMap<String, List<Cargo.ReleaseSignature>> signatures = new TreeMap<>();
  private final Map<RepositoryName, Map<Tag, Digest>> tags = new HashMap<>();
  /** By digest and reason, so that what many images lack is named once for each. */
  private final Map<String, Missing> missing = new LinkedHashMap<>();

  /** @param platforms which images of an index are wanted */
  public Gathering(Held held, Platforms platforms) {
    this.held = held;
    this.platforms = platforms;
  }

  /**
   * Adds an image with all that belongs to it: its platforms, blobs and signatures, and the tags that lead to it.
   *
   * @param reference empty: everything in the repository
   */
  public void add(RepositoryName name, Optional<Reference> reference) throws IOException {
    if (reference.isEmpty()) {
      addRepository(name);
      return;
    }
    switch (reference.get()) {
      case Tag tag -> addTag(name, tag);
      case Digest digest -> {
        addImage(name, digest);
        for (Map.Entry<Tag, Digest> each : tags(name).entrySet()) {
          if (each.getValue().equals(digest) && has(name, digest)) {
            repository(name).tags().put(each.getKey(), digest);
          }
        }
      }
    }
  }

  /** Adds all that there is. */
  public void addEverything() throws IOException {
    for (RepositoryName name : held.repositories()) {
      addRepository(name);
    }
  }

  public Cargo cargo() {
    repositories.values().removeIf(each -> each.manifests().isEmpty());
    List<Cargo.ReleaseSignature> all = new ArrayList<>();
    signatures.values().forEach(all::addAll);
    return new Cargo(here(images), here(referrers), repositories, pieces, all, List.copyOf(missing.values()));
  }

  private List<Cargo.Image> here(Set<Cargo.Image> all) {
    return all.stream().filter(image -> has(image.name(), image.digest())).toList();
  }

  private void addRepository(RepositoryName name) throws IOException {
    List<Digest> all = held.manifests(name);
    Map<Tag, Digest> tagged = tags(name);
    if (all.isEmpty() && tagged.isEmpty()) {
      miss(name.value(), "nothing is held under this name");
    }
    for (Tag tag : tagged.keySet()) {
      addTag(name, tag);
    }
    for (Digest digest : all) {
      if (!has(name, digest)) {
        addImage(name, digest);
      }
    }
  }

  private void addTag(RepositoryName name, Tag tag) throws IOException {
    Digest digest = tags(name).get(tag);
    if (digest == null) {
      miss(name + ":" + tag, "is not held");
      return;
    }
    addImage(name, digest);
    if (has(name, digest)) {
      repository(name).tags().put(tag, digest);
    }
  }

  private void addImage(RepositoryName name, Digest digest) throws IOException {
    Cargo.Image image = new Cargo.Image(name, digest);
    if (images.add(image)) {
      walk(name, digest, image.toString());
    }
  }

  private boolean has(RepositoryName name, Digest digest) {
    Cargo.Repository repository = repositories.get(name);
    return repository != null && repository.manifests().containsKey(digest.toString());
  }

  private Cargo.Repository repository(RepositoryName name) {
    return repositories.computeIfAbsent(name, fresh -> new Cargo.Repository());
  }

  private Map<Tag, Digest> tags(RepositoryName name) throws IOException {
    Map<Tag, Digest> known = tags.get(name);
    if (known == null) {
      known = held.tags(name);
      tags.put(name, known);
    }
    return known;
  }

  private void walk(RepositoryName name, Digest digest, String image) throws IOException {
    if (has(name, digest)) {
      return;
    }
    Optional<Manifest> manifest = held.manifest(name, digest);
    if (manifest.isEmpty()) {
      miss(image, "the manifest " + digest + " is not held, or damaged");
      return;
    }
    pieces.putIfAbsent(digest.toString(), new Cargo.Piece(name, digest, manifest.get().content().length, true, image));
    read(name, manifest.get(), image);
    addCompanions(name, digest);
    addSignatures(digest);
  }

  private void read(RepositoryName name, Manifest manifest, String image) throws IOException {
    ManifestDocument document;
    try {
      document = ManifestDocument.parse(manifest.content());
    } catch (IllegalArgumentException e) {
      repository(name).manifests().put(manifest.digest().toString(), new Cargo.Kind(manifest.mediaType(), false));
      miss(image, "what its manifest " + manifest.digest() + " names cannot be read: " + e.getMessage());
      return;
    }
    boolean isReadByAll = document.schemaVersion() == 2 && READ_BY_ALL.contains(document.mediaType());
    repository(name).manifests().put(manifest.digest().toString(),
        new Cargo.Kind(manifest.mediaType(), isReadByAll));
    for (Descriptor blob : document.blobs()) {
      addBlob(name, blob, image, true);
    }
    for (Descriptor blob : document.foreign()) {
      addBlob(name, blob, image, false);
    }
    if (!document.manifests().isEmpty()) {
      addChildren(name, manifest, image);
    }
  }

  private void addChildren(RepositoryName name, Manifest index, String image) throws IOException {
    List<Digest> wanted = platforms.of(index.content());
    if (wanted.isEmpty()) {
      miss(image, "is there for none of these platforms: " + String.join(", ", platforms.wanted()) + "; its index has "
          + Platforms.in(index.content()));
    }
    for (Digest child : wanted) {
      walk(name, child, image);
    }
  }

  private void addBlob(RepositoryName name, Descriptor blob, String image, boolean needed) throws IOException {
    String digest = blob.digest().toString();
    if (!pieces.containsKey(digest)) {
      OptionalLong size = held.size(name, blob.digest());
      if (size.isEmpty() || (blob.size() >= 0 && blob.size() != size.getAsLong())) {
        if (needed) {
          miss(image, size.isEmpty()
              ? "its blob " + digest + " is not held"
              : "its blob " + digest + " is damaged: it has " + size.getAsLong() + " bytes in place of " + blob.size());
        }
        return;
      }
      pieces.put(digest, new Cargo.Piece(name, blob.digest(), size.getAsLong(), false, image));
    }
    repository(name).layers().add(digest);
  }

  /** Signatures, attestations, bills of materials, and whatever else says what it refers to. */
  private void addCompanions(RepositoryName name, Digest digest) throws IOException {
    for (String kind : COMPANIONS) {
      Tag tag = Tag.parse(digest.algorithm() + "-" + digest.hex() + kind);
      Digest companion = tags(name).get(tag);
      if (companion != null) {
        walk(name, companion, name + ":" + tag);
        if (has(name, companion)) {
          repository(name).tags().put(tag, companion);
        }
      }
    }
    for (Digest referrer : held.referrers(name, digest)) {
      walk(name, referrer, name + "@" + referrer);
      referrers.add(new Cargo.Image(name, referrer));
    }
  }

  private void addSignatures(Digest release) throws IOException {
    if (signatures.containsKey(release.toString())) {
      return;
    }
    List<byte[]> found = held.signatures(release);
    List<Cargo.ReleaseSignature> all = new ArrayList<>();
    for (int i = 0; i < found.size(); i++) {
      all.add(new Cargo.ReleaseSignature(release, i + 1, found.get(i)));
    }
    if (!all.isEmpty()) {
      signatures.put(release.toString(), all);
    }
  }

  private void miss(String image, String why) {
    missing.putIfAbsent(image + " " + why, new Missing(image, why));
  }
}
