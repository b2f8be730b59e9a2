package dev.weir.server.http;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

import dev.weir.server.net.IpAddress;
import dev.weir.server.net.Network;

/** Whose word is taken on where a request comes from ({@code http.trustedproxies}). */
public record TrustedProxies(List<Network> networks) {
  public static final TrustedProxies NONE = new TrustedProxies(List.of());

  public TrustedProxies {
    networks = List.copyOf(networks);
  }

  boolean trust(InetAddress address) {
    return networks.stream().anyMatch(network -> network.contains(address));
  }

  /**
   * The address of whoever asks: the last one in {@code X-Forwarded-For} that is not itself a proxy of ours. Each proxy
   * adds the address that it sees, so whatever stands before that one is only the client's own word.
   *
   * @param from who sent us the request
   * @param forwardedFor the fields, each a list, in their order
   */
  InetAddress client(InetAddress from, List<String> forwardedFor) {
    InetAddress client = from;
    if (forwardedFor.isEmpty()) {
      return client;
    }
    String[] hops = String.join(",", forwardedFor).split(",", -1);
    for (int i = hops.length - 1; i >= 0 && trust(client); i--) {
      Optional<InetAddress> before = hop(hops[i].strip());
      if (before.isEmpty()) {
        return client;
      }
      client = before.get();
    }
    return client;
  }

  /** With or without a port, and brackets; empty for what is no address. */
  private static Optional<InetAddress> hop(String text) {
    int end = text.lastIndexOf(':');
    String host = text;
    if (text.startsWith("[")) {
      int bracket = text.indexOf(']');
      host = bracket < 0 ? "" : text.substring(1, bracket);
    } else if (end > 0 && text.indexOf(':') == end) {
      host = text.substring(0, end);
    }
    int zone = host.indexOf('%');
    try {
      return Optional.of(IpAddress.parse(zone < 0 ? host : host.substring(0, zone)));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
