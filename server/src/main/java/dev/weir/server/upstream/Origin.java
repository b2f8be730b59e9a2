package dev.weir.server.upstream;

import java.net.URI;
import java.util.Locale;

/**
 * Whom an address speaks to.
 *
 * @param host in lower case, an IPv6 address without brackets
 * @param port never the default's absence
 */
record Origin(String scheme, String host, int port) {
  /** @param address absolute and with a host */
  static Origin of(URI address) {
    String scheme = String.valueOf(address.getScheme()).toLowerCase(Locale.ROOT);
    int port = address.getPort() >= 0 ? address.getPort() : defaultPort(scheme);
    return new Origin(scheme, bare(address.getHost()), port);
  }

  static String bare(String host) {
    String lower = host.toLowerCase(Locale.ROOT);
    return lower.startsWith("[") && lower.endsWith("]") ? lower.substring(1, lower.length() - 1) : lower;
  }

  boolean isHttps() {
    return scheme.equals("https");
  }

  /** As a user writes it: without the port that the scheme implies. */
  String hostAndPort() {
    String written = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
    return port == defaultPort(scheme) ? written : written + ":" + port;
  }

  @Override
  public String toString() {
    return scheme + "://" + hostAndPort();
  }

  private static int defaultPort(String scheme) {
    return scheme.equals("https") ? 443 : 80;
  }
}
