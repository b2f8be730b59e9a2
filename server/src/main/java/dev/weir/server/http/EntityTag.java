package dev.weir.server.http;

import java.util.Arrays;
import java.util.Optional;

import dev.weir.storage.Digest;

/** A digest as an entity tag (RFC 9110 §8.8.3), and the conditions that clients put on it. */
final class EntityTag {
  private EntityTag() {}

  static String of(Digest digest) {
    return '"' + digest.toString() + '"';
  }

  /** Whether the client says that it has these bytes: {@code If-None-Match}, compared weakly; quotes may be missing. */
  static boolean isKnown(Optional<String> ifNoneMatch, Digest digest) {
    return ifNoneMatch.stream().flatMap(header -> Arrays.stream(header.split(","))).map(String::strip)
        .map(tag -> tag.startsWith("W/") ? tag.substring(2) : tag)
        .anyMatch(tag -> tag.equals("*") || unquoted(tag).equals(digest.toString()));
  }

  /** Whether a range may be given: {@code If-Range}, compared strongly; a date never matches, since none is sent. */
  static boolean permitsRange(Optional<String> ifRange, Digest digest) {
    return ifRange.map(String::strip).map(EntityTag::unquoted).map(digest.toString()::equals).orElse(true);
  }

  private static String unquoted(String tag) {
    return tag.length() > 1 && tag.startsWith("\"") && tag.endsWith("\"") ? tag.substring(1, tag.length() - 1) : tag;
  }
}
