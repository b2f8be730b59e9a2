package dev.weir.storage;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

/**
 * The name of some bytes: the hash of exactly those bytes (OCI image-spec, descriptor.md, "Digests").
 *
 * @param hex lower-case, as long as the algorithm says
 */
public record Digest(Algorithm algorithm, String hex) implements Reference {

  /** The registered algorithms; anything else is refused rather than stored unverified. */
  public enum Algorithm {
    SHA256("SHA-256", 64), SHA512("SHA-512", 128);

    private final String javaName;
    private final int hexLength;

    Algorithm(String javaName, int hexLength) {
      this.javaName = javaName;
      this.hexLength = hexLength;
    }

    /** A hash that has seen nothing yet. */
    public MessageDigest newHash() {
      try {
        return MessageDigest.getInstance(javaName);
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException("every JDK has " + javaName, e);
      }
    }

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public Digest {
    if (hex.length() != algorithm.hexLength || !hex.chars().allMatch(Digest::isLowerHex)) {
      throw new IllegalArgumentException("not a " + algorithm + " digest: " + Names.shown(hex));
    }
  }

  /** @throws IllegalArgumentException if {@code text} is not {@code <algorithm>:<hex>} with a registered algorithm */
  public static Digest parse(String text) {
    for (Algorithm algorithm : Algorithm.values()) {
      String prefix = algorithm + ":";
      if (text.startsWith(prefix)) {
        return new Digest(algorithm, text.substring(prefix.length()));
      }
    }
    throw new IllegalArgumentException("not a digest: " + Names.shown(text));
  }

  /** The same of what may be anything. Empty: it is none. */
  public static Optional<Digest> parsed(String text) {
    try {
      return Optional.of(parse(text));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** What {@code hash} has seen; {@code hash} is reset. */
  public static Digest of(Algorithm algorithm, MessageDigest hash) {
    return new Digest(algorithm, HexFormat.of().formatHex(hash.digest()));
  }

  public static Digest sha256(byte[] content) {
    return of(Algorithm.SHA256, content);
  }

  public static Digest of(Algorithm algorithm, byte[] content) {
    MessageDigest hash = algorithm.newHash();
    hash.update(content);
    return of(algorithm, hash);
  }

  /** Written out, as is the next: it is the key of most tables, and what Java makes for a record is put together at each start. */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Digest digest && algorithm == digest.algorithm && hex.equals(digest.hex);
  }

  @Override
  public int hashCode() {
    return hex.hashCode();
  }

  private static boolean isLowerHex(int c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
  }

  @Override
  public String toString() {
    return algorithm + ":" + hex;
  }
}
