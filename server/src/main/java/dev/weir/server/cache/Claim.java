package dev.weir.server.cache;

import java.nio.file.Files;

import org.jspecify.annotations.Nullable;

import dev.weir.storage.Digest;

/** The room that one download takes: from when its size is known until it is stored or given up. For its thread alone. */
final class Claim {
  private final Space space;
  private final Digest digest;
  private final Spool spool;
  /** Left by an earlier download, and counted since. */
  private final long found;
  private Space.@Nullable Reserved reserved;

  Claim(Space space, Digest digest, Spool spool) {
    this.space = space;
    this.digest = digest;
    this.spool = spool;
    this.found = written();
  }

  private long written() {
    return spool.ahead().stretches().bytes();
  }

  /** @param size of the whole blob, in bytes; negative: nobody said, and then its bytes count when it is stored */
  void size(long size) throws NoRoom {
    if (reserved == null && size >= 0) {
      reserved = space.reserve(digest, size, this::written);
    }
  }

  void end() {
    long left = Files.exists(spool.file()) ? written() : 0;
    if (reserved != null) {
      reserved.end(left);
    } else {
      space.give(found - left);
    }
  }
}
