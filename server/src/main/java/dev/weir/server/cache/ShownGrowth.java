package dev.weir.server.cache;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** What other weirs see of a download. Thread-safe. */
record ShownGrowth(Progress progress, Spool spool, AtomicInteger asides) implements Replicas.Growth {
  ShownGrowth(Progress progress, Spool spool) {
    this(progress, spool, new AtomicInteger());
  }

  @Override
  public long size() {
    return progress.size();
  }

  @Override
  public long received() {
    return spool.ahead().stretches().bytes();
  }

  @Override
  public long visible() {
    return progress.visible();
  }

  @Override
  public Optional<BlobBody> reader() throws IOException {
    return progress.openReader(Duration.ZERO);
  }

  /** Named so that it goes with the growing file, should it be left. */
  @Override
  public Path aside() {
    Path file = spool.file();
    return file.resolveSibling(file.getFileName() + Ledger.SUFFIX + ".piece" + asides.incrementAndGet());
  }
}
