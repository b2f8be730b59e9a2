package dev.weir.server.space;

import java.io.IOException;

import dev.weir.storage.BlobStore;
import dev.weir.storage.Digest;
import dev.weir.storage.RepositoryName;

/**
 * Removes what no image names, as far as the index knows; as long as that is not whole, nothing. Since it knows of no claims,
 * it takes links only to bytes that are gone.
 */
public record UnnamedBlobs(Holdings holdings, BlobStore blobs) implements BlobRemoval {
  @Override
  public boolean remove(Digest digest) throws IOException {
    return holdings.isWhole() && !holdings.isNamed(digest) && blobs.delete(digest);
  }

  @Override
  public boolean alone(Digest manifest, Step step) throws IOException {
    return step.run();
  }

  @Override
  public boolean unlink(RepositoryName name, Digest digest) throws IOException {
    return blobs.size(digest).isEmpty() && blobs.unlink(name, digest);
  }
}
