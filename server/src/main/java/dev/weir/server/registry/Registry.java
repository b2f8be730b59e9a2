package dev.weir.server.registry;

import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import dev.weir.server.cache.BlobBody;
import dev.weir.server.oci.Referrer;
import dev.weir.storage.Digest;
import dev.weir.storage.Manifest;
import dev.weir.storage.Reference;
import dev.weir.storage.RepositoryName;
import dev.weir.storage.Tag;

/**
 * A registry as its clients see it. Thread-safe; every method may block but {@link #servedAgain} and {@link #blobServedAgain}.
 *
 * <p>What is absent is a {@link dev.weir.server.oci.RegistryException} with NAME_, MANIFEST_ or BLOB_UNKNOWN, which says
 * whether that is conclusive; any other exception means that it could not be told.
 */
public interface Registry {
  /** The manifest, exactly as it was stored. */
  Manifest manifest(RepositoryName name, Reference reference) throws IOException;

  /** Told, for whoever counts, when a manifest that was given a moment ago is given to another without asking. Does not block. */
  default void servedAgain(RepositoryName name) {}

  /** The same for a blob, of which a few bytes at least are given. */
  default void blobServedAgain(RepositoryName name) {}

  /** The size of a blob in bytes. Fetches nothing of it. */
  long blobSize(RepositoryName name, Digest digest) throws IOException;

  /** The blob, or the part of it that has arrived and the promise of the rest. The caller closes it. */
  BlobBody blob(RepositoryName name, Digest digest) throws IOException;

  /** Told when a blob that was given could not be read to its end. */
  default void unreadable(RepositoryName name, Digest digest, IOException failure) throws IOException {}
  /** Where the blob can be read without asking us, for a client that may read it here. Empty: nowhere. */
  default Optional<URI> blobAddress(RepositoryName name, Digest digest) throws IOException {
    return Optional.empty();
  }

  /** The tags in byte order, those greater than {@code after}. The caller closes the stream. */
  Stream<Tag> tags(RepositoryName name, String after) throws IOException;

  /** What has {@code subject} as its subject. Empty also for a subject that nobody knows. */
  List<Referrer> referrers(RepositoryName name, Digest subject) throws IOException;

  /** The repositories that hold anything here, in the order of their components, those after {@code after}. */
  Stream<RepositoryName> repositories(String after) throws IOException;
}
