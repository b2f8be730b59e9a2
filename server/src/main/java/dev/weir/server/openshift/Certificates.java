package dev.weir.server.openshift;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Certificates in PEM, each once; without whatever stands between them.
 *
 * @param pem ends with a line's end
 */
public record Certificates(String pem) {
  private static final Pattern BLOCK = Pattern
      .compile("-----BEGIN CERTIFICATE-----\\s*([A-Za-z0-9+/=\\s]+?)\\s*-----END CERTIFICATE-----");

  /** @throws IllegalArgumentException if there is none; the message is the end of a sentence about its place */
  public static Certificates parse(String text) {
    Map<String, String> blocks = blocks(text);
    if (blocks.isEmpty()) {
      throw new IllegalArgumentException("holds no certificate in PEM");
    }
    return new Certificates(String.join("", blocks.values()));
  }

  /** These, and those of {@code others} that are not among them. */
  Certificates and(String others) {
    Map<String, String> all = blocks(pem);
    blocks(others).forEach(all::putIfAbsent);
    return new Certificates(String.join("", all.values()));
  }

  boolean isIn(String text) {
    return blocks(text).keySet().containsAll(blocks(pem).keySet());
  }

  /** By their content, without its line ends. */
  private static Map<String, String> blocks(String text) {
    Map<String, String> found = new LinkedHashMap<>();
    Matcher block = BLOCK.matcher(text);
    while (block.find()) {
      String lines = block.group(1).replaceAll("[ \t\r]+", "").replaceAll("\n+", "\n");
      found.putIfAbsent(lines.replace("\n", ""),
          "-----BEGIN CERTIFICATE-----\n" + lines + "\n-----END CERTIFICATE-----\n");
    }
    return found;
  }
}
