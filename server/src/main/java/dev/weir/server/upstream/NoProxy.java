package dev.weir.server.upstream;

import java.math.BigInteger;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.StringTokenizer;

/**
 * The hosts that NO_PROXY names: {@code *}, names (with all below them), {@code .suffix} (only those below), addresses,
 * ranges, each but the ranges perhaps with a port. Names are not resolved.
 */
final class NoProxy {
  private sealed interface Rule {
    boolean covers(Origin target);
  }

  private record Everything() implements Rule {
    @Override
    public boolean covers(Origin target) {
      return true;
    }
  }

  private record Name(String suffix, boolean alsoItself, OptionalInt port) implements Rule {
    @Override
    public boolean covers(Origin target) {
      return isPort(port, target)
          && (target.host().endsWith("." + suffix) || (alsoItself && target.host().equals(suffix)));
    }
  }

  /** @param bits of the prefix that count */
  private record Range(InetAddress network, int bits, OptionalInt port) implements Rule {
    @Override
    public boolean covers(Origin target) {
      return isPort(port, target) && address(target.host()).filter(this::holds).isPresent();
    }

    private boolean holds(InetAddress address) {
      int length = network.getAddress().length * 8;
      return address.getAddress().length * 8 == length && prefix(address, length).equals(prefix(network, length));
    }

    private BigInteger prefix(InetAddress address, int length) {
      return new BigInteger(1, address.getAddress()).shiftRight(length - bits);
    }
  }

  private final List<Rule> rules;

  private NoProxy(List<Rule> rules) {
    this.rules = rules;
  }

  /** What cannot be understood covers nothing, as in other tools. */
  static NoProxy parse(String variable) {
    List<Rule> rules = new ArrayList<>();
    StringTokenizer entries = new StringTokenizer(variable.toLowerCase(Locale.ROOT), ", \t\n");
    while (entries.hasMoreTokens()) {
      rule(entries.nextToken()).ifPresent(rules::add);
    }
    return new NoProxy(List.copyOf(rules));
  }

  boolean covers(Origin target) {
    return rules.stream().anyMatch(rule -> rule.covers(target));
  }

  private static Optional<Rule> rule(String entry) {
    if (entry.equals("*")) {
      return Optional.of(new Everything());
    }
    if (entry.indexOf('/') >= 0) {
      return range(entry);
    }
    OptionalInt port = port(entry);
    String host = Origin.bare(port.isPresent() ? entry.substring(0, entry.lastIndexOf(':')) : entry);
    Optional<InetAddress> address = address(host);
    if (address.isPresent()) {
      return address.map(it -> new Range(it, it.getAddress().length * 8, port));
    }
    String name = host.startsWith("*.") ? host.substring(1) : host;
    boolean below = name.startsWith(".");
    return Optional.of(new Name(below ? name.substring(1) : name, !below, port));
  }

  private static Optional<Rule> range(String entry) {
    int slash = entry.indexOf('/');
    OptionalInt bits = number(entry.substring(slash + 1));
    return address(entry.substring(0, slash))
        .filter(it -> bits.isPresent() && bits.getAsInt() <= it.getAddress().length * 8)
        .map(it -> new Range(it, bits.getAsInt(), OptionalInt.empty()));
  }

  /** After the last colon, unless that colon is part of an IPv6 address. */
  private static OptionalInt port(String entry) {
    int colon = entry.lastIndexOf(':');
    boolean separates = colon > 0 && (entry.charAt(colon - 1) == ']' || entry.indexOf(':') == colon);
    return separates ? number(entry.substring(colon + 1)) : OptionalInt.empty();
  }

  private static boolean isPort(OptionalInt port, Origin target) {
    return port.isEmpty() || port.getAsInt() == target.port();
  }

  private static OptionalInt number(String text) {
    return text.matches("[0-9]{1,5}") ? OptionalInt.of(Integer.parseInt(text)) : OptionalInt.empty();
  }

  private static Optional<InetAddress> address(String host) {
    try {
      return Optional.of(InetAddress.ofLiteral(host));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
