package dev.weir.server.replicas;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Bytes of a blob that is being fetched.
 *
 * @param to excluded
 */
record Piece(long from, long to) {
  private static final Pattern NAME = Pattern.compile("(\\d{19})-(\\d{19})");

  /** Sorts by where it begins. */
  String name() {
    return String.format(Locale.ROOT, "%019d-%019d", from, to);
  }

  /** Empty: it is something else. */
  static Optional<Piece> parse(String name) {
    Matcher piece = NAME.matcher(name);
    if (!piece.matches()) {
      return Optional.empty();
    }
    try {
      return Optional.of(new Piece(Long.parseLong(piece.group(1)), Long.parseLong(piece.group(2))));
    } catch (@SuppressWarnings("UnusedException") NumberFormatException e) { // beyond any blob
      return Optional.empty();
    }
  }

  boolean contains(long position) {
    return from <= position && position < to;
  }
}
