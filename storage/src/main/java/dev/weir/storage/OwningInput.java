package dev.weir.storage;

import java.io.FilterInputStream;
import java.io.IOException;

/** All bytes of an object, which is closed with the stream. */
final class OwningInput extends FilterInputStream {
  private final StoredObject object;

  OwningInput(StoredObject object) throws IOException {
    super(object.read());
    this.object = object;
  }

  @Override
  public void close() throws IOException {
    try (object) {
      super.close();
    }
  }
}
