package dev.weir.server.keep;

import java.io.IOException;

import dev.weir.server.space.BlobRemoval;
import dev.weir.server.space.Holdings;
import dev.weir.storage.BlobStore;
import dev.weir.storage.Digest;
import dev.weir.storage.RepositoryName;

/**
 * Removes what no image names and nobody claims. A manifest is made known to the index before it is stored, and claims
 * what it names before it asks whether that is there: so whatever a manifest found is there when it is stored.
 */
public record Removal(Holdings holdings, Claims claims, BlobStore blobs) implements BlobRemoval {
  @Override
  public boolean remove(Digest digest) throws IOException {
    return claims.unlessClaimed(digest,
        () -> holdings.isWhole() && !holdings.isNamed(digest) && blobs.delete(digest));
  }

  @Override
  public boolean alone(Digest manifest, Step step) throws IOException {
    return claims.alone(manifest, step::run);
  }

  @Override
  public boolean unlink(RepositoryName name, Digest digest) throws IOException {
    return claims.unlessClaimed(digest,
        () -> !holdings.isNamed(digest) && blobs.size(digest).isEmpty() && blobs.unlink(name, digest));
  }
}
