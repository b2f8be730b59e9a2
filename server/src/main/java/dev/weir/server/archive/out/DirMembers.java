package dev.weir.server.archive.out;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

import dev.weir.server.archive.ImageLayout;
import dev.weir.storage.Descriptor;
import dev.weir.storage.Digest;
import dev.weir.storage.Manifest;
import dev.weir.storage.ManifestDocument;
import dev.weir.storage.RepositoryName;

/** An image as skopeo's {@code dir:} has it, within a folder: of an index, the images that are here. */
final class DirMembers {
  private final Held held;
  private final Cargo cargo;
  private final String folder;
  /** By their paths, each once. */
  private final Map<String, Member> members = new TreeMap<>();

  private DirMembers(Held held, Cargo cargo, String folder) {
    this.held = held;
    this.cargo = cargo;
    this.folder = folder;
  }

  /** Empty: something of it is not here, and without that it cannot be loaded. */
  static Optional<List<Member>> of(Held held, Cargo cargo, Cargo.Image image, String folder) throws IOException {
    DirMembers dir = new DirMembers(held, cargo, folder);
    dir.members.put("", new Member.Text(folder + "/" + ImageLayout.DIR_VERSION, ImageLayout.DIR_VERSION_CONTENT));
    if (!dir.add(image.name(), image.digest(), ImageLayout.MANIFEST)) {
      return Optional.empty();
    }
    return Optional.of(Stream.concat(Stream.of(new Member.Folder(folder)), dir.members.values().stream()).toList());
  }

  private boolean add(RepositoryName name, Digest digest, String file) throws IOException {
    Optional<Manifest> manifest = held.manifest(name, digest);
    if (manifest.isEmpty() || !add(digest, file)) {
      return false;
    }
    Optional<ManifestDocument> document = ManifestDocument.parsed(manifest.get().content());
    if (document.isEmpty()) {
      return false;
    }
    for (Descriptor blob : document.get().blobs()) {
      if (!add(blob.digest(), blob.digest().hex())) {
        return false;
      }
    }
    return document.get().manifests().isEmpty() || addChildren(name, document.get().manifests());
  }

  /** At least one. */
  private boolean addChildren(RepositoryName name, List<Descriptor> children) throws IOException {
    List<Descriptor> here = new ArrayList<>();
    for (Descriptor child : children) {
      if (cargo.piece(child.digest()).isPresent()) {
        here.add(child);
      }
    }
    for (Descriptor child : here) {
      if (!add(name, child.digest(), child.digest().hex() + ".manifest.json")) {
        return false;
      }
    }
    return !here.isEmpty();
  }

  private boolean add(Digest digest, String file) {
    Optional<Cargo.Piece> piece = cargo.piece(digest);
    piece.ifPresent(found -> members.put(file, new Member.Bytes(folder + "/" + file, found)));
    return piece.isPresent();
  }
}
