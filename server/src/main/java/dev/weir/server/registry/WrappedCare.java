package dev.weir.server.registry;

import java.io.IOException;

import dev.weir.storage.Digest;
import dev.weir.storage.ManifestDocument;

/** What another does, but for what it does itself. */
public interface WrappedCare extends BlobCare {
  BlobCare other();

  @Override
  default boolean isDamaged(Digest digest) throws IOException {
    return other().isDamaged(digest);
  }

  @Override
  default boolean isDamaged(Digest digest, IOException failure) throws IOException {
    return other().isDamaged(digest, failure);
  }

  @Override
  default boolean dropCopy(Digest digest) throws IOException {
    return other().dropCopy(digest);
  }

  @Override
  default void claim(Digest digest) throws IOException {
    other().claim(digest);
  }

  @Override
  default void kept(Digest manifest, ManifestDocument document) throws IOException {
    other().kept(manifest, document);
  }

  @Override
  default void keptAtOnce(Digest manifest, ManifestDocument document) throws IOException {
    other().keptAtOnce(manifest, document);
  }

  @Override
  default void named(Digest manifest) throws IOException {
    other().named(manifest);
  }

  @Override
  default void alone(Digest digest, Step step) throws IOException {
    other().alone(digest, step);
  }
}
