package dev.weir.storage;

import java.nio.charset.StandardCharsets;

/**
 * Where everything lies. Pure: names in, keys out. The tree is distribution's, so that registry:2 can serve what weir
 * wrote and the other way round; what weir adds carries names that distribution steps over.
 *
 * <pre>
 * docker/registry/v2/
 *   blobs/&lt;alg&gt;/&lt;2 hex&gt;/&lt;hex&gt;/data                        the bytes: layers, configs and manifests, once
 *   repositories/&lt;name&gt;/
 *     _layers/&lt;alg&gt;/&lt;hex&gt;/link                          the repository may give out this blob
 *     _manifests/revisions/&lt;alg&gt;/&lt;hex&gt;/link              the repository has this manifest
 *     _manifests/revisions/&lt;alg&gt;/&lt;hex&gt;/mediatype         (weir) has it, of a type distribution cannot parse; no link then
 *     _manifests/revisions/&lt;alg&gt;/&lt;hex&gt;/cached            (weir) it came from upstream and may be evicted
 *     _manifests/revisions/&lt;alg&gt;/&lt;hex&gt;/pinned            (weir) it stays all the same
 *     _manifests/revisions/&lt;alg&gt;/&lt;hex&gt;/cached-tags/&lt;tag&gt;  (weir) the tag was set from upstream, not pushed
 *     _manifests/revisions/&lt;alg&gt;/&lt;hex&gt;/referrers/       (weir) what has it as its subject, a link each
 *     _manifests/tags/&lt;tag&gt;/current/link                what the tag points to
 *     _manifests/tags/&lt;tag&gt;/index/&lt;alg&gt;/&lt;hex&gt;/link       what it ever pointed to
 * weir/                                                what weir remembers beside it; never content
 * </pre>
 *
 * A link holds {@code <alg>:<hex>} and nothing else, no newline.
 */
final class Layout {
  private static final ObjectKey ROOT = new ObjectKey("docker/registry/v2");
  static final ObjectKey REPOSITORIES = ROOT.resolve("repositories");
  static final ObjectKey INCOMPLETE = new ObjectKey("weir/incomplete");
  static final ObjectKey UPLOADS = new ObjectKey("weir/uploads");
  static final ObjectKey DAMAGED = new ObjectKey("weir/damaged");

  private Layout() {}

  static ObjectKey blob(Digest digest) {
    return blobs(digest.algorithm(), digest.hex().substring(0, 2)).resolve(digest.hex() + "/data");
  }

  static ObjectKey blobs(Digest.Algorithm algorithm, String begin) {
    return ROOT.resolve("blobs/" + algorithm + "/" + begin);
  }

  /** What lay under the digest, and was something else. */
  static ObjectKey damaged(Digest digest) {
    return DAMAGED.resolve(digest.algorithm() + "-" + digest.hex());
  }

  /** What was taken of an upload that has not ended, in a store that several processes write to. */
  static ObjectKey upload(String session) {
    return UPLOADS.resolve(session);
  }

  static ObjectKey layers(RepositoryName name, Digest.Algorithm algorithm) {
    return repository(name).resolve("_layers/" + algorithm);
  }

  static ObjectKey layerLink(RepositoryName name, Digest digest) {
    return repository(name).resolve("_layers/" + path(digest) + "/link");
  }

  static ObjectKey revisions(RepositoryName name, Digest.Algorithm algorithm) {
    return repository(name).resolve("_manifests/revisions/" + algorithm);
  }

  static ObjectKey revision(RepositoryName name, Digest digest) {
    return revisions(name, digest.algorithm()).resolve(digest.hex());
  }

  static ObjectKey revisionLink(RepositoryName name, Digest digest) {
    return revision(name, digest).resolve("link");
  }

  static ObjectKey mediaType(RepositoryName name, Digest digest) {
    return revision(name, digest).resolve("mediatype");
  }

  static ObjectKey cachedMark(RepositoryName name, Digest digest) {
    return revision(name, digest).resolve("cached");
  }

  static ObjectKey pinnedMark(RepositoryName name, Digest digest) {
    return revision(name, digest).resolve("pinned");
  }

  static ObjectKey cachedTagMark(RepositoryName name, Digest digest, Tag tag) {
    return cachedTagMarks(name, digest).resolve(tag.value());
  }

  static ObjectKey cachedTagMarks(RepositoryName name, Digest digest) {
    return revision(name, digest).resolve("cached-tags");
  }

  static ObjectKey referrers(RepositoryName name, Digest subject) {
    return revision(name, subject).resolve("referrers");
  }

  static ObjectKey referrer(RepositoryName name, Digest subject, Digest referrer) {
    return referrers(name, subject).resolve(referrer.algorithm() + "-" + referrer.hex());
  }

  /** By a hash of what it is, since a repository's name may be too long for a file's. */
  static ObjectKey incomplete(IncompleteImages.Image image) {
    return INCOMPLETE.resolve(Digest.sha256(image.toString().getBytes(StandardCharsets.UTF_8)).hex());
  }

  static ObjectKey tags(RepositoryName name) {
    return repository(name).resolve("_manifests/tags");
  }

  static ObjectKey tagLink(RepositoryName name, Tag tag) {
    return tags(name).resolve(tag + "/current/link");
  }

  static ObjectKey tagIndexLink(RepositoryName name, Tag tag, Digest digest) {
    return tagIndex(name, tag).resolve(path(digest) + "/link");
  }

  static ObjectKey tagIndex(RepositoryName name, Tag tag) {
    return tags(name).resolve(tag + "/index");
  }

  static ObjectKey repository(RepositoryName name) {
    return REPOSITORIES.resolve(name.value());
  }

  private static String path(Digest digest) {
    return digest.algorithm() + "/" + digest.hex();
  }
}
