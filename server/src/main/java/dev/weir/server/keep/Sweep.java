package dev.weir.server.keep;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;

import dev.weir.server.space.BlobRemoval;
import dev.weir.storage.Content;
import dev.weir.storage.Digest;
import dev.weir.storage.Inventory.Revision;
import dev.weir.storage.Inventory.Shard;
import dev.weir.storage.RepositoryName;

/**
 * Marks what the manifests in the tree name, and sweeps the rest. What becomes named while it marks is the business of
 * {@link BlobRemoval}, which is asked for every single blob. For one thread, once.
 */
final class Sweep {
  private static final int MOST_LISTED = 1_000;

  private final Content content;
  private final Order order;
  private final Progress progress;
  private final Set<Digest> named = new HashSet<>();
  private final List<String> untagged = new ArrayList<>();
  private final List<String> unreadable = new ArrayList<>();
  private final List<String> listed = new ArrayList<>();
  private long manifests;
  private long blobs;
  private long bytes;
  private long links;
  private long spared;

  /**
   * What is to be done.
   *
   * @param dryRun nothing but to say it
   * @param mayGo which untagged manifests go
   * @param isRipe which unnamed blobs go
   * @param removal takes them away
   */
  record Order(boolean dryRun, Going mayGo, Ripe isRipe, BlobRemoval removal) {}

  /** Whether a manifest without a tag is one that goes. */
  @FunctionalInterface
  interface Going {
    boolean test(Revision revision) throws IOException;
  }

  /** Whether a blob that nothing names is old enough to go. */
  @FunctionalInterface
  interface Ripe {
    boolean test(Digest digest) throws IOException;
  }

  Sweep(Content content, Order order, Progress progress) {
    this.content = content;
    this.order = order;
    this.progress = progress;
  }

  GcReport run() throws IOException {
    List<RepositoryName> names;
    try (Stream<RepositoryName> all = content.repositories().after("")) {
      names = all.toList();
    }
    for (int i = 0; i < names.size(); i++) {
      requireGoingOn();
      progress.at(i, names.size(), "marking " + names.get(i));
      mark(names.get(i));
    }
    if (unreadable.isEmpty()) {
      sweepBlobs();
    }
    for (RepositoryName name : order.dryRun() ? List.<RepositoryName>of() : names) {
      requireGoingOn();
      sweepLinks(name);
    }
    return new GcReport(order.dryRun(), manifests, named.size(), untagged, listed, blobs, bytes, links, spared,
        unreadable, "");
  }

  private void requireGoingOn() throws IOException {
    if (progress.isStopping()) {
      throw new IOException("stopped");
    }
  }

  private void mark(RepositoryName name) throws IOException {
    Kept kept = Kept.of(content, name, order.mayGo());
    named.addAll(kept.named());
    manifests += kept.manifests().size();
    kept.unreadable().forEach(digest -> unreadable.add(name + "@" + digest));
    for (Digest digest : kept.untagged()) {
      if (order.dryRun() || order.removal().alone(digest, () -> delete(name, digest))) {
        untagged.add(name + "@" + digest);
      }
    }
  }

  /** A push may have claimed and tagged it while we read the others. */
  private boolean delete(RepositoryName name, Digest digest) throws IOException {
    boolean goes = order.mayGo().test(new Revision(digest, content.manifests().keeping(name, digest)));
    return goes && content.manifests().delete(name, digest);
  }

  private void sweepBlobs() throws IOException {
    List<Shard> shards = content.inventory().shards();
    for (int i = 0; i < shards.size(); i++) {
      progress.at(i, shards.size(), "sweeping blobs");
      for (Digest digest : content.inventory().blobs(shards.get(i))) {
        if (!named.contains(digest)) {
          requireGoingOn();
          sweep(digest);
        }
      }
    }
  }

  private void sweep(Digest digest) throws IOException {
    OptionalLong size = content.blobs().size(digest);
    if (size.isEmpty()) {
      return;
    }
    if (order.isRipe().test(digest) && (order.dryRun() || order.removal().remove(digest))) {
      blobs++;
      bytes += size.getAsLong();
      if (listed.size() < MOST_LISTED) {
        listed.add(digest.toString());
      }
    } else {
      spared++;
    }
  }

  /** A repository that may give out what is gone would give it out again when it comes back with another's image. */
  private void sweepLinks(RepositoryName name) throws IOException {
    for (Digest digest : content.inventory().layers(name)) {
      if (!named.contains(digest) && content.blobs().size(digest).isEmpty() && order.removal().unlink(name, digest)) {
        links++;
      }
    }
  }
}
