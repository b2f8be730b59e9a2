package dev.weir.server.space;

import java.io.IOException;
import java.util.Iterator;
import java.util.Optional;
import java.util.stream.Stream;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.weir.storage.BlobStore;
import dev.weir.storage.Content;
import dev.weir.storage.Digest;
import dev.weir.storage.Inventory;
import dev.weir.storage.ManifestDocument;
import dev.weir.storage.RepositoryName;

/**
 * Looks through the tree and tells {@link Holdings} what is there: also what another program put there, and that what
 * another program took is gone. Slow on purpose: others need the disk. For one thread at a time.
 */
final class HoldingsWalk {
  private static final Logger LOG = LoggerFactory.getLogger(HoldingsWalk.class);

  private final Content content;
  private final Holdings holdings;
  private final Stride stride;

  HoldingsWalk(Content content, Holdings holdings, Stride stride) {
    this.content = content;
    this.holdings = holdings;
    this.stride = stride;
  }

  /** @throws IOException if the tree cannot be read, or it is to stop; what was seen until then counts */
  void walk() throws IOException {
    holdings.walkBegins();
    seeBlobs();
    try (Stream<RepositoryName> all = content.repositories().after("")) {
      for (Iterator<RepositoryName> each = all.iterator(); each.hasNext();) {
        seeManifests(each.next());
      }
    }
    lookAgain(holdings.unseen());
    holdings.walkEnded();
  }

  private void seeBlobs() throws IOException {
    BlobStore blobs = content.blobs();
    for (Inventory.Shard shard : content.inventory().shards()) {
      for (Digest digest : content.inventory().blobs(shard)) {
        stride.step();
        blobs.size(digest).ifPresent(size -> holdings.saw(digest, size));
      }
    }
  }

  private void seeManifests(RepositoryName name) throws IOException {
    stride.step();
    for (Inventory.Revision revision : content.inventory().revisions(name)) {
      stride.step();
      Digest digest = revision.digest();
      Optional<ManifestDocument> document = holdings.isRead(digest)
          ? Optional.empty()
          : said(name, digest);
      holdings.saw(name, digest, revision.keeping(), document);
      if (!content.manifests().has(name, digest)) { // it went while we looked
        holdings.manifestRemoved(name, digest);
      }
    }
  }

  /** One that a disk will not give back must not keep the walk from ever coming to its end. */
  private Optional<ManifestDocument> said(RepositoryName name, Digest manifest) {
    try {
      return content.inventory().reading(name, manifest).document();
    } catch (IOException e) {
      LOG.warn("{}@{} cannot be read, so it is not known what it names: {}", name, manifest, e.getMessage());
      return Optional.empty();
    }
  }

  private void lookAgain(Holdings.Unseen unseen) throws IOException {
    for (Digest blob : unseen.blobs()) {
      stride.step();
      if (content.blobs().size(blob).isEmpty()) {
        holdings.blobRemoved(blob);
      }
    }
    for (Holdings.Held held : unseen.manifests()) {
      stride.step();
      if (!content.manifests().has(held.name(), held.digest())) {
        holdings.manifestRemoved(held.name(), held.digest());
      }
    }
  }
}
