package dev.weir.server.cache;

import java.io.IOException;
import java.nio.channels.FileChannel;

import dev.weir.storage.StoredObject;

/** A blob that is whole, in a file of the store. */
final class StoredBody implements BlobBody {
  private final StoredObject object;
  private final FileChannel file;

  /** Takes the object over; a store without local files is served through a download. */
  StoredBody(StoredObject object) {
    this.object = object;
    this.file = object.file().orElseThrow(() -> new IllegalArgumentException("the object lies in no local file"));
  }

  @Override
  public long size() {
    return object.size();
  }

  @Override
  public FileChannel file() {
    return file;
  }

  @Override
  public long awaitBeyond(long offset) {
    return object.size();
  }

  @Override
  public boolean isThere() {
    return true;
  }

  @Override
  public void close() throws IOException {
    object.close();
  }
}
