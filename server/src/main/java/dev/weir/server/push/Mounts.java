package dev.weir.server.push;

import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;

import dev.weir.storage.BlobStore;
import dev.weir.storage.Digest;
import dev.weir.storage.RepositoryName;

/** Blobs that a repository takes over from another instead of having them sent again. Thread-safe. */
public final class Mounts {
  private final BlobStore blobs;
  private final Custody custody;
  private final boolean fromAnywhere;

  public Mounts(BlobStore blobs) {
    this(blobs, Custody.NONE);
  }

  /** @param custody told of each blob that is mounted */
  public Mounts(BlobStore blobs, Custody custody) {
    this(blobs, custody, false);
  }

  private Mounts(BlobStore blobs, Custody custody, boolean fromAnywhere) {
    this.blobs = blobs;
    this.custody = custody;
    this.fromAnywhere = fromAnywhere;
  }

  /** For those who may have everything: a blob that lies here will do, whichever repository has it. */
  public static Mounts fromAnywhere(BlobStore blobs, Custody custody) {
    return new Mounts(blobs, custody, true);
  }

  /**
   * Lets {@code name} give out a blob that {@code from} has. False: it is to be uploaded. Without {@code from} only a
   * blob that the repository has itself will do: that some other has it says nothing of who may have it.
   */
  public boolean mount(RepositoryName name, Digest digest, Optional<RepositoryName> from) throws IOException {
    Optional<Digest> target = blobs.linkedForWriting(name, digest);
    if (target.isEmpty() && from.isPresent()) {
      target = blobs.linkedForWriting(from.get(), digest);
    }
    if (target.isEmpty() && fromAnywhere) {
      target = Optional.of(digest);
    }
    if (target.isEmpty()) {
      return false;
    }
    custody.claim(target.get());
    if (!isThere(target.get())) {
      return false;
    }
    blobs.link(name, digest, target.get());
    return true;
  }

  /** A file without a byte is what a power cut leaves of one. */
  private boolean isThere(Digest digest) throws IOException {
    OptionalLong size = blobs.sizeForWriting(digest);
    return size.isPresent() && (size.getAsLong() > 0 || digest.equals(Digest.of(digest.algorithm(), new byte[0])));
  }
}
