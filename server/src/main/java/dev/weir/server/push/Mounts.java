package dev.weir.server.push;

import java.io.IOException;
import java.util.Optional;

import dev.weir.storage.BlobStore;
import dev.weir.storage.Digest;
import dev.weir.storage.RepositoryName;

/** Blobs that a repository takes over from another instead of having them sent again. Thread-safe. */
public final class Mounts {
  private final BlobStore blobs;
  private final Custody custody;

  public Mounts(BlobStore blobs) {
    this(blobs, Custody.NONE);
  }

  /** @param custody told of each blob that is mounted */
  public Mounts(BlobStore blobs, Custody custody) {
    this.blobs = blobs;
    this.custody = custody;
  }

  /**
   * Lets {@code name} give out a blob that {@code from} has. False: it is to be uploaded. Without {@code from} only a
   * blob that the repository has itself will do: that some other has it says nothing of who may have it.
   */
  public boolean mount(RepositoryName name, Digest digest, Optional<RepositoryName> from) throws IOException {
    Optional<Digest> target = blobs.linked(name, digest);
    if (target.isEmpty() && from.isPresent()) {
      target = blobs.linked(from.get(), digest);
    }
    target.ifPresent(custody::claim);
    if (target.isEmpty() || blobs.size(target.get()).isEmpty()) {
      return false;
    }
    blobs.link(name, digest, target.get());
    return true;
  }
}
