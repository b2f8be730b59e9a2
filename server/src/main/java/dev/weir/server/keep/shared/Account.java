package dev.weir.server.keep.shared;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a bucket held when its owner looked, for the next look, and for people.
 *
 * @param looked by the clock of whoever did it, as the next
 * @param held bytes of blobs that manifests name
 * @param stored bytes that all weirs had ever stored by then, by their own counts
 * @param evicted when images went last; {@link Instant#EPOCH}: never
 * @param images that went then
 * @param freed bytes that nothing names without them
 */
record Account(Instant looked, long held, long stored, Instant evicted, long images, long freed) {
  static final Account NONE = new Account(Instant.EPOCH, 0, 0, Instant.EPOCH, 0, 0);

  private static final String NUMBER = " ([0-9]{1,19})";
  private static final Pattern TEXT = Pattern
      .compile("(\\S{10,40})" + NUMBER + NUMBER + " (\\S{10,40})" + NUMBER + NUMBER + "\n");

  Account {
    held = Math.max(0, held);
    stored = Math.max(0, stored);
    freed = Math.max(0, freed);
  }

  byte[] bytes() {
    return (looked + " " + held + " " + stored + " " + evicted + " " + images + " " + freed + "\n")
        .getBytes(StandardCharsets.US_ASCII);
  }

  static Optional<Account> parse(byte[] bytes) {
    Matcher text = TEXT.matcher(new String(bytes, StandardCharsets.US_ASCII));
    try {
      return text.matches()
          ? Optional.of(new Account(Instant.parse(text.group(1)), number(text, 2), number(text, 3),
              Instant.parse(text.group(4)), number(text, 5), number(text, 6)))
          : Optional.empty();
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  private static long number(Matcher text, int group) {
    return new BigInteger(text.group(group)).min(BigInteger.valueOf(Long.MAX_VALUE)).longValueExact();
  }

  Account looked(Instant at, long heldThen, long storedThen) {
    return new Account(at, heldThen, storedThen, evicted, images, freed);
  }

  Account evicted(Instant at, long count, long bytesFreed) {
    return new Account(looked, held - bytesFreed, stored, at, count, bytesFreed);
  }
}
