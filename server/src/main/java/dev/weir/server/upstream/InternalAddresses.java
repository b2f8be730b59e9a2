package dev.weir.server.upstream;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** Addresses that only this machine or its cloud means something to: an upstream has no business sending us there. */
final class InternalAddresses {
  /** Metadata services outside the link-local range (Amazon's over IPv6, Alibaba's, Oracle's). */
  private static final Set<String> METADATA = Set.of("fd00:ec2:0:0:0:0:0:254", "100.100.100.200", "192.0.0.192");
  /** NAT64's well-known prefix, 64:ff9b::/96 (RFC 6052): an IPv4 address in another dress. */
  private static final byte[] NAT64 = {0, 0x64, (byte) 0xff, (byte) 0x9b, 0, 0, 0, 0, 0, 0, 0, 0};

  private InternalAddresses() {}

  /** Whether {@code host} is this machine by its very spelling. */
  static boolean isLoopback(String host) {
    return isLocalhost(host) || literal(host).stream().anyMatch(InetAddress::isLoopbackAddress);
  }

  /** Whether {@code host} is internal, or is a name for something internal. A name that nobody knows is not. */
  static boolean isInternal(String host) {
    return isLocalhost(host) || resolved(host).stream().anyMatch(InternalAddresses::isInternal);
  }

  /** The same by spelling alone, for when a proxy resolves the names. */
  static boolean isInternalLiteral(String host) {
    return isLocalhost(host) || literal(host).stream().anyMatch(InternalAddresses::isInternal);
  }

  private static boolean isLocalhost(String host) {
    String name = host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
    return name.equals("localhost") || name.endsWith(".localhost");
  }

  private static boolean isInternal(InetAddress address) {
    return address.isLoopbackAddress() || address.isLinkLocalAddress() || address.isAnyLocalAddress()
        || address.isMulticastAddress() || METADATA.contains(address.getHostAddress()) || wrapsInternal(address);
  }

  private static boolean wrapsInternal(InetAddress address) {
    byte[] bytes = address.getAddress();
    if (bytes.length != 16) {
      return false;
    }
    byte[] prefix = Arrays.copyOf(bytes, 12);
    if (!Arrays.equals(prefix, NAT64) && !Arrays.equals(prefix, new byte[12])) {
      return false;
    }
    try {
      return isInternal(InetAddress.getByAddress(Arrays.copyOfRange(bytes, 12, 16)));
    } catch (UnknownHostException e) {
      throw new IllegalStateException("four bytes are an address", e);
    }
  }

  private static List<InetAddress> literal(String host) {
    try {
      return List.of(InetAddress.ofLiteral(host));
    } catch (IllegalArgumentException e) {
      return List.of();
    }
  }

  private static List<InetAddress> resolved(String host) {
    try {
      return List.of(InetAddress.getAllByName(host));
    } catch (UnknownHostException e) {
      return List.of();
    }
  }
}
