package dev.weir.server.cache;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

import dev.weir.storage.Digest;
import dev.weir.storage.StoredObject;

/** Local files of blobs whose home is a store without such. What lies here may go at any time. Thread-safe. */
public interface Shelf {
  /** The blob's file, open; the caller closes it. */
  Optional<StoredObject> open(Digest digest) throws IOException;

  /** Takes verified content that the store has, and keeps it if there is room. The file is gone when this returns. */
  void keep(Digest digest, Path verified) throws IOException;

  /** Throws a file away that cannot be believed. False: there was none. */
  boolean drop(Digest digest) throws IOException;
}
