package dev.weir.server.net;

import java.net.InetAddress;
import java.util.regex.Pattern;

/** An address written out, never a name that somebody would have to be asked about. */
public final class IpAddress {
  private static final Pattern DOTTED = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");
  /** The longest there is: six groups of four, and an IPv4 address. */
  private static final Pattern COLONS = Pattern.compile("(?=.{2,45}$)[0-9a-fA-F:]*:[0-9a-fA-F:.]*");

  private IpAddress() {}

  /**
   * Reads IPv4 in four decimal parts, or IPv6; what is IPv4 inside IPv6 becomes IPv4.
   *
   * @throws IllegalArgumentException if {@code text} is anything else
   */
  public static InetAddress parse(String text) {
    if (!DOTTED.matcher(text).matches() && !COLONS.matcher(text).matches()) {
      throw new IllegalArgumentException("not an address");
    }
    return InetAddress.ofLiteral(text);
  }
}
