package dev.weir.server.keep;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import dev.weir.server.oci.Asker;
import dev.weir.server.registry.BlobFetch;
import dev.weir.server.registry.Registry;
import dev.weir.server.space.Holdings.Held;
import dev.weir.storage.Content;
import dev.weir.storage.Digest;
import dev.weir.storage.RepositoryName;

/** Brings bytes back by asking our own registry for them, under each name that has a use for them, as a client would. */
public record Refetching(Content content, Registry registry) implements Damage.Refetch {
  @Override
  public void fetch(Digest digest, List<Held> places) throws IOException {
    @Nullable
    IOException failure = null;
    List<RepositoryName> known = places.stream().map(Held::name).distinct().toList();
    for (RepositoryName name : known.isEmpty() ? searched(digest) : known) {
      try {
        Asker.JOB.ask(() -> fetch(name, digest));
        return;
      } catch (IOException e) {
        failure = e;
      }
    }
    throw failure != null ? failure : new IOException("no image that is known names it");
  }

  /** Which repositories may give it out, by the tree: the index may not know yet. */
  private List<RepositoryName> searched(Digest digest) throws IOException {
    List<RepositoryName> found = new ArrayList<>();
    try (Stream<RepositoryName> all = content.repositories().after("")) {
      for (RepositoryName name : (Iterable<RepositoryName>) all::iterator) {
        if (content.blobs().isLinked(name, digest)) {
          found.add(name);
        }
      }
    }
    return found;
  }

  private void fetch(RepositoryName name, Digest digest) throws IOException {
    BlobFetch blobs = new BlobFetch(registry, content.blobs(), () -> false);
    if (content.manifests().has(name, digest)) {
      var _ = registry.manifest(name, digest);
      blobs.awaitStored(digest);
    } else {
      blobs.fetch(name, digest);
    }
  }
}
