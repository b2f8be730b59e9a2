package dev.weir.server.keep;

import java.io.IOException;
import java.time.Instant;

import dev.weir.server.space.BlobRemoval;
import dev.weir.storage.BlobStore;
import dev.weir.storage.Content;
import dev.weir.storage.ContentListener.Keeping;
import dev.weir.storage.Digest;
import dev.weir.storage.RepositoryName;

/** On a store that nobody serves or writes to: whoever calls this holds its lock. */
public final class AtRest {
  private AtRest() {}

  /**
   * As registry:2's {@code garbage-collect}: what no manifest names goes.
   *
   * @param before what was written later stays, since somebody may be about to name it; {@link Instant#MAX} where it is
   *          certain that nobody is
   */
  public static GcReport collect(Content content, boolean dryRun, boolean untagged, Instant before, Progress progress)
      throws IOException {
    Sweep.Ripe isRipe = digest -> before.equals(Instant.MAX)
        || content.inventory().written(digest).filter(at -> at.isBefore(before)).isPresent();
    Sweep.Order order = new Sweep.Order(dryRun,
        revision -> untagged && revision.keeping() != Keeping.PINNED && isRipe.test(revision.digest()), isRipe,
        new Unguarded(content.blobs()));
    return new Sweep(content, order, progress).run();
  }

  private record Unguarded(BlobStore blobs) implements BlobRemoval {
    @Override
    public boolean remove(Digest digest) throws IOException {
      return blobs.delete(digest);
    }

    @Override
    public boolean alone(Digest manifest, Step step) throws IOException {
      return step.run();
    }

    @Override
    public boolean unlink(RepositoryName name, Digest digest) throws IOException {
      return blobs.unlink(name, digest);
    }
  }
}
