package dev.weir.server.archive;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.weir.storage.Digest;
import dev.weir.storage.RepositoryName;
import dev.weir.storage.Tag;

/**
 * Paths in the tree that {@code oc … --to-dir} writes and {@code oc … --from-dir} reads, and in oc-mirror v1's archives. Pure.
 *
 * <pre>
 * v2/&lt;repository&gt;/blobs/sha256:&lt;hex&gt;        the bytes: layers, configs and manifests ({@code sha256-} on Windows)
 * v2/&lt;repository&gt;/manifests/sha256:&lt;hex&gt;    a hard link to it
 * v2/&lt;repository&gt;/manifests/&lt;tag&gt;          a symbolic link to the one above, by its bare name
 * config/signature-sha256-&lt;16 hex&gt;.json      a ConfigMap with signatures of a release (.yaml, up to oc 4.10; the same JSON)
 * </pre>
 */
public final class OcTree {
  /** Where the tree begins, wherever that lies. */
  public static final String ROOT = "v2/";

  private static final Pattern BLOB = Pattern.compile("(.+)/blobs/(sha256|sha512)[:-]([0-9a-f]+)");
  private static final Pattern REVISION = Pattern.compile("(.+)/manifests/(sha256|sha512)[:-]([0-9a-f]{64,})");
  private static final Pattern TAG = Pattern.compile("(.+)/manifests/([^/]+)");
  private static final Pattern POINTED = Pattern.compile("(?:\\./)?(sha256|sha512)[:-]([0-9a-f]{64,})\\s*");

  private OcTree() {}

  /** What lies at a path. */
  public sealed interface Entry {
    /** The repository that it lies in. */
    RepositoryName name();

    /** Bytes of a blob. */
    record Blob(RepositoryName name, Digest digest) implements Entry {}

    /** Bytes of a manifest. */
    record Revision(RepositoryName name, Digest digest) implements Entry {}

    /** A link to a manifest; where links were lost, a copy of it, or a file that holds the link. */
    record Tagged(RepositoryName name, Tag tag) implements Entry {}
  }

  /** @param path below {@link #ROOT}; empty: nothing that is content
   *  @throws IllegalArgumentException if it names what cannot be: the message says it */
  public static Optional<Entry> parse(String path) {
    Matcher blob = BLOB.matcher(path);
    if (blob.matches()) {
      return Optional.of(new Entry.Blob(RepositoryName.parse(blob.group(1)), digest(blob, 2)));
    }
    Matcher revision = REVISION.matcher(path);
    if (revision.matches()) {
      return Optional.of(new Entry.Revision(RepositoryName.parse(revision.group(1)), digest(revision, 2)));
    }
    Matcher tag = TAG.matcher(path);
    boolean isTag = tag.matches() && !tag.group(2).startsWith(".") && !tag.group(2).endsWith(".download");
    return isTag
        ? Optional.of(new Entry.Tagged(RepositoryName.parse(tag.group(1)), Tag.parse(tag.group(2))))
        : Optional.empty();
  }

  /** What a tag's link says. Empty: it leads anywhere else. */
  public static Optional<Digest> pointed(String link) {
    Matcher pointed = POINTED.matcher(link);
    return pointed.matches() ? Digest.parsed(pointed.group(1) + ":" + pointed.group(2)) : Optional.empty();
  }

  private static Digest digest(Matcher found, int at) {
    return Digest.parse(found.group(at) + ":" + found.group(at + 1));
  }

  /** As are all that follow: with {@link #ROOT} before it. */
  public static String blob(RepositoryName name, Digest digest) {
    return ROOT + name + "/blobs/" + digest;
  }

  public static String revision(RepositoryName name, Digest digest) {
    return ROOT + name + "/manifests/" + digest;
  }

  public static String tag(RepositoryName name, Tag tag) {
    return ROOT + name + "/manifests/" + tag;
  }

  /** @param ending {@code json}; {@code yaml} for oc up to 4.10 */
  public static String signature(Digest release, String ending) {
    return "config/signature-" + release.algorithm() + "-" + release.hex().substring(0, 16) + "." + ending;
  }
}
