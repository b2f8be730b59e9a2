package dev.weir.server.archive.in;

import java.io.FilterInputStream;
import java.io.IOException;

import dev.weir.storage.StoredObject;

/** An object's bytes, which close the object with them. */
final class OwnedInput extends FilterInputStream {
  private final StoredObject object;

  OwnedInput(StoredObject object) throws IOException {
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
