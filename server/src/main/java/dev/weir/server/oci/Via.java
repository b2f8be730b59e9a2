package dev.weir.server.oci;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The weirs that a request or an answer came through, the first one first (RFC 9110, section 7.6.3). Other proxies are
 * left out. Immutable.
 */
public record Via(List<String> weirs) {
  public static final Via NOBODY = new Via(List.of());
  public static final String HEADER = "Via";

  private static final Pattern WEIR = Pattern.compile("\\s*(?:[A-Za-z]+/)?[0-9.]+\\s+(weir-[0-9a-z]{1,40})(?:\\s.*)?");
  /** Longer chains are no chains: only the end of one is looked at, which is what true weirs wrote. */
  private static final int MOST = 16;

  public Via {
    weirs = List.copyOf(weirs);
  }

  /** Of a header's value, all its lines joined by commas. */
  public static Via parse(Optional<String> header) {
    return header.isEmpty()
        ? NOBODY
        : new Via(last(Arrays.stream(header.get().split(",", -1)).map(WEIR::matcher).filter(Matcher::matches)
            .map(found -> found.group(1)).toList()));
  }

  private static List<String> last(List<String> all) {
    return all.subList(Math.max(0, all.size() - MOST), all.size());
  }

  public boolean passed(String weir) {
    return weirs.contains(weir);
  }

  /** How many weirs wait for the answer. */
  public int hops() {
    return weirs.size();
  }

  /** The same, and through {@code weir} last. */
  public Via then(String weir) {
    List<String> longer = new ArrayList<>(weirs);
    longer.add(weir);
    return new Via(longer);
  }

  /** As a header's value. */
  @Override
  public String toString() {
    return String.join(", ", weirs.stream().map(weir -> "1.1 " + weir).toList());
  }
}
