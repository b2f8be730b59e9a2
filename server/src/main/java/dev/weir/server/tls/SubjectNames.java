package dev.weir.server.tls;

import java.net.InetAddress;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.SequencedSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The names and addresses that a certificate is for.
 *
 * @param hosts     lower case; {@code *} may stand for the first label
 * @param addresses IPv4 or IPv6, each once, as the JDK writes them
 */
public record SubjectNames(SequencedSet<String> hosts, SequencedSet<String> addresses) {
  private static final Pattern HOST = Pattern
      .compile("(?:\\*\\.)?[a-z0-9_](?:[a-z0-9_-]{0,62})(?:\\.[a-z0-9_](?:[a-z0-9_-]{0,62}))*");
  private static final Pattern IPV4 = Pattern.compile("[0-9]{1,3}(?:\\.[0-9]{1,3}){3}");
  private static final Pattern PORT = Pattern.compile(".*[^:]:[0-9]+|\\[.*]:[0-9]+");
  private static final int LONGEST_HOST = 253;
  private static final int DNS_NAME = 2;
  private static final int IP_ADDRESS = 7;

  public SubjectNames {
    hosts = Collections.unmodifiableSequencedSet(new LinkedHashSet<>(hosts));
    addresses = Collections.unmodifiableSequencedSet(new LinkedHashSet<>(addresses));
  }

  /**
   * Sorts names from addresses.
   *
   * @throws IllegalArgumentException whose message is a sentence about the one that is neither
   */
  public static SubjectNames parse(Collection<String> texts) {
    SequencedSet<String> hosts = new LinkedHashSet<>();
    SequencedSet<String> addresses = new LinkedHashSet<>();
    for (String text : texts) {
      String bare = text.startsWith("[") && text.endsWith("]") ? text.substring(1, text.length() - 1) : text;
      if (PORT.matcher(text).matches() && !isIpv6(bare)) {
        throw new IllegalArgumentException(text + " has a port, and a certificate is for a host on every port");
      }
      if (isIpv6(bare) || IPV4.matcher(bare).matches()) {
        addresses.add(address(bare));
      } else {
        hosts.add(host(bare));
      }
    }
    return new SubjectNames(hosts, addresses);
  }

  /** Whether it reads as a name or an address at all. */
  static boolean isName(String text) {
    return text.length() <= LONGEST_HOST && HOST.matcher(text.toLowerCase(Locale.ROOT)).matches();
  }

  /** Those that {@code certificate} has; none where they cannot be read. */
  public static SubjectNames of(X509Certificate certificate) {
    try {
      Collection<List<?>> names = certificate.getSubjectAlternativeNames();
      return names == null
          ? new SubjectNames(new LinkedHashSet<>(), new LinkedHashSet<>())
          : new SubjectNames(named(names, DNS_NAME), named(names, IP_ADDRESS));
    } catch (CertificateParsingException e) {
      return new SubjectNames(new LinkedHashSet<>(), new LinkedHashSet<>());
    }
  }

  private static SequencedSet<String> named(Collection<List<?>> names, int type) {
    return names.stream().filter(name -> Integer.valueOf(type).equals(name.getFirst()))
        .map(name -> String.valueOf(name.get(1))).map(text -> type == IP_ADDRESS ? address(text) : text)
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  boolean containsAll(SubjectNames others) {
    return hosts.containsAll(others.hosts) && addresses.containsAll(others.addresses);
  }

  /** Whether a client that calls a server {@code name}, a host or an address, takes this certificate for its own. */
  public boolean cover(String name) {
    String bare = name.startsWith("[") && name.endsWith("]") ? name.substring(1, name.length() - 1) : name;
    if (isIpv6(bare) || IPV4.matcher(bare).matches()) {
      return addresses.contains(address(bare));
    }
    String lower = bare.toLowerCase(Locale.ROOT);
    int dot = lower.indexOf('.');
    return hosts.contains(lower) || (dot > 0 && hosts.contains("*" + lower.substring(dot)));
  }

  public boolean isEmpty() {
    return hosts.isEmpty() && addresses.isEmpty();
  }

  /** Names first, then addresses. */
  public Stream<String> all() {
    return Stream.concat(hosts.stream(), addresses.stream());
  }

  @Override
  public String toString() {
    return all().collect(Collectors.joining(", "));
  }

  private static boolean isIpv6(String text) {
    return text.indexOf(':') != text.lastIndexOf(':');
  }

  private static String address(String text) {
    try {
      return InetAddress.ofLiteral(text).getHostAddress();
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(text + " is no IP address", e);
    }
  }

  private static String host(String text) {
    if (!isName(text)) {
      throw new IllegalArgumentException("'" + text + "' is neither a host name nor an IP address");
    }
    return text.toLowerCase(Locale.ROOT);
  }
}
