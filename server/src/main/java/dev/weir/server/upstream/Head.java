package dev.weir.server.upstream;

import java.io.IOException;
import java.net.http.HttpHeaders;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The head of an answer over HTTP/1.1 (RFC 9112): status and header fields. Read strictly: what two readers could take for
 * different things is an error.
 *
 * @param isOld HTTP/1.0, after which the connection ends
 */
record Head(int status, boolean isOld, HttpHeaders headers) {
  static final int LONGEST_BYTES = 64 * 1024;

  private static final Pattern STATUS = Pattern.compile("HTTP/1\\.([01]) ([1-5][0-9]{2})(?: .*)?",
      Pattern.DOTALL);
  private static final Pattern FIELD = Pattern.compile("([!#$%&'*+.^_`|~0-9A-Za-z-]+):(.*)", Pattern.DOTALL);

  /** Takes one out of what has come. Empty: its end has not. */
  static Optional<Head> take(ByteBuffer in) throws IOException {
    int end = end(in);
    if (end < 0) {
      if (in.remaining() >= LONGEST_BYTES) {
        throw new IOException("a head of an answer longer than " + LONGEST_BYTES + " bytes");
      }
      return Optional.empty();
    }
    byte[] bytes = new byte[end - in.position()];
    in.get(bytes);
    return Optional.of(parse(new String(bytes, StandardCharsets.ISO_8859_1)));
  }

  /** Behind the empty line; -1 as long as that is not there. */
  private static int end(ByteBuffer in) {
    int last = Math.min(in.limit(), in.position() + LONGEST_BYTES);
    int lineLength = -1; // an answer does not begin with its end
    for (int at = in.position(); at < last; at++) {
      byte next = in.get(at);
      if (next == '\n' && lineLength == 0) {
        return at + 1;
      }
      lineLength = next == '\n' ? 0 : next == '\r' ? lineLength : 1;
    }
    return -1;
  }

  private static Head parse(String text) throws IOException {
    String[] lines = text.split("\r?\n", -1);
    Matcher status = STATUS.matcher(lines[0]);
    if (!status.matches()) {
      throw new IOException("an answer that is no HTTP/1.1");
    }
    Map<String, List<String>> fields = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    for (int i = 1; !lines[i].isEmpty(); i++) {
      Matcher field = FIELD.matcher(lines[i]);
      if (!field.matches() || field.group(2).chars().anyMatch(c -> c == 0 || c == '\r')) {
        throw new IOException("an answer with a header field that is none");
      }
      fields.computeIfAbsent(field.group(1), name -> new ArrayList<>()).add(stripped(field.group(2)));
    }
    return new Head(Integer.parseInt(status.group(2)), status.group(1).equals("0"),
        HttpHeaders.of(fields, (name, value) -> true));
  }

  /** Of blanks and tabs around it, in one pass over each end. */
  private static String stripped(String value) {
    int from = 0;
    int to = value.length();
    while (from < to && isBlank(value.charAt(from))) {
      from++;
    }
    while (to > from && isBlank(value.charAt(to - 1))) {
      to--;
    }
    return value.substring(from, to);
  }

  private static boolean isBlank(char c) {
    return c == ' ' || c == '\t';
  }

  /** Says that more of the answer follows, and nothing else. */
  boolean isInterim() {
    return status / 100 == 1 && status != 101;
  }

  /** Whether another request may follow on the same connection. */
  boolean keepsConnection() {
    return !isOld && headers.allValues("Connection").stream().flatMap(line -> List.of(line.split(",")).stream())
        .noneMatch(option -> option.strip().equalsIgnoreCase("close"));
  }
}
