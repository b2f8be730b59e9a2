package dev.weir.server.keep.shared;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How far it is with the list that is in force.
 *
 * @param list its name
 * @param portion which is being deleted now, those before it are decided; {@link #NOTICE}: none yet
 */
record Stage(String list, int portion) {
  /** Everything on the list can still be kept. */
  static final int NOTICE = -1;

  private static final Pattern TEXT = Pattern.compile("([0-9a-z-]{1,80}) (-1|[0-9]{1,6})\n");

  byte[] bytes() {
    return (list + " " + portion + "\n").getBytes(StandardCharsets.US_ASCII);
  }

  /** Empty: it is none; then nothing is deleted by it either. */
  static Optional<Stage> parse(byte[] bytes) {
    Matcher text = TEXT.matcher(new String(bytes, StandardCharsets.US_ASCII));
    return text.matches()
        ? Optional.of(new Stage(text.group(1), Integer.parseInt(text.group(2))))
        : Optional.empty();
  }

  boolean isNotice() {
    return portion == NOTICE;
  }
}
