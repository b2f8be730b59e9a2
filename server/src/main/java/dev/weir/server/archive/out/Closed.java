package dev.weir.server.archive.out;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import dev.weir.storage.Descriptor;
import dev.weir.storage.Digest;
import dev.weir.storage.ManifestDocument;
import dev.weir.storage.RepositoryName;

/** Knows which images were written with all that they name: only such get names by which they are found. For one thread, once. */
final class Closed {
  private final Held held;
  private final Cargo cargo;
  private final BlobFiles files;
  private final Map<Cargo.Image, Boolean> known = new HashMap<>();

  /** @param files to which all was given that there is */
  Closed(Held held, Cargo cargo, BlobFiles files) {
    this.held = held;
    this.cargo = cargo;
    this.files = files;
  }

  boolean is(RepositoryName name, Digest digest) throws IOException {
    Cargo.Image image = new Cargo.Image(name, digest);
    Boolean before = known.get(image);
    if (before != null) {
      return before;
    }
    boolean found = isThere(digest) && isClosed(image);
    known.put(image, found);
    return found;
  }

  private boolean isThere(Digest digest) {
    return cargo.piece(digest).isPresent() && !files.isDamaged(digest);
  }

  private boolean isClosed(Cargo.Image image) throws IOException {
    Optional<ManifestDocument> document = held.manifest(image.name(), image.digest())
        .flatMap(manifest -> ManifestDocument.parsed(manifest.content()));
    return document.isPresent() && document.get().blobs().stream().allMatch(blob -> isThere(blob.digest()))
        && areClosed(image.name(), document.get().manifests());
  }

  /** Those that are held; at least one. */
  private boolean areClosed(RepositoryName name, List<Descriptor> children) throws IOException {
    boolean isOneHere = children.isEmpty();
    for (Descriptor child : children) {
      if (cargo.has(name, child.digest())) {
        isOneHere = true;
        if (!is(name, child.digest())) {
          return false;
        }
      }
    }
    return isOneHere;
  }
}
