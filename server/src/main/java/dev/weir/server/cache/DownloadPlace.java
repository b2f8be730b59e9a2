package dev.weir.server.cache;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

import dev.weir.storage.BlobStore;
import dev.weir.storage.Digest;
import dev.weir.storage.StoredObject;

/**
 * Where downloads grow and where they end.
 *
 * @param partials holds one growing file a digest; on the store's file system, so that a whole one is only renamed. What
 *     a killed process leaves there is continued by the next download of the same digest
 * @param shelf where whole blobs are kept at hand, if the store has no local files
 * @param replicas who fetch into the same store
 */
record DownloadPlace(BlobStore blobs, Path partials, DownloadEvents events, Space space, Optional<Shelf> shelf,
    Replicas replicas) {
  /** Where a blob was found: in a local file, or elsewhere in the store, or nowhere. */
  record Found(Optional<StoredObject> here, Optional<Source> afar) {
    /** The store is nearer than any other. */
    List<Source> before(List<Source> others) {
      return Stream.concat(afar.stream(), others.stream()).toList();
    }
  }

  /** Whether blobs may have to come from a store far away. */
  boolean isFar() {
    return shelf.isPresent();
  }

  /** A blob that lies in a local file. */
  Optional<StoredObject> here(Digest digest) throws IOException {
    return shelf.isPresent() ? shelf.get().open(digest) : blobs.open(digest);
  }

  Found find(Digest digest) throws IOException {
    Optional<StoredObject> here = here(digest);
    return here.isEmpty() && isFar() && blobs.size(digest).isPresent()
        ? unseen(digest)
        : new Found(here, Optional.empty());
  }

  /** A blob that the store far away cannot speak of now: it is asked for the bytes first, and others are behind it. */
  Found unseen(Digest digest) {
    return new Found(Optional.empty(), Optional.of(new StoreSource(blobs, digest)));
  }

  /** Whether there is nothing left to fetch. */
  boolean holds(Digest digest) throws IOException {
    if (shelf.isEmpty()) {
      return blobs.size(digest).isPresent();
    }
    Optional<StoredObject> here = shelf.get().open(digest);
    if (here.isPresent()) {
      here.get().close();
    }
    return here.isPresent();
  }

  /** How many of its bytes a download that broke off has left, or one that runs has fetched. */
  long begun(Digest digest) throws IOException {
    return Ledger.bytes(partial(digest));
  }

  Spool openSpool(Digest digest) throws IOException {
    return Spool.open(partial(digest), digest);
  }

  /** @param isStored by an earlier commit, so that it is only kept at hand */
  void commit(Digest digest, Spool verified, boolean isStored) throws IOException {
    if (shelf.isEmpty()) {
      blobs.commit(digest, verified.file());
      return;
    }
    if (!isStored) {
      store(digest, verified.file());
    }
    shelf.get().keep(digest, verified.file());
  }

  /** The store takes a file away; a second name of it leaves the first where it is. */
  private void store(Digest digest, Path verified) throws IOException {
    Path second = verified.resolveSibling(verified.getFileName() + Ledger.SUFFIX + ".stored");
    Files.deleteIfExists(second);
    blobs.commit(digest, Files.createLink(second, verified));
  }

  /** Throws away what downloads left before {@code before} and none has gone on with since. */
  void purge(Instant before, Predicate<Path> isRunning) throws IOException {
    if (!Files.isDirectory(partials)) {
      return;
    }
    try (Stream<Path> all = Files.list(partials)) {
      for (Path file : all.toList()) {
        Path partial = Ledger.partialOf(file);
        boolean isLeft = partial.equals(file) || !Files.exists(partial);
        if (isLeft && !isRunning.test(partial) && Files.exists(file)
            && Files.getLastModifiedTime(file).toInstant().isBefore(before)) {
          space.give(Files.size(file));
          Files.deleteIfExists(file);
        }
      }
    }
  }

  Path partial(Digest digest) {
    return partials.resolve(digest.algorithm() + "-" + digest.hex());
  }
}
