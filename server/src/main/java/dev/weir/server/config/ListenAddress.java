package dev.weir.server.config;

import java.net.InetSocketAddress;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What to listen on, as Go writes it: {@code :5000}, {@code 127.0.0.1:5000}, {@code [::1]:5000}.
 *
 * @param host empty for every address of this machine; IPv6 without brackets
 * @param port 0 for one that the kernel chooses
 */
public record ListenAddress(String host, int port) {
  private static final Pattern FORM = Pattern.compile("(?:\\[([0-9a-fA-F:.%a-z]+)]|([^\\[\\]:/\\s]*)):([0-9]{1,5})");
  private static final int LAST_PORT = 65_535;

  /** @throws IllegalArgumentException if {@code text} is not an address */
  public static ListenAddress parse(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches() || Integer.parseInt(form.group(3)) > LAST_PORT) {
      throw new IllegalArgumentException("not an address");
    }
    String host = form.group(1) != null ? form.group(1) : form.group(2);
    return new ListenAddress(host, Integer.parseInt(form.group(3)));
  }

  /** Looks the host up where it is a name. */
  public InetSocketAddress toSocketAddress() {
    return host.isEmpty() ? new InetSocketAddress(port) : new InetSocketAddress(host, port);
  }

  /** Whether only this machine can reach it. */
  boolean isLoopback() {
    return host.startsWith("127.") || host.equals("::1") || host.equals("localhost");
  }

  @Override
  public String toString() {
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }
}
