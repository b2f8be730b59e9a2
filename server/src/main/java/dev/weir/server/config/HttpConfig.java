package dev.weir.server.config;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import dev.weir.server.net.Network;

/**
 * The door.
 *
 * @param host           how clients reach weir from outside: scheme, host, port
 * @param relativeUrls   whether {@code Location} is sent without scheme and host
 * @param secret         signs upload states; replicas share it
 * @param drainTimeout   how long a stop waits for requests under way
 * @param headers        added to every answer
 * @param trustedProxies addresses and networks that may state a client's address
 * @param limits         how much one client may ask for
 * @param tls            what the main port speaks TLS with; empty for plain HTTP
 * @param debug          the second port
 */
public record HttpConfig(ListenAddress address, Optional<URI> host, boolean relativeUrls, Optional<Secret> secret,
    Duration drainTimeout, Map<String, List<String>> headers, List<Network> trustedProxies, Limits limits,
    Optional<TlsConfig> tls,
    Optional<Debug> debug) {

  public HttpConfig {
    headers = Ordered.copyOf(headers);
    trustedProxies = List.copyOf(trustedProxies);
  }

  /**
   * How much clients may ask for.
   *
   * @param requests              at work at a time; 0: no bound
   * @param connectionsPerAddress at a time; 0: no bound
   * @param idleTimeout           of a connection between requests
   */
  public record Limits(int requests, int connectionsPerAddress, Duration idleTimeout, int headerBytes,
      int manifestBytes) {}

  /** @param metricsPath where Prometheus reads; empty where it may not */
  public record Debug(ListenAddress address, Optional<String> metricsPath) {}
}
