package dev.weir.server.keep;

import java.io.IOException;

import dev.weir.server.space.BlobRemoval;
import dev.weir.storage.BlobStore;
import dev.weir.storage.Content;
import dev.weir.storage.ContentListener.Keeping;
import dev.weir.storage.Digest;
import dev.weir.storage.RepositoryName;

/** On a store that nobody serves or writes to: whoever calls this holds its lock. */
public final class AtRest {
  private AtRest() {}

  /** As registry:2's {@code garbage-collect}: what no manifest names goes, whatever its age. */
  public static GcReport collect(Content content, boolean dryRun, boolean untagged, Progress progress)
      throws IOException {
    Sweep.Order order = new Sweep.Order(dryRun, revision -> untagged && revision.keeping() != Keeping.PINNED,
        digest -> true, new Unguarded(content.blobs()));
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
