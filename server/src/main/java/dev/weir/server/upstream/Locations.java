package dev.weir.server.upstream;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;

/** Reads addresses out of answers. What is signed must stay as it was written: nothing is decoded, ordered or normalised. */
final class Locations {
  private static final HexFormat HEX = HexFormat.of().withUpperCase();
  private static final String ALLOWED = "-._~:/?[]@!$&'()*+,;=%";

  private Locations() {}

  /** Where {@code location} leads, seen from {@code base}; empty if it is no address. Without any fragment. */
  static Optional<URI> resolve(URI base, String location) {
    int hash = location.indexOf('#');
    String text = hash < 0 ? location : location.substring(0, hash);
    try {
      return Optional.of(base.resolve(new URI(escaped(text))));
    } catch (URISyntaxException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** Only characters that no address may hold are changed, as browsers do it. */
  private static String escaped(String text) {
    StringBuilder result = new StringBuilder(text.length());
    text.codePoints().forEach(c -> {
      if (isAllowed(c)) {
        result.appendCodePoint(c);
      } else {
        byte[] bytes = Character.toString(c).getBytes(StandardCharsets.UTF_8);
        for (byte b : bytes) {
          HEX.toHexDigits(result.append('%'), b);
        }
      }
    });
    return result.toString();
  }

  private static boolean isAllowed(int c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || ALLOWED.indexOf(c) >= 0;
  }
}
