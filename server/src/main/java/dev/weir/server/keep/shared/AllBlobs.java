package dev.weir.server.keep.shared;

import java.io.IOException;
import java.util.List;

import dev.weir.server.keep.FewAtOnce;
import dev.weir.storage.Digest;
import dev.weir.storage.Inventory;
import dev.weir.storage.Inventory.Shard;

/** All blobs that lie in a bucket, a few lists at a time. */
record AllBlobs(Inventory inventory) {
  private static final int AT_ONCE = 8;

  /** What is done with each, by the thread that asks. */
  @FunctionalInterface
  interface Visit {
    void to(Digest blob) throws IOException;
  }

  void each(Visit visit) throws IOException {
    List<Shard> shards = inventory.shards();
    for (int from = 0; from < shards.size(); from += AT_ONCE) {
      List<Shard> some = shards.subList(from, Math.min(from + AT_ONCE, shards.size()));
      for (List<Digest> blobs : FewAtOnce.map(AT_ONCE, "list blobs", some, inventory::blobs)) {
        for (Digest blob : blobs) {
          visit.to(blob);
        }
      }
    }
  }
}
