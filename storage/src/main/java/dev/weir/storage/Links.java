package dev.weir.storage;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Reads and writes distribution's link files. One that is empty or damaged, as a power cut leaves them, counts as absent. */
final class Links {
  private final ObjectStore store;

  Links(ObjectStore store) {
    this.store = store;
  }

  Optional<Digest> read(ObjectKey key) throws IOException {
    return target(store.get(key));
  }

  /** Read from the store itself, for whoever goes by it in writing. */
  Optional<Digest> readForWriting(ObjectKey key) throws IOException {
    return target(store.itself().get(key));
  }

  private static Optional<Digest> target(Optional<byte[]> content) {
    return content.flatMap(bytes -> Digest.parsed(new String(bytes, StandardCharsets.US_ASCII)));
  }

  /** Reading is far cheaper than a durable write, and most links that are written stand already. */
  void write(ObjectKey key, Digest target) throws IOException {
    if (!readForWriting(key).equals(Optional.of(target))) {
      store.putBytes(key, target.toString().getBytes(StandardCharsets.US_ASCII));
    }
  }
}
