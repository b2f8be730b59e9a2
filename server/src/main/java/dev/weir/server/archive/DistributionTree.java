package dev.weir.server.archive;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.weir.storage.Digest;
import dev.weir.storage.RepositoryName;
import dev.weir.storage.Tag;

/**
 * Paths in registry:2's tree, which oc-mirror's archives and cache have, too: what one means, and how one is made. Pure.
 */
public final class DistributionTree {
  /** Where the tree begins, wherever that lies. */
  public static final String ROOT = "docker/registry/v2/";

  private static final String DIGEST = "(sha256|sha512)/([0-9a-f]+)";
  private static final Pattern BLOB = Pattern.compile("blobs/(sha256|sha512)/[0-9a-f]{2}/([0-9a-f]+)/data");
  private static final Pattern IN_REPOSITORY = Pattern.compile("repositories/(.+?)/(_(?:layers|manifests)/.*)");
  private static final Pattern LAYER = Pattern.compile("_layers/" + DIGEST + "/link");
  private static final Pattern REVISION = Pattern.compile("_manifests/revisions/" + DIGEST + "/(link|mediatype)");
  private static final Pattern TAG = Pattern.compile("_manifests/tags/([^/]+)/current/link");

  private DistributionTree() {}

  /** What lies at a path. */
  public sealed interface Entry {
    /** Bytes of a blob. */
    record Blob(Digest digest) implements Entry {}

    /** A repository gives out a blob; the file holds the digest that the bytes lie under. */
    record Layer(RepositoryName name, Digest digest) implements Entry {}

    /** A repository has a manifest. */
    record Revision(RepositoryName name, Digest digest) implements Entry {}

    /** weir's own: the same, and the file holds the type of the manifest. */
    record TypedRevision(RepositoryName name, Digest digest) implements Entry {}

    /** A repository has a tag; the file holds what it points to. */
    record Tagged(RepositoryName name, Tag tag) implements Entry {}
  }

  /** @param path below {@link #ROOT}; empty: nothing that is content
   *  @throws IllegalArgumentException if it names what cannot be: the message says it */
  public static Optional<Entry> parse(String path) {
    Matcher blob = BLOB.matcher(path);
    if (blob.matches()) {
      return Optional.of(new Entry.Blob(digest(blob, 1)));
    }
    Matcher place = IN_REPOSITORY.matcher(path);
    return place.matches() ? inRepository(place.group(1), place.group(2)) : Optional.empty();
  }

  private static Optional<Entry> inRepository(String name, String rest) {
    Matcher layer = LAYER.matcher(rest);
    if (layer.matches()) {
      return Optional.of(new Entry.Layer(RepositoryName.parse(name), digest(layer, 1)));
    }
    Matcher revision = REVISION.matcher(rest);
    if (revision.matches()) {
      return Optional.of(revision.group(3).equals("link")
          ? new Entry.Revision(RepositoryName.parse(name), digest(revision, 1))
          : new Entry.TypedRevision(RepositoryName.parse(name), digest(revision, 1)));
    }
    Matcher tag = TAG.matcher(rest);
    return tag.matches()
        ? Optional.of(new Entry.Tagged(RepositoryName.parse(name), Tag.parse(tag.group(1))))
        : Optional.empty();
  }

  private static Digest digest(Matcher found, int at) {
    return Digest.parse(found.group(at) + ":" + found.group(at + 1));
  }

  /** As are all that follow: with {@link #ROOT} before it. */
  public static String blob(Digest digest) {
    return ROOT + "blobs/" + digest.algorithm() + "/" + digest.hex().substring(0, 2) + "/" + digest.hex() + "/data";
  }

  public static String layer(RepositoryName name, Digest digest) {
    return repository(name) + "/_layers/" + digest.algorithm() + "/" + digest.hex() + "/link";
  }

  public static String revision(RepositoryName name, Digest digest) {
    return repository(name) + "/_manifests/revisions/" + digest.algorithm() + "/" + digest.hex() + "/link";
  }

  public static String typedRevision(RepositoryName name, Digest digest) {
    return repository(name) + "/_manifests/revisions/" + digest.algorithm() + "/" + digest.hex() + "/mediatype";
  }

  public static String tag(RepositoryName name, Tag tag) {
    return repository(name) + "/_manifests/tags/" + tag + "/current/link";
  }

  public static String tagIndex(RepositoryName name, Tag tag, Digest digest) {
    return repository(name) + "/_manifests/tags/" + tag + "/index/" + digest.algorithm() + "/" + digest.hex() + "/link";
  }

  private static String repository(RepositoryName name) {
    return ROOT + "repositories/" + name;
  }
}
