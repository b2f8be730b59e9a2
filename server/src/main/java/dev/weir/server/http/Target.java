package dev.weir.server.http;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.HashMap;
import java.util.Map;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * What a request line points to (RFC 9112 §3.2), percent-decoded exactly once.
 *
 * @param path begins with a slash
 * @param query the first value where a name is repeated
 */
record Target(String path, Map<String, String> query) {

  /** @throws BadRequest if an escape is broken, or this is neither an absolute path nor an http address */
  static Target parse(String text) throws BadRequest {
    String local = withoutAuthority(text);
    int mark = local.indexOf('?');
    String path = decode(mark < 0 ? local : local.substring(0, mark));
    return new Target(path, mark < 0 ? Map.of() : query(local.substring(mark + 1)));
  }

  private static String withoutAuthority(String text) throws BadRequest {
    if (text.startsWith("/")) {
      return text;
    }
    if (!text.startsWith("http://") && !text.startsWith("https://")) {
      throw new BadRequest(400, "the request line holds no path");
    }
    int slash = text.indexOf('/', text.indexOf("//") + 2);
    return slash < 0 ? "/" : text.substring(slash);
  }

  private static Map<String, String> query(String text) throws BadRequest {
    Map<String, String> values = new HashMap<>();
    for (String pair : text.split("&", -1)) {
      int equals = pair.indexOf('=');
      String name = equals < 0 ? pair : pair.substring(0, equals);
      String value = equals < 0 ? "" : pair.substring(equals + 1);
      values.putIfAbsent(decode(name.replace('+', ' ')), decode(value.replace('+', ' ')));
    }
    return values;
  }

  private static String decode(String text) throws BadRequest {
    ByteBuffer bytes = ByteBuffer.allocate(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c != '%') {
        bytes.put((byte) c);
        continue;
      }
      bytes.put((byte) (hex(text, i + 1) << 4 | hex(text, i + 2)));
      i += 2;
    }
    try {
      return UTF_8.newDecoder().decode(bytes.flip()).toString();
    } catch (CharacterCodingException e) {
      throw new BadRequest(400, "the address is not UTF-8");
    }
  }

  private static int hex(String text, int at) throws BadRequest {
    int value = at < text.length() ? Character.digit(text.charAt(at), 16) : -1;
    if (value < 0) {
      throw new BadRequest(400, "the address has a broken percent escape");
    }
    return value;
  }
}
