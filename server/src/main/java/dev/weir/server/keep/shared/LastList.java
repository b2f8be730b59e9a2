package dev.weir.server.keep.shared;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the last collection came to, for people, and for whoever decides when the next is due.
 *
 * @param ended by the clock of whoever did it
 * @param blobs that went
 * @param freed bytes of these
 */
record LastList(Instant ended, long blobs, long freed) {
  private static final Pattern TEXT = Pattern.compile("(\\S{10,40}) ([0-9]{1,18}) ([0-9]{1,18})\n");

  byte[] bytes() {
    return (ended + " " + blobs + " " + freed + "\n").getBytes(StandardCharsets.US_ASCII);
  }

  static Optional<LastList> parse(byte[] bytes) {
    Matcher text = TEXT.matcher(new String(bytes, StandardCharsets.US_ASCII));
    try {
      return text.matches()
          ? Optional.of(new LastList(Instant.parse(text.group(1)), Long.parseLong(text.group(2)),
              Long.parseLong(text.group(3))))
          : Optional.empty();
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }
}
