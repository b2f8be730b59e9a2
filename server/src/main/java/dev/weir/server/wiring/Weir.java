package dev.weir.server.wiring;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.weir.server.cache.Downloads;
import dev.weir.server.cache.Freshness.TagPolicy;
import dev.weir.server.config.CacheConfig;
import dev.weir.server.config.HttpConfig;
import dev.weir.server.config.StorageConfig;
import dev.weir.server.config.WeirConfig;
import dev.weir.server.http.AccessLog;
import dev.weir.server.http.DebugPort;
import dev.weir.server.http.EventLoops;
import dev.weir.server.http.FrontDoor;
import dev.weir.server.http.HttpLimits;
import dev.weir.server.http.HttpServer;
import dev.weir.server.http.RegistryApi;
import dev.weir.server.http.TlsSetup;
import dev.weir.server.metrics.Metrics;
import dev.weir.server.push.Completion;
import dev.weir.server.push.Mounts;
import dev.weir.server.push.PushPolicy;
import dev.weir.server.push.PushedManifests;
import dev.weir.server.push.Pushing;
import dev.weir.server.push.Seal;
import dev.weir.server.push.Uploads;
import dev.weir.server.registry.CachePolicy;
import dev.weir.server.registry.Patience;
import dev.weir.server.registry.PullThroughRegistry;
import dev.weir.server.registry.Registry;
import dev.weir.server.registry.Router;
import dev.weir.storage.Content;
import dev.weir.storage.fs.FsObjectStore;
import dev.weir.storage.fs.RootLock;

/**
 * A running weir, and the list of what it is made of, in the order in which a request meets it from the end: store,
 * downloads, upstreams, registry, API, sockets.
 */
public final class Weir implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Weir.class);

  private static final Duration UPLOAD_REST = Duration.ofMinutes(10);

  private final Path root;
  private final Closing parts;
  private final Optional<TlsSetup> setup;
  private final HttpServer server;

  private Weir(WeirConfig config, Map<String, String> environment, Path root, Closing parts) throws IOException {
    this.root = root;
    this.parts = parts;
    InstantSource clock = InstantSource.system();
    PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

    parts.add(RootLock.take(root, LOG::warn));
    Content content = Content.of(parts.add(new FsObjectStore(root)));
    Optional<ServerTls> tls = ServerTls.open(config, environment, clock);
    tls.ifPresent(parts::add);
    setup = tls.map(ServerTls::setup);
    Upstreams upstreams = parts.add(new Upstreams(config, environment, clock));
    Router router = upstreams.router(tls.map(ServerTls::names).orElse(Set.of()));
    Registry registry = registry(config.cache(), content, router, new Metrics(meters), clock);
    Pushing pushing = pushing(config, content, registry, clock);
    RegistryApi api = new RegistryApi(registry, pushing, router, config.listings().catalogEntries());

    HttpLimits limits = HttpLimits.DEFAULT.withDrainTimeout(config.http().drainTimeout());
    EventLoops loops = parts.add(EventLoops.start(Runtime.getRuntime().availableProcessors()));
    FrontDoor door = new FrontDoor(api, this::trouble, config.http().headers());
    server = parts.add(
        HttpServer.start(loops, config.http().address().toSocketAddress(), setup, door, limits, new AccessLog()));
    if (config.http().debug().isPresent()) {
      HttpConfig.Debug debug = config.http().debug().get();
      parts.add(HttpServer.start(loops, debug.address().toSocketAddress(),
          new DebugPort(debug.metricsPath().orElse(""), meters::scrape), limits, answer -> {}));
    }
  }

  private Registry registry(CacheConfig config, Content content, Router router, Metrics metrics, InstantSource clock) {
    CachePolicy policy = new CachePolicy(new TagPolicy(config.tagTtl(), config.offline()), Patience.DEFAULT);
    PullThroughRegistry.Events events = new PullThroughRegistry.Events(metrics.cache("manifest"),
        metrics.cache("blob"));
    Downloads downloads = new Downloads(content.blobs(), root.resolve("weir/partial"),
        metrics.downloads(events.blobs()), new SecureRandom());
    return new PullThroughRegistry(router, content, downloads, policy, events, clock);
  }

  private Pushing pushing(WeirConfig config, Content content, Registry registry, InstantSource clock)
      throws IOException {
    PushPolicy policy = new PushPolicy(config.storage().readOnly(), config.proxy().isPresent(),
        config.storage().deleteEnabled(), config.upstreams().keySet());
    Uploads uploads = new Uploads(root.resolve("weir/uploads"), content.blobs(),
        new Seal(HttpSecret.of(config.http(), root)), clock);
    Housekeeping housekeeping = parts.add(new Housekeeping());
    StorageConfig.UploadPurging purging = config.storage().uploadPurging();
    if (purging.enabled() && !purging.dryRun()) {
      housekeeping.every(purging.interval(), "purge abandoned uploads", () -> uploads.purge(purging.age()));
    }
    housekeeping.every(UPLOAD_REST, "close the files of resting uploads", uploads::rest);
    Completion completion = parts.add(new Completion(content, registry));
    completion.resume();
    return new Pushing(policy, uploads, new Mounts(content.blobs()),
        new PushedManifests(content, registry, completion));
  }

  /**
   * Builds and starts it all; when this returns, requests are answered.
   *
   * @throws IOException if a part cannot start; the message says which and why, and nothing is left running
   */
  public static Weir start(WeirConfig config, Map<String, String> environment) throws IOException {
    Path root = switch (config.storage().backend()) {
      case StorageConfig.Filesystem files -> files.root().toAbsolutePath().normalize();
    };
    TlsSetup.refuseRenegotiation();
    Closing parts = new Closing();
    try {
      return new Weir(config, environment, root, parts);
    } catch (IOException | RuntimeException e) {
      parts.close();
      throw e;
    }
  }

  /** Where the data lies. */
  public Path dataRoot() {
    return root;
  }

  /** The port that clients use. */
  public int port() {
    return server.port();
  }

  /** How the port is spoken to, for the log. */
  public String protocol() {
    return setup.map(tls -> "TLS by " + tls.provider()).orElse("plain HTTP");
  }

  /**
   * Looks at what {@code config} names, and starts nothing.
   *
   * @return what a person should look at
   * @throws IOException with a reason for which it could not start
   */
  public static List<String> check(WeirConfig config) throws IOException {
    return ServerTls.check(config, InstantSource.system());
  }

  private Optional<String> trouble() {
    return Files.isReadable(root) ? Optional.empty() : Optional.of("cannot read " + root);
  }

  @Override
  public void close() {
    parts.close();
  }
}
