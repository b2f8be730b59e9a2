package dev.weir.server.openshift;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where clusters reach this weir, as it stands in image names.
 *
 * @param host lower case
 * @param port 0 where names have none, as with https's own
 */
public record Door(String host, int port) {
  private static final String LABEL = "[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?";
  private static final Pattern FORM = Pattern.compile("(" + LABEL + "(?:\\." + LABEL + ")*)(?::([0-9]{1,5}))?");
  private static final int HTTPS = 443;
  private static final int LAST_PORT = 65_535;

  public Door {
    host = host.toLowerCase(Locale.ROOT);
    port = port == HTTPS ? 0 : port;
  }

  /**
   * Reads a host and perhaps a port.
   *
   * @param ownPort for a text that gives none
   * @throws IllegalArgumentException if a cluster could not use it; the message is a sentence
   */
  public static Door parse(String text, int ownPort) {
    if (text.startsWith("[") || text.indexOf(':') != text.lastIndexOf(':')) {
      throw new IllegalArgumentException(
          "'" + text + "' is an IPv6 address, which OpenShift's mirror sets do not take: give weir a name in DNS");
    }
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      throw new IllegalArgumentException("'" + text + "' is not HOST or HOST:PORT");
    }
    int port = form.group(2) == null ? ownPort : Integer.parseInt(form.group(2));
    if (port < 1 || port > LAST_PORT) {
      throw new IllegalArgumentException("'" + text + "' names port " + port + ", which clusters cannot reach");
    }
    return new Door(form.group(1), port);
  }

  /** The key of its CA in a ConfigMap, where a colon cannot stand. */
  String authorityKey() {
    return port == 0 ? host : host + ".." + port;
  }

  @Override
  public String toString() {
    return port == 0 ? host : host + ":" + port;
  }
}
