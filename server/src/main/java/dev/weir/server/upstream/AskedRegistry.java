package dev.weir.server.upstream;

import java.util.List;
import java.util.Optional;

import dev.weir.server.oci.Referrer;
import dev.weir.storage.Digest;
import dev.weir.storage.Manifest;
import dev.weir.storage.Reference;
import dev.weir.storage.RepositoryName;
import dev.weir.storage.Tag;

/** A registry that has others to ask, and asks them everything in one way but for what it says itself. */
interface AskedRegistry extends UpstreamRegistry {
  /** What is asked of one of them. */
  @FunctionalInterface
  interface Question<T> {
    T ask(UpstreamRegistry host) throws UpstreamException;
  }

  <T> T ask(Question<T> question) throws UpstreamException;

  @Override
  default Manifest manifest(RepositoryName repository, Reference reference) throws UpstreamException {
    return ask(host -> host.manifest(repository, reference));
  }

  @Override
  default Optional<Digest> headManifest(RepositoryName repository, Tag tag) throws UpstreamException {
    return ask(host -> host.headManifest(repository, tag));
  }

  @Override
  default BlobStream blob(RepositoryName repository, Digest digest, long from) throws UpstreamException {
    return ask(host -> host.blob(repository, digest, from));
  }

  @Override
  default long blobSize(RepositoryName repository, Digest digest) throws UpstreamException {
    return ask(host -> host.blobSize(repository, digest));
  }

  @Override
  default List<Tag> tags(RepositoryName repository) throws UpstreamException {
    return ask(host -> host.tags(repository));
  }

  @Override
  default List<Referrer> referrers(RepositoryName repository, Digest subject) throws UpstreamException {
    return ask(host -> host.referrers(repository, subject));
  }
}
