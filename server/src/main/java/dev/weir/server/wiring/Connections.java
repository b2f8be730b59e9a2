package dev.weir.server.wiring;

import java.net.URI;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

import dev.weir.auth.PullSecret;
import dev.weir.server.config.UpstreamConfig;
import dev.weir.server.config.WeirConfig;
import dev.weir.server.upstream.CredentialsSource;
import dev.weir.server.upstream.Network;
import dev.weir.server.upstream.UpstreamSettings;

/** How a configuration reaches its upstreams: through which network, and with whose credentials. */
public record Connections(Network network, CredentialsSource pullSecret, UpstreamSettings.Patience patience) {
  /**
   * @param warn takes sentences about the pull secret
   * @throws IllegalArgumentException if a variable names a proxy that cannot be used
   */
  public static Connections of(WeirConfig config, Map<String, String> environment, UpstreamSettings.Patience patience,
      InstantSource clock, Consumer<String> warn) {
    CredentialsSource pullSecret = config.pullSecret()
        .<CredentialsSource>map(file -> new PullSecret(file, clock, warn)::credentials).orElse(CredentialsSource.NONE);
    return new Connections(Network.of(environment), pullSecret, patience);
  }

  /** The upstream's own credentials go before the pull secret's. */
  public UpstreamSettings settings(UpstreamConfig upstream) {
    CredentialsSource credentials = upstream.credentials().isPresent()
        ? (host, path) -> upstream.credentials()
        : (host, path) -> pullSecret.credentials(upstream.registry(), path);
    return new UpstreamSettings(upstream.name(), upstream.remoteUrl(), credentials, upstream.caFile(),
        Set.copyOf(upstream.realms()), patience, false);
  }

  /** Of a mirror of {@code upstream}: it has the credentials of its own name, never the upstream's. */
  UpstreamSettings settings(UpstreamConfig upstream, URI mirror) {
    String path = mirror.getRawPath() == null ? "" : mirror.getRawPath();
    return new UpstreamSettings(mirror.getRawAuthority() + path, mirror, pullSecret, upstream.caFile(), Set.of(),
        patience.ofMirrors(upstream.mirrors().size()), true);
  }

  /** The same for a weir that says in its requests who it is. */
  Connections as(String instance) {
    return new Connections(network.as(instance), pullSecret, patience);
  }
}
