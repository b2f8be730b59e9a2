package dev.weir.server.upstream;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What a server asks for in a 401 (RFC 9110, section 11.3).
 *
 * @param scheme in lower case
 * @param parameters by name in lower case; of a name that comes twice the first counts
 */
record Challenge(String scheme, Map<String, String> parameters) {

  /** All challenges of all {@code WWW-Authenticate} lines, in their order. What makes no sense is passed over. */
  static List<Challenge> parse(List<String> lines) {
    List<Challenge> found = new ArrayList<>();
    for (String line : lines) {
      found.addAll(new Scanner(line).challenges());
    }
    return List.copyOf(found);
  }

  Optional<String> parameter(String name) {
    return Optional.ofNullable(parameters.get(name)).filter(value -> !value.isEmpty());
  }

  private static final class Scanner {
    private final String line;
    private int at;

    Scanner(String line) {
      this.line = line;
    }

    List<Challenge> challenges() {
      List<Challenge> found = new ArrayList<>();
      Map<String, String> parameters = new LinkedHashMap<>();
      while (at < line.length()) {
        String token = token();
        if (token.isEmpty()) {
          at++;
        } else if (take('=')) {
          parameters.putIfAbsent(token.toLowerCase(Locale.ROOT), value());
        } else {
          parameters = new LinkedHashMap<>();
          found.add(new Challenge(token.toLowerCase(Locale.ROOT), parameters));
        }
      }
      return found;
    }

    private String value() {
      skipBlanks();
      return at < line.length() && line.charAt(at) == '"' ? quoted() : token();
    }

    private String quoted() {
      StringBuilder value = new StringBuilder();
      at++;
      while (at < line.length() && line.charAt(at) != '"') {
        if (line.charAt(at) == '\\' && at + 1 < line.length()) {
          at++;
        }
        value.append(line.charAt(at++));
      }
      at++;
      return value.toString();
    }

    private String token() {
      int start = at;
      while (at < line.length() && isTokenPart(line.charAt(at))) {
        at++;
      }
      return line.substring(start, at);
    }

    private boolean take(char wanted) {
      skipBlanks();
      if (at < line.length() && line.charAt(at) == wanted) {
        at++;
        return true;
      }
      return false;
    }

    private void skipBlanks() {
      while (at < line.length() && (line.charAt(at) == ' ' || line.charAt(at) == '\t')) {
        at++;
      }
    }

    /** RFC 9110's tchar, and what unquoted values hold in the wild. */
    private static boolean isTokenPart(char c) {
      return c > ' ' && c < 0x7f && c != ',' && c != '=' && c != '"';
    }
  }
}
