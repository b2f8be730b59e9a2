package dev.weir.server.registry;

import java.io.IOException;
import java.net.URI;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import dev.weir.server.cache.BlobBody;
import dev.weir.server.cache.Downloads;
import dev.weir.server.oci.Referrer;
import dev.weir.server.oci.RegistryException;
import dev.weir.storage.Content;
import dev.weir.storage.Digest;
import dev.weir.storage.Manifest;
import dev.weir.storage.Reference;
import dev.weir.storage.RepositoryName;
import dev.weir.storage.Tag;

/** What is held here, filled from upstream as it is asked for. A repository without an upstream is simply what is held. */
public final class PullThroughRegistry implements Registry {
  private final Router router;
  private final Content content;
  private final CachedManifests manifests;
  private final CachedBlobs blobs;
  private final CachedTagLists tagLists;
  private final CachedReferrers referrers;

  /** @param clock says how old a tag's confirmation is */
  public PullThroughRegistry(Router router, Content content, Downloads downloads, CachePolicy policy, Events events,
      InstantSource clock) {
    this(router, content, downloads, policy, events, clock, BlobCare.NONE);
  }

  /** @param care looks after blobs that seem to be damaged */
  public PullThroughRegistry(Router router, Content content, Downloads downloads, CachePolicy policy, Events events,
      InstantSource clock, BlobCare care) {
    this.router = router;
    this.content = content;
    StatedSizes sizes = new StatedSizes();
    this.manifests = new CachedManifests(new HeldManifests(content.manifests(), content.tags(), sizes, care), policy,
        events.manifests(), clock);
    this.blobs = new CachedBlobs(content.blobs(), care, sizes, downloads, policy, events.blobs());
    this.tagLists = new CachedTagLists(content.tags(), policy);
    this.referrers = new CachedReferrers(content.manifests(), policy);
  }

  /** Who is told what happens, by kind of content. */
  public record Events(CacheEvents manifests, CacheEvents blobs) {}

  @Override
  public Manifest manifest(RepositoryName name, Reference reference) throws IOException {
    return manifests.get(router.route(name), reference);
  }

  @Override
  public void servedAgain(RepositoryName name) {
    manifests.servedAgain(knownRoute(name));
  }

  @Override
  public void blobServedAgain(RepositoryName name) {
    blobs.servedAgain(knownRoute(name));
  }

  private Route knownRoute(RepositoryName name) {
    try {
      return router.route(name);
    } catch (RegistryException e) {
      throw new IllegalStateException(name + " had a route a moment ago", e);
    }
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
  public void unreadable(RepositoryName name, Digest digest, IOException failure) throws IOException {
    blobs.unreadable(digest, failure);
  }

  @Override
  public Optional<URI> blobAddress(RepositoryName name, Digest digest) throws IOException {
    return blobs.address(router.route(name), digest);
  }

  @Override
  public Stream<Tag> tags(RepositoryName name, String after) throws IOException {
    return tagLists.list(router.route(name), after);
  }

  @Override
  public List<Referrer> referrers(RepositoryName name, Digest subject) throws IOException {
    return referrers.list(router.route(name), subject);
  }

  @Override
  public Stream<RepositoryName> repositories(String after) throws IOException {
    return content.repositories().after(after);
  }
}
