package dev.weir.server.upstream;

import java.net.URI;
import java.util.Optional;
import java.util.Set;

/** Where an upstream may send us, and which of those places may see a secret (docs: "Credentials upstream"). */
final class Trust {
  private final Origin upstream;
  private final Set<String> realms;
  private final Proxies proxies;

  Trust(Origin upstream, Set<String> realms, Proxies proxies) {
    this.upstream = upstream;
    this.realms = realms;
    this.proxies = proxies;
  }

  /** Why not to go from one address to the next that an answer named; empty if we may. */
  Optional<String> objection(URI from, URI target) {
    if (target.getHost() == null || target.getRawUserInfo() != null || !isHttp(target)) {
      return Optional.of("an address that is none");
    }
    Origin to = Origin.of(target);
    if (Origin.of(from).isHttps() && !to.isHttps()) {
      return Optional.of("from https to plain http at " + to.hostAndPort());
    }
    if (!to.host().equals(upstream.host()) && !InternalAddresses.isLoopback(upstream.host())
        && isInternal(target, to)) {
      return Optional.of("an internal address, " + to.hostAndPort());
    }
    return Optional.empty();
  }

  /** Whether a token realm may see the upstream's credentials. */
  boolean maySeeCredentials(URI realm) {
    Origin to = Origin.of(realm);
    if (!to.isHttps()) {
      return !upstream.isHttps() && to.host().equals(upstream.host()) && InternalAddresses.isLoopback(upstream.host());
    }
    return Domains.related(upstream.host(), to.host()) || realms.contains(to.host())
        || realms.contains(to.hostAndPort());
  }

  private boolean isInternal(URI target, Origin to) {
    return proxies.of(target).isPresent()
        ? InternalAddresses.isInternalLiteral(to.host())
        : InternalAddresses.isInternal(to.host());
  }

  private static boolean isHttp(URI target) {
    String scheme = String.valueOf(target.getScheme());
    return scheme.equalsIgnoreCase("https") || scheme.equalsIgnoreCase("http");
  }
}
