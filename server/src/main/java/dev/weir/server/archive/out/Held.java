package dev.weir.server.archive.out;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

import dev.weir.storage.Digest;
import dev.weir.storage.Manifest;
import dev.weir.storage.RepositoryName;
import dev.weir.storage.Tag;

/** What is here to be given out. For one thread at a time. */
public interface Held {
  /** In the order of their names. */
  List<RepositoryName> repositories() throws IOException;

  /** Where each leads to, also where that is not here. */
  Map<Tag, Digest> tags(RepositoryName name) throws IOException;

  /** Those that the repository has, tagged or not. */
  List<Digest> manifests(RepositoryName name) throws IOException;

  Optional<Manifest> manifest(RepositoryName name, Digest digest) throws IOException;

  /** What has {@code subject} as its subject. */
  List<Digest> referrers(RepositoryName name, Digest subject) throws IOException;

  /** Of a blob or a manifest, in bytes. Empty: it is not here. */
  OptionalLong size(RepositoryName name, Digest digest) throws IOException;

  /**
   * The bytes of a blob or a manifest, which nobody has checked. The caller closes them.
   *
   * @throws IOException if it is not here
   */
  InputStream open(RepositoryName name, Digest digest) throws IOException;

  /** OpenPGP messages about a release, in order; none: there are none. */
  List<byte[]> signatures(Digest release) throws IOException;
}
