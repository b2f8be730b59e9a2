package dev.weir.storage;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.util.Optional;

/**
 * One object, open. What it gives stays the same until it is closed, even when the object is deleted or replaced
 * meanwhile; a store far away may fail then, with an {@link IOException}, for a large object. For one thread at a time.
 */
public interface StoredObject extends AutoCloseable {
  /** In bytes. */
  long size();

  /** The local file that holds exactly the object's bytes, where there is one; closed with this object. */
  Optional<FileChannel> file();

  /** The bytes from the beginning; every call starts anew. */
  InputStream read() throws IOException;

  /** The bytes from {@code from} up to {@code to}, excluded. */
  default InputStream read(long from, long to) throws IOException {
    InputStream all = read();
    try {
      all.skipNBytes(from);
      return new BoundedInput(all, to - from);
    } catch (IOException e) {
      all.close();
      throw e;
    }
  }

  /**
   * All of its bytes as they come, where the store can tell of them so: of an object from {@link ObjectStore#openArriving}, once,
   * and as long as nothing else was read of it. The caller closes it.
   */
  default Optional<Arriving> arriving() {
    return Optional.empty();
  }

  @Override
  void close() throws IOException;
}
