package dev.weir.server.wiring;

import java.io.IOException;
import java.net.URI;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.weir.auth.PullSecret;
import dev.weir.server.budget.Budget;
import dev.weir.server.budget.Limits;
import dev.weir.server.config.AliasConfig;
import dev.weir.server.config.BudgetConfig;
import dev.weir.server.config.ByteRate;
import dev.weir.server.config.ListenAddress;
import dev.weir.server.config.UpstreamConfig;
import dev.weir.server.config.WeirConfig;
import dev.weir.server.registry.Router;
import dev.weir.server.registry.Upstream;
import dev.weir.server.upstream.CredentialsSource;
import dev.weir.server.upstream.GuardedRegistry;
import dev.weir.server.upstream.MirroredRegistry;
import dev.weir.server.upstream.Network;
import dev.weir.server.upstream.PersistentRegistry;
import dev.weir.server.upstream.RemoteRegistry;
import dev.weir.server.upstream.UpstreamRegistry;
import dev.weir.server.upstream.UpstreamSettings;
import dev.weir.storage.RepositoryName;

/** The configured upstreams, and the router over them. */
final class Upstreams implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Upstreams.class);

  private final WeirConfig config;
  private final Network network;
  private final UpstreamSettings.Patience patience;
  private final BiConsumer<String, BooleanSupplier> watch;
  private final InstantSource clock;
  private final RandomGenerator random = new SecureRandom();
  private final CredentialsSource pullSecret;
  private final Map<String, Upstream> byName = new LinkedHashMap<>();
  private final Optional<Upstream> proxy;
  /** Of all upstreams together. */
  private final Budget whole;

  /** @param watch told of each host, by its name, and how to learn whether it is down */
  Upstreams(WeirConfig config, Network network, UpstreamSettings.Patience patience,
      BiConsumer<String, BooleanSupplier> watch, InstantSource clock) throws IOException {
    this.config = config;
    this.network = network;
    this.patience = patience;
    this.watch = watch;
    this.clock = clock;
    this.whole = new Budget(limits(config.cache().maxRate(), config.cache().maxConcurrent(), 1), null,
        System::nanoTime);
    this.pullSecret = config.pullSecret()
        .<CredentialsSource>map(file -> new PullSecret(file, clock, LOG::warn)::credentials)
        .orElse(CredentialsSource.NONE);
    for (UpstreamConfig upstream : config.upstreams().values()) {
      byName.put(upstream.name(), connect(upstream));
    }
    this.proxy = config.proxy().isPresent() ? Optional.of(proxy(config.proxy().get())) : Optional.empty();
  }

  /** @param certified what the server's certificate says weir is called */
  Router router(Set<String> certified) {
    Map<String, List<RepositoryName>> aliases = new LinkedHashMap<>();
    for (AliasConfig alias : config.aliases()) {
      aliases.put(alias.subtree() ? alias.path() + "/" : alias.path(),
          alias.targets().stream().map(Upstreams::repository).toList());
    }
    return new Router(byName, aliases, proxy, ownNames(certified));
  }

  private Set<String> ownNames(Set<String> certified) {
    Set<String> names = new HashSet<>();
    int port = config.http().address().port();
    certified.forEach(name -> {
      names.add(name);
      names.add(new ListenAddress(name, port).toString());
    });
    config.http().host().ifPresent(host -> {
      names.add(host.getHost());
      names.add(host.getAuthority());
    });
    return names;
  }

  private static RepositoryName repository(AliasConfig.Target target) {
    return RepositoryName.parse(target.path().isEmpty() ? target.upstream() : target.upstream() + "/" + target.path());
  }

  /** The proxied registry is the upstream of the same address, where one is configured: they share what is held. */
  private Upstream proxy(UpstreamConfig proxied) throws IOException {
    for (UpstreamConfig named : config.upstreams().values()) {
      if (sameRegistry(named.remoteUrl(), proxied.remoteUrl())) {
        Upstream upstream = byName.get(named.name());
        if (upstream != null) {
          return upstream;
        }
      }
    }
    return connect(proxied);
  }

  private static boolean sameRegistry(URI one, URI other) {
    return one.resolve("/").equals(other.resolve("/"));
  }

  private Upstream connect(UpstreamConfig upstream) throws IOException {
    List<GuardedRegistry> mirrors = new ArrayList<>();
    for (URI mirror : upstream.mirrors()) {
      mirrors.add(mirror(upstream, mirror));
    }
    CredentialsSource credentials = upstream.credentials().isPresent()
        ? (host, path) -> upstream.credentials()
        : (host, path) -> pullSecret.credentials(upstream.registry(), path);
    GuardedRegistry itself = host(new UpstreamSettings(upstream.name(), upstream.remoteUrl(), credentials,
        upstream.caFile(), Set.copyOf(upstream.realms()), patience));
    UpstreamRegistry all = mirrors.isEmpty() ? itself : new MirroredRegistry(mirrors, itself);
    return new Upstream(upstream.name(), new PersistentRegistry(all, patience.busy(), random), upstream.offline(),
        budget(upstream.budget()));
  }

  private Budget budget(BudgetConfig bounds) {
    return new Budget(limits(bounds.maxRate(), bounds.maxConcurrent(), bounds.maxSegments()), whole,
        System::nanoTime);
  }

  private static Limits limits(Optional<ByteRate> rate, Optional<Integer> transfers, int segments) {
    return new Limits(rate.map(ByteRate::bytesPerSecond).map(OptionalLong::of).orElse(OptionalLong.empty()),
        transfers.map(OptionalInt::of).orElse(OptionalInt.empty()), segments - 1);
  }

  /** It has the credentials of its own name, never the upstream's. */
  private GuardedRegistry mirror(UpstreamConfig upstream, URI mirror) throws IOException {
    String path = mirror.getRawPath() == null ? "" : mirror.getRawPath();
    return host(new UpstreamSettings(mirror.getRawAuthority() + path, mirror, pullSecret, upstream.caFile(), Set.of(),
        patience.ofMirrors(upstream.mirrors().size())));
  }

  private GuardedRegistry host(UpstreamSettings settings) throws IOException {
    GuardedRegistry host = new GuardedRegistry(new RemoteRegistry(settings, network, clock), clock, random);
    watch.accept(settings.name(), host::isDown);
    return host;
  }

  @Override
  public void close() {
    byName.values().forEach(upstream -> upstream.client().close());
    proxy.ifPresent(upstream -> upstream.client().close());
  }
}
