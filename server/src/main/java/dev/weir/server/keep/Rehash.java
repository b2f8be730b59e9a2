package dev.weir.server.keep;

import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.Locale;
import java.util.Optional;

import dev.weir.storage.BlobStore;
import dev.weir.storage.Digest;
import dev.weir.storage.StoreUnavailableException;
import dev.weir.storage.StoredObject;

/** Reads blobs and says whether they are what their names say. Changes nothing. */
public record Rehash(BlobStore blobs) {
  private static final int PIECE_BYTES = 128 << 10;

  /**
   * Reads all of a blob.
   *
   * @throws IOException if it cannot be told: out of descriptors, the disk is gone, or {@code pace} stops
   */
  public Verdict of(Digest digest, Pace pace) throws IOException {
    return of(digest, blobs::open, pace);
  }

  /** Opens what is to be looked at. */
  @FunctionalInterface
  interface Opener {
    Optional<StoredObject> open(Digest digest) throws IOException;
  }

  /** The same of bytes that lie elsewhere. */
  static Verdict of(Digest digest, Opener opener, Pace pace) throws IOException {
    try {
      Optional<StoredObject> found = opener.open(digest);
      if (found.isEmpty()) {
        return Verdict.ABSENT;
      }
      try (StoredObject object = found.get(); InputStream in = object.read()) {
        return verdict(digest, in, pace);
      }
    } catch (IOException e) {
      if (isOfTheMedium(e)) {
        return new Verdict.Damaged("cannot be read: " + e.getMessage(), false);
      }
      throw e;
    }
  }

  private static Verdict verdict(Digest digest, InputStream in, Pace pace) throws IOException {
    MessageDigest hash = digest.algorithm().newHash();
    byte[] piece = new byte[PIECE_BYTES];
    long bytes = 0;
    for (int count = in.read(piece); count >= 0; count = in.read(piece)) {
      hash.update(piece, 0, count);
      bytes += count;
      pace.read(count);
      if (pace.isStopping()) {
        throw new IOException("stopped while reading " + digest);
      }
    }
    Digest actual = Digest.of(digest.algorithm(), hash);
    return actual.equals(digest)
        ? new Verdict.Intact(bytes)
        : new Verdict.Damaged("its " + bytes + " bytes have the digest " + actual, false);
  }

  /** Whether it says that what was written cannot be read back; anything else says nothing of the content. */
  public static boolean isOfTheMedium(Throwable failure) {
    for (Throwable each = failure; each != null; each = each.getCause()) {
      if (each instanceof StoreUnavailableException) { // whatever its words are
        return false;
      }
      if (saysDamage(String.valueOf(each.getMessage()).toLowerCase(Locale.ROOT))) {
        return true;
      }
    }
    return false;
  }

  /** The words of EIO, EUCLEAN, EBADMSG. */
  private static boolean saysDamage(String message) {
    return message.contains("input/output error") || message.contains("structure needs cleaning")
        || message.contains("bad message");
  }
}
