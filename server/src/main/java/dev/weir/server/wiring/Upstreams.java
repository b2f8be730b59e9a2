package dev.weir.server.wiring;

import java.io.IOException;
import java.net.URI;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

import dev.weir.server.budget.Budget;
import dev.weir.server.budget.Limits;
import dev.weir.server.config.AliasConfig;
import dev.weir.server.config.BudgetConfig;
import dev.weir.server.config.ByteRate;
import dev.weir.server.config.UpstreamConfig;
import dev.weir.server.config.WeirConfig;
import dev.weir.server.registry.Router;
import dev.weir.server.registry.Upstream;
import dev.weir.server.upstream.GuardedRegistry;
import dev.weir.server.upstream.MirroredRegistry;
import dev.weir.server.upstream.PersistentRegistry;
import dev.weir.server.upstream.RemoteRegistry;
import dev.weir.server.upstream.UpstreamRegistry;
import dev.weir.server.upstream.UpstreamSettings;
import dev.weir.storage.RepositoryName;

/** The configured upstreams, and the router over them. */
final class Upstreams implements AutoCloseable {
  private final WeirConfig config;
  private final Connections connections;
  private final Consumer<GuardedRegistry> watch;
  private final InstantSource clock;
  private final RandomGenerator random = new SecureRandom();
  private final Map<String, Upstream> byName = new LinkedHashMap<>();
  private final Optional<Upstream> proxy;
  /** Of all upstreams together. */
  private final Budget whole;
  private final List<Budget> budgets = new ArrayList<>();

  /** @param watch told of each host */
  Upstreams(WeirConfig config, Connections connections, Consumer<GuardedRegistry> watch,
      InstantSource clock) throws IOException {
    this.config = config;
    this.connections = connections;
    this.watch = watch;
    this.clock = clock;
    this.whole = new Budget(limits(config.cache().maxRate(), config.cache().maxConcurrent(), 1), null,
        System::nanoTime, this::isJobTime);
    budgets.add(whole);
    for (UpstreamConfig upstream : config.upstreams().values()) {
      byName.put(upstream.name(), connect(upstream));
    }
    this.proxy = config.proxy().isPresent() ? Optional.of(proxy(config.proxy().get())) : Optional.empty();
  }

  /** @param ownNames what weir itself is called */
  Router router(Predicate<String> ownNames) {
    Map<String, List<RepositoryName>> aliases = new LinkedHashMap<>();
    for (AliasConfig alias : config.aliases()) {
      aliases.put(alias.subtree() ? alias.path() + "/" : alias.path(),
          alias.targets().stream().map(Upstreams::repository).toList());
    }
    return new Router(byName, aliases, proxy, ownNames);
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
      mirrors.add(host(connections.settings(upstream, mirror)));
    }
    GuardedRegistry itself = host(connections.settings(upstream));
    UpstreamRegistry all = mirrors.isEmpty() ? itself : new MirroredRegistry(mirrors, itself);
    return new Upstream(upstream.name(), new PersistentRegistry(all, connections.patience().busy(), random),
        upstream.offline(), budget(upstream.budget()));
  }

  /** Whether weir's own jobs may fetch now. */
  boolean isJobTime() {
    return config.cache().isJobTime(LocalTime.ofInstant(clock.instant(), ZoneId.systemDefault()));
  }

  private Budget budget(BudgetConfig bounds) {
    Budget budget = new Budget(limits(bounds.maxRate(), bounds.maxConcurrent(), bounds.maxSegments()), whole,
        System::nanoTime, () -> true);
    budgets.add(budget);
    return budget;
  }

  private static Limits limits(Optional<ByteRate> rate, Optional<Integer> transfers, int segments) {
    return new Limits(rate.map(ByteRate::bytesPerSecond).map(OptionalLong::of).orElse(OptionalLong.empty()),
        transfers.map(OptionalInt::of).orElse(OptionalInt.empty()), segments - 1);
  }

  private GuardedRegistry host(UpstreamSettings settings) throws IOException {
    GuardedRegistry host = new GuardedRegistry(new RemoteRegistry(settings, connections.network(), clock), clock,
        random);
    watch.accept(host);
    return host;
  }

  @Override
  public void close() {
    budgets.forEach(Budget::stop);
    byName.values().forEach(upstream -> upstream.client().close());
    proxy.ifPresent(upstream -> upstream.client().close());
  }
}
