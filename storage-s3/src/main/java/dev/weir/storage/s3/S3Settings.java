package dev.weir.storage.s3;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Which bucket, how it is reached, and as whom.
 *
 * @param rootDirectory    what every key begins with, with or without slashes around it; may be empty
 * @param redirectEndpoint where clients reach the bucket, if not where weir does
 */
public record S3Settings(String bucket, String rootDirectory, Endpoint endpoint, Credentials credentials,
    Writing writing, Optional<URI> redirectEndpoint) {

  /**
   * How the bucket is reached.
   *
   * @param region    any text that the server expects in signatures
   * @param address   scheme, host and port; empty: Amazon's for the region
   * @param pathStyle whether the bucket's name goes into the path, rather than into the host's name
   * @param userAgent goes before the client's own
   */
  public record Endpoint(String region, Optional<URI> address, boolean pathStyle, Variant variant, Trust trust,
      Optional<String> userAgent) {}

  /** Which of Amazon's own addresses. */
  public record Variant(boolean accelerated, boolean dualStack, boolean fips) {
    public static final Variant PLAIN = new Variant(false, false, false);
  }

  /**
   * Whom a connection is trusted to reach.
   *
   * @param anybody whether certificates are not looked at
   * @param caFile  PEM, beside the authorities of the system
   */
  public record Trust(boolean anybody, Optional<Path> caFile) {
    public static final Trust SYSTEM = new Trust(false, Optional.empty());
  }

  /** As whom. */
  public sealed interface Credentials {}

  /** Known from the configuration. */
  public record Keys(String accessKey, String secretKey, Optional<String> sessionToken) implements Credentials {
    @Override
    public String toString() {
      return "Keys[" + accessKey + "]";
    }
  }

  /** A file of the form of {@code ~/.aws/credentials}, read again when it changes; its profile {@code default} counts. */
  public record SharedFile(Path path) implements Credentials {}

  /** The environment, a web identity, {@code ~/.aws}, the container's or the machine's own role: the first that there is. */
  public record Surroundings() implements Credentials {}

  /**
   * How objects are written.
   *
   * @param partBytes    of what is sent in several parts at once, and the largest that is sent in one
   * @param encryption   by the server
   * @param storageClass empty: the server's default
   * @param acl          a canned one, which takes a permission of its own; empty: none is sent
   */
  public record Writing(long partBytes, Copies copies, Encryption encryption, Optional<String> storageClass,
      Optional<String> acl) {}

  /**
   * How objects are copied inside the bucket.
   *
   * @param mostAtOnce bytes, up to which one is copied in one request
   * @param partBytes  of each part but the last of a larger one
   * @param places     parts of one object that are copied at the same time
   */
  public record Copies(long mostAtOnce, long partBytes, int places) {
    /** As distribution's. */
    public static final Copies DEFAULT = new Copies(32 << 20, 32 << 20, 100);
  }

  /** What the server does to the bytes that it keeps. */
  public sealed interface Encryption {}

  /** Whatever the bucket's own settings say. */
  public record BucketsOwn() implements Encryption {}

  /** With keys that the store manages. */
  public record StoreKeys() implements Encryption {}

  /** With a key of the key management service. */
  public record KmsKey(String id) implements Encryption {}
}
