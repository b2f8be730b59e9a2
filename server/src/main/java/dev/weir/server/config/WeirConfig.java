package dev.weir.server.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import dev.weir.auth.AccessRule;
import dev.weir.server.tls.TlsSettings.ClientAuthentication;

/**
 * Everything that was configured, defaults filled in.
 *
 * @param auth         who comes in, and what they may do
 * @param pullSecret   docker config.json with the credentials for upstreams
 * @param upstreams    by name, in the order written
 * @param aliases      in the order written
 * @param proxy        the upstream for names that nothing else places
 * @param adminSocket  relative to the root of the data unless absolute
 * @param certificates where weir keeps its own CA
 */
public record WeirConfig(HttpConfig http, AuthConfig auth, StorageConfig storage, Optional<Path> pullSecret,
    Map<String, UpstreamConfig> upstreams, List<AliasConfig> aliases, Optional<UpstreamConfig> proxy, CacheConfig cache,
    ListingConfig listings, LogConfig log, HealthConfig health, GcConfig gc, ScrubConfig scrub,
    PrecacheConfig precache, Path adminSocket,
    Path certificates) {

  public WeirConfig {
    upstreams = Ordered.copyOf(upstreams);
    aliases = List.copyOf(aliases);
  }

  /** This configuration with other rules. */
  public WeirConfig withRules(List<AccessRule> rules) {
    return new WeirConfig(http, new AuthConfig(auth.htpasswd(), rules), storage, pullSecret, upstreams, aliases, proxy,
        cache, listings, log, health, gc, scrub, precache, adminSocket, certificates);
  }

  /** Whether whoever comes in has proved to be somebody, by a password or a certificate. */
  public boolean everybodyIsAUser() {
    return auth.htpasswd().isPresent()
        || http.tls().filter(tls -> tls.settings().clients() == ClientAuthentication.REQUIRED).isPresent();
  }

  /** The directory that weir writes to: of the data, or where that lies in a bucket, of what is on its way. */
  public Path localRoot() {
    Path root = switch (storage.backend()) {
      case StorageConfig.Filesystem files -> files.root();
      case StorageConfig.S3 bucket -> cache.scratch().path();
    };
    return root.toAbsolutePath().normalize();
  }

  /** Where the commands on this host reach it. */
  public Path socket() {
    return localRoot().resolve(adminSocket);
  }

  /** The upstream that is configured under {@code name}. */
  public Optional<UpstreamConfig> upstream(String name) {
    return Optional.ofNullable(upstreams.get(name));
  }
}
