package dev.weir.auth;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * How many guesses at passwords are evaluated: those of one address at one user, all at one user, all of one address. A
 * right guess is given back, so that only wrong ones count; the first limit is the tightest, so that who hammers one
 * user takes little from the others at the address, and little from that user elsewhere. Thread-safe; never blocks.
 */
final class GuessLimit {
  private final Allowance pair;
  private final Allowance user;
  private final Allowance address;

  GuessLimit(LongSupplier nanoTime) {
    this.pair = new Allowance(5, Duration.ofSeconds(1), nanoTime);
    this.user = new Allowance(30, Duration.ofMillis(250), nanoTime);
    this.address = new Allowance(30, Duration.ofMillis(250), nanoTime);
  }

  private record Taken(Allowance allowance, String key) {}

  /** Takes a guess: zero; or how long until there may be one. */
  Duration take(String name, String from) {
    List<Taken> wanted = wanted(name, from);
    for (int i = 0; i < wanted.size(); i++) {
      Duration wait = wanted.get(i).allowance().take(wanted.get(i).key());
      if (!wait.isZero()) {
        wanted.subList(0, i).forEach(taken -> taken.allowance().giveBack(taken.key()));
        return wait;
      }
    }
    return Duration.ZERO;
  }

  void giveBack(String name, String from) {
    wanted(name, from).forEach(taken -> taken.allowance().giveBack(taken.key()));
  }

  private List<Taken> wanted(String name, String from) {
    String network = network(from);
    return List.of(new Taken(pair, network + " " + name), new Taken(user, name), new Taken(address, network));
  }

  /** An IPv6 host has a /64 to choose its address from. */
  static String network(String from) {
    try {
      int zone = from.indexOf('%');
      InetAddress parsed = InetAddress.ofLiteral(zone < 0 ? from : from.substring(0, zone));
      return parsed instanceof Inet6Address
          ? HexFormat.of().formatHex(Arrays.copyOf(parsed.getAddress(), 8))
          : parsed.getHostAddress();
    } catch (IllegalArgumentException e) {
      return from;
    }
  }
}
