package dev.weir.server.keep.shared;

import java.io.IOException;

import dev.weir.server.keep.FewAtOnce;
import dev.weir.storage.Digest;
import dev.weir.storage.Inventory;

/** All blobs that lie in a bucket, a few lists at a time. */
record AllBlobs(Inventory inventory) {
  private static final int AT_ONCE = 8;

  /** What is done with each, by the thread that asks. */
  @FunctionalInterface
  interface Visit {
    void to(Digest blob) throws IOException;
  }

  void each(Visit visit) throws IOException {
    FewAtOnce.each(AT_ONCE, AT_ONCE, "list blobs", inventory.shards(), inventory::blobs, (_, blobs) -> {
      for (Digest blob : blobs) {
        visit.to(blob);
      }
    });
  }
}
