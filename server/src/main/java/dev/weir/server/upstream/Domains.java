package dev.weir.server.upstream;

import java.util.List;
import java.util.Set;

/**
 * Which hosts belong to one owner, as far as that can be told without the public suffix list: those under the same last
 * two labels, or three where two are known to be anybody's. Too strict is a line in {@code realms}; too lax is a leak.
 */
final class Domains {
  /** Second levels that are open to registration under two-letter countries: co.uk, com.cn, or.jp. */
  private static final Set<String> OPEN_SECOND_LEVELS = Set.of("ac", "co", "com", "edu", "gob", "gov", "gouv", "go",
      "id",
      "ltd", "me", "mil", "ne", "net", "nom", "or", "org", "plc", "sch");
  /** Domains whose owners hand names below them to customers. */
  private static final Set<String> SHARED = Set.of("amazonaws.com", "azurecr.io", "azurewebsites.net", "appspot.com",
      "cloudapp.net", "cloudfront.net", "digitaloceanspaces.com", "duckdns.org", "github.io", "gitlab.io",
      "googleapis.com",
      "herokuapp.com", "netlify.app", "ngrok.io", "pages.dev", "pkg.dev", "run.app", "trafficmanager.net", "vercel.app",
      "windows.net", "workers.dev");

  private Domains() {}

  /** Whether both hosts are under one registrable domain. Addresses, and names of one label, are related to themselves only. */
  static boolean related(String host, String other) {
    if (host.equals(other)) {
      return true;
    }
    String domain = registrable(host);
    return !domain.isEmpty() && domain.equals(registrable(other));
  }

  /** Empty for an address, and for a name that has none. */
  private static String registrable(String host) {
    List<String> labels = List.of(host.split("\\.", -1));
    int count = labels.size();
    if (host.indexOf(':') >= 0 || labels.contains("") || count < 2 || isNumber(labels.get(count - 1))) {
      return "";
    }
    int needed = isAnybodys(labels.get(count - 2), labels.get(count - 1)) ? 3 : 2;
    return count < needed ? "" : String.join(".", labels.subList(count - needed, count));
  }

  private static boolean isAnybodys(String second, String top) {
    return (top.length() == 2 && OPEN_SECOND_LEVELS.contains(second)) || SHARED.contains(second + "." + top);
  }

  private static boolean isNumber(String label) {
    return Character.isDigit(label.charAt(0));
  }
}
