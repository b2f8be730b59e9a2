package dev.weir.server.config;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

import dev.weir.auth.Credentials;

/**
 * A registry that content is pulled from.
 *
 * @param name        first path component and {@code ?ns=} value
 * @param remoteUrl   scheme, host and port, nothing behind them
 * @param credentials go before the pull secret
 * @param caFile      PEM, trusted beside the system's CAs
 * @param realms      hosts beyond the upstream's own domain that may see the credentials for a token
 * @param budget      bounds for all downloads of its content together, out of its mirrors too
 * @param offline     never to be contacted
 * @param mirrors     asked first; host and path prefix, as in registries.conf
 */
public record UpstreamConfig(String name, URI remoteUrl, Optional<Credentials> credentials, Optional<Path> caFile,
    List<String> realms, BudgetConfig budget, boolean offline, List<URI> mirrors) {

  public UpstreamConfig {
    realms = List.copyOf(realms);
    mirrors = List.copyOf(mirrors);
  }

  /** The host and port under which a pull secret names this upstream. */
  public String registry() {
    return WebAddress.hostAndPort(remoteUrl);
  }
}
