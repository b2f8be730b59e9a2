package dev.weir.server.upstream;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

import dev.weir.server.oci.Referrer;
import dev.weir.storage.Digest;
import dev.weir.storage.Manifest;
import dev.weir.storage.Reference;
import dev.weir.storage.RepositoryName;
import dev.weir.storage.Tag;

/**
 * Another registry, from which weir pulls. Thread-safe; every method blocks, for at most a bounded time without progress.
 *
 * <p>Repository names are the upstream's own, without the name that weir gives it.
 */
public interface UpstreamRegistry extends AutoCloseable {
  /** The name by which it is configured, for messages and metrics. */
  String name();

  /**
   * The manifest, byte for byte; its digest is that of the bytes, and the one that was asked for if one was.
   *
   * @throws UpstreamException ABSENT if the upstream said so
   */
  Manifest manifest(RepositoryName repository, Reference reference) throws UpstreamException;

  /** What {@code tag} points to now; empty if the upstream does not say without sending the whole manifest. */
  Optional<Digest> headManifest(RepositoryName repository, Tag tag) throws UpstreamException;

  /**
   * A blob from its byte {@code from} on, unverified. An upstream that cannot do ranges, or has
   * nothing after {@code from} (416), sends it from the beginning: see
   * {@link BlobStream#offset()}. The caller closes it.
   */
  BlobStream blob(RepositoryName repository, Digest digest, long from) throws UpstreamException;

  /** The same up to {@code to}, excluded. It may send more, which is not to be read. */
  default BlobStream blob(RepositoryName repository, Digest digest, long from, long to) throws UpstreamException {
    return blob(repository, digest, from);
  }

  /** The size of a blob in bytes, without fetching it. */
  long blobSize(RepositoryName repository, Digest digest) throws UpstreamException;

  /** All tags, in the upstream's order. What is no tag by the rules is left out. */
  List<Tag> tags(RepositoryName repository) throws UpstreamException;

  /** What refers to the manifest, by the API or the tag schema; empty also where the upstream knows neither. */
  List<Referrer> referrers(RepositoryName repository, Digest subject) throws UpstreamException;

  /** Returns if it answers anything at all that is no error of a server. */
  void ping() throws UpstreamException;

  /** Whether it failed a moment ago and is likely to fail again: who has something held need not ask. */
  default boolean isDown() {
    return false;
  }

  /** To be told when somebody gave up waiting for it after {@code howLong}, which is before its own time-outs end. */
  default void givenUp(Duration howLong) {}

  /** The hosts that it consists of, the one to be asked last at the end, for whoever changes between them by himself. */
  default List<UpstreamRegistry> hosts() {
    return List.of(this);
  }

  /** Cuts what is still running. */
  @Override
  void close();
}
