package dev.weir.server.oci;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A stretch of a blob: bytes {@code from} to {@code end}, the latter not included. Never empty, but for the whole of an
 * empty blob.
 */
public record ByteRange(long from, long end) {
  private static final Pattern SINGLE = Pattern.compile("bytes\\s*=\\s*(\\d{0,18})\\s*-\\s*(\\d{0,18})");

  /** All of a blob of {@code size} bytes. */
  public static ByteRange whole(long size) {
    return new ByteRange(0, size);
  }

  /** In bytes. */
  public long length() {
    return end - from;
  }

  /** The value of {@code Content-Range} (RFC 9110 §14.4). */
  public String contentRange(long size) {
    return "bytes " + from + "-" + (end - 1) + "/" + size;
  }

  /**
   * What a {@code Range} header asks of a blob of {@code size} bytes (RFC 9110 §14.1.2). Empty: the header is to be
   * ignored and the whole blob sent, which is what weir does with another unit, nonsense, and several ranges.
   *
   * @throws RegistryException RANGE_INVALID if no byte of the blob is asked for
   */
  public static Optional<ByteRange> parse(String header, long size) throws RegistryException {
    Matcher matcher = SINGLE.matcher(header.strip());
    if (!matcher.matches() || (matcher.group(1).isEmpty() && matcher.group(2).isEmpty())) {
      return Optional.empty();
    }
    return matcher.group(1).isEmpty()
        ? suffix(Long.parseLong(matcher.group(2)), size)
        : fromFirst(Long.parseLong(matcher.group(1)), matcher.group(2), size);
  }

  private static Optional<ByteRange> suffix(long length, long size) throws RegistryException {
    if (length == 0 || size == 0) {
      throw unsatisfiable("the last " + length + " bytes", size);
    }
    return Optional.of(new ByteRange(Math.max(0, size - length), size));
  }

  private static Optional<ByteRange> fromFirst(long first, String lastText, long size) throws RegistryException {
    long last = lastText.isEmpty() ? Long.MAX_VALUE - 1 : Long.parseLong(lastText);
    if (last < first) {
      return Optional.empty();
    }
    if (first >= size) {
      throw unsatisfiable("bytes from " + first, size);
    }
    return Optional.of(new ByteRange(first, Math.min(last + 1, size)));
  }

  private static RegistryException unsatisfiable(String asked, long size) {
    return new RegistryException(ErrorCode.RANGE_INVALID, "asked for " + asked + " of a blob of " + size + " bytes");
  }
}
