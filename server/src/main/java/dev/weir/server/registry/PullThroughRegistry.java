package dev.weir.server.registry;

import java.io.IOException;
import java.util.stream.Stream;

import dev.weir.server.cache.BlobBody;
import dev.weir.storage.Digest;
import dev.weir.storage.Manifest;
import dev.weir.storage.Reference;
import dev.weir.storage.RepositoryName;
import dev.weir.storage.Tag;

/** What is held here, filled from upstream as it is asked for. A repository without an upstream is simply what is held. */
final class PullThroughRegistry implements Registry {
  private final Router router;
  private final CachedManifests manifests;
  private final CachedBlobs blobs;
  private final CachedTagLists tagLists;

  PullThroughRegistry(Router router, CachedManifests manifests, CachedBlobs blobs, CachedTagLists tagLists) {
    this.router = router;
    this.manifests = manifests;
    this.blobs = blobs;
    this.tagLists = tagLists;
  }

  @Override
  public Manifest manifest(RepositoryName name, Reference reference) throws IOException {
    return manifests.get(router.route(name), reference);
  }

  @Override
  public long blobSize(RepositoryName name, Digest digest) throws IOException {
    return blobs.size(router.route(name), digest);
  }

  @Override
  public BlobBody blob(RepositoryName name, Digest digest) throws IOException {
    return blobs.open(router.route(name), digest);
  }

  @Override
  public Stream<Tag> tags(RepositoryName name, String after) throws IOException {
    return tagLists.list(router.route(name), after);
  }
}
