package dev.weir.server.space;

import java.io.IOException;

import dev.weir.storage.Digest;
import dev.weir.storage.RepositoryName;

/** Takes away what nobody needs any more, safe against those who come to need it meanwhile. Thread-safe. */
public interface BlobRemoval {
  /** Deletes the bytes unless an image names them or somebody claims them. True: they were here, and are no more. */
  boolean remove(Digest digest) throws IOException;

  /** Does what takes a manifest away, while nobody can claim it; what it names is to be looked at within. */
  boolean alone(Digest manifest, Step step) throws IOException;

  /** Takes something away, unless it finds that this may not be. */
  @FunctionalInterface
  interface Step {
    boolean run() throws IOException;
  }

  /** Takes a blob that no image of a repository names any more from it, unless somebody there claims it. */
  boolean unlink(RepositoryName name, Digest digest) throws IOException;
}
