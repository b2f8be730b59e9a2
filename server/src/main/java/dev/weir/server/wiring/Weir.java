package dev.weir.server.wiring;

import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.weir.server.admin.AdminApi;
import dev.weir.server.admin.Jobs;
import dev.weir.server.cache.Downloads;
import dev.weir.server.cache.Freshness.TagPolicy;
import dev.weir.server.config.HttpConfig;
import dev.weir.server.config.Loaded;
import dev.weir.server.config.StorageConfig;
import dev.weir.server.config.WeirConfig;
import dev.weir.server.http.AccessLog;
import dev.weir.server.http.Answer;
import dev.weir.server.http.DebugPort;
import dev.weir.server.http.EventLoops;
import dev.weir.server.http.FrontDoor;
import dev.weir.server.http.Gate;
import dev.weir.server.http.HttpLimits;
import dev.weir.server.http.HttpServer;
import dev.weir.server.http.HttpServer.Entrance;
import dev.weir.server.http.ListSizes;
import dev.weir.server.http.LocalSocket;
import dev.weir.server.http.OperatorPages;
import dev.weir.server.http.RecentAnswers;
import dev.weir.server.http.RegistryApi;
import dev.weir.server.http.RequestLimit;
import dev.weir.server.http.SocketDoor;
import dev.weir.server.http.TlsSetup;
import dev.weir.server.http.TrustedProxies;
import dev.weir.server.metrics.Metrics;
import dev.weir.server.push.Completion;
import dev.weir.server.push.Custody;
import dev.weir.server.push.Mounts;
import dev.weir.server.push.PushPolicy;
import dev.weir.server.push.PushedManifests;
import dev.weir.server.push.Pushing;
import dev.weir.server.push.Seal;
import dev.weir.server.push.Uploads;
import dev.weir.server.registry.CachePolicy;
import dev.weir.server.registry.PullThroughRegistry;
import dev.weir.server.registry.Registry;
import dev.weir.server.registry.Router;
import dev.weir.server.upstream.GuardedRegistry;
import dev.weir.storage.Content;

/**
 * A running weir, and the list of what it is made of, in the order in which a request meets it from the end: store,
 * downloads, upstreams, registry, API, sockets.
 */
public final class Weir implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Weir.class);

  /** As long as an abandoned upload, by default. */
  private static final Duration PARTIALS_KEPT = Duration.ofDays(7);
  private static final Duration PARTIALS_LOOKED_AT = Duration.ofHours(1);
  private static final Duration RESUMED_AGAIN = Duration.ofSeconds(30);
  private static final Duration UPLOAD_REST = Duration.ofMinutes(10);

  private final Storage storage;
  private final Closing parts;
  private final Optional<TlsSetup> setup;
  private final HttpServer server;
  private final Map<String, BooleanSupplier> upstreamsDown = new ConcurrentHashMap<>();
  private final Optional<HttpServer> debugServer;

  private Weir(WeirConfig config, Map<String, String> environment, Waits waits, Optional<Admission.Source> source,
      Closing parts) throws IOException {
    this.parts = parts;
    InstantSource clock = InstantSource.system();
    InstantSource steady = new SteadyClock(clock, System::nanoTime);
    PrometheusMeterRegistry meters = meters();

    Admission admission = parts.add(new Admission(config, source, clock));
    Metrics metrics = new Metrics(meters);
    EventLoops loops = parts.add(EventLoops.start());
    storage = Storage.open(config, loops, parts, metrics, steady);
    Content content = storage.content();
    String instance = Instance.name();
    Care care = new Care(config, storage, metrics, sharing(config, environment, instance, waits, steady, metrics),
        steady);
    PullThroughRegistry.Events events = new PullThroughRegistry.Events(metrics.cache("manifest"),
        metrics.cache("blob"));
    Downloads downloads = parts.add(new Downloads(content.blobs(), storage.partials(),
        metrics.downloads(events.blobs()), storage.space(), storage.shelf(), storage.replicas(parts, steady),
        waits.downloads().withStalled(config.cache().patience()), new SecureRandom()));
    Jobs jobs = parts.add(new Jobs(clock)); // ends when what its work waits for is closed
    Runnable rescan = storage.tidy(care.removal(), parts);
    Optional<ServerTls> tls = ServerTls.open(config, environment, clock);
    tls.ifPresent(parts::add);
    setup = tls.map(ServerTls::setup);
    Connections connections = Connections.of(config, environment, waits.upstream(), clock, LOG::warn).as(instance);
    Showing showing = new Showing(config, storage, downloads, jobs, clock, care::departures);
    Upstreams upstreams = parts.add(new Upstreams(config, connections, watched(metrics, showing), clock));
    OwnNames ownNames = new OwnNames(config.http().host(), config.http().address().port(),
        () -> tls.map(ServerTls::names).orElse(Set.of()));
    Router router = upstreams.router(ownNames);
    CachePolicy policy = new CachePolicy(new TagPolicy(config.cache().tagTtl(), config.cache().offline()),
        waits.clients());
    Registry registry = care.noted(storage
        .noted(new PullThroughRegistry(router, content, downloads, policy, events, clock, care.blobs())));
    Housekeeping housekeeping = housekeeping(downloads, clock);
    Completion completion = completion(registry, upstreams, housekeeping, metrics);
    Pushing pushing = pushing(config, admission, new PushedManifests(content, storage.space(), registry,
        completion, care.custody()), care.custody(), housekeeping, clock);
    care.start(registry, parts, housekeeping);
    Precaching precaching = parts.add(new Precaching(config, storage, care.custody()::claim, care::pinned,
        downloads::begun, registry, upstreams, connections, jobs, clock));
    Administration administering = administration(rescan, care, jobs, clock);
    AdminApi administration = administering.api(orders(precaching));
    Gate gate = new Gate(admission.door(), admission.rules(), router, pushing.policy());
    RegistryApi api = new RegistryApi(gate, registry, pushing, router,
        new ListSizes(config.listings().catalogEntries(), config.listings().tags()), instance);

    FrontDoor door = new FrontDoor(RequestLimit.of(config.http().limits().requests(), api),
        new OperatorPages(gate, meters::scrape, administration), RequestLimit.of(config.http().limits().requests(),
            showing.page(gate, metrics, administering, ownNames, housekeeping)),
        ownNames, storage.health(), config.http().headers());
    precaching.resume(housekeeping); // before anybody can ask for what it goes on with
    server = parts.add(mainPort(config, loops, door, content, metrics.answers().andThen(new AccessLog())));
    openSocket(config.socket(), loops, new SocketDoor(OwnRegistry.api(config, storage, downloads, policy, clock, care,
        completion, pushing.uploads(), instance), administration, storage.health()));
    debugServer = config.http().debug().isPresent()
        ? Optional.of(parts.add(debugPort(config.http().debug().get(), loops, meters, limits(config.http()))))
        : Optional.empty();
    rescan.run(); // the first walk, behind the first requests
  }

  /** As its library has them by default: it would look for a file with settings of its own in every jar. */
  private static PrometheusMeterRegistry meters() {
    Thread self = Thread.currentThread();
    ClassLoader before = self.getContextClassLoader();
    self.setContextClassLoader(ClassLoader.getPlatformClassLoader());
    try {
      return new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    } finally {
      self.setContextClassLoader(before);
    }
  }

  /** Together with the others on the bucket, where there may be others. */
  private Optional<SharedCare> sharing(WeirConfig config, Map<String, String> environment, String instance, Waits waits,
      InstantSource clock, Metrics metrics) {
    return storage.isShared()
        ? Optional.of(new SharedCare(config, storage, Instance.name(instance, environment), waits.sharing(), clock,
            metrics))
        : Optional.empty();
  }

  private Housekeeping housekeeping(Downloads downloads, InstantSource clock) {
    Housekeeping housekeeping = parts.add(new Housekeeping());
    housekeeping.every(PARTIALS_LOOKED_AT, "purge partial downloads",
        () -> downloads.purge(clock.instant().minus(PARTIALS_KEPT)));
    return housekeeping;
  }

  private Completion completion(Registry registry, Upstreams upstreams, Housekeeping housekeeping, Metrics metrics) {
    Completion completion = parts.add(new Completion(storage.content(), registry, upstreams::isJobTime));
    metrics.incompleteImages(completion::pending);
    housekeeping.untilDone(RESUMED_AGAIN, "take up what pushed images lack", completion::resume);
    return completion;
  }

  private HttpServer mainPort(WeirConfig config, EventLoops loops, FrontDoor door, Content content,
      Consumer<Answer> answered)
      throws IOException {
    RecentAnswers recent = new RecentAnswers(config.cache().tagTtl(), content.changes()::count);
    content.changes().listen(recent::dropFiles);
    return HttpServer.start(loops, config.http().address().toSocketAddress(),
        new Entrance(setup, new TrustedProxies(config.http().trustedProxies())), door, limits(config.http()),
        recent, answered);
  }

  private Consumer<GuardedRegistry> watched(Metrics metrics, Showing showing) {
    return host -> {
      upstreamsDown.put(host.name(), host::isDown);
      metrics.upstream(host.name(), host::isDown);
      showing.host(host);
    };
  }

  /** Without it weir is still a registry, and can be administered over the network. */
  private void openSocket(Path socket, EventLoops loops, SocketDoor door) {
    try {
      parts.add(LocalSocket.start(loops, socket, door, HttpLimits.DEFAULT));
    } catch (IOException e) {
      LOG.warn("weir's own commands cannot reach this process, unless by --server: {}", e.getMessage());
    }
  }

  private static String version() {
    return Optional.ofNullable(Weir.class.getPackage().getImplementationVersion()).orElse("development");
  }

  private static HttpLimits limits(HttpConfig http) {
    HttpConfig.Limits limits = http.limits();
    return HttpLimits.DEFAULT.withDrainTimeout(http.drainTimeout()).with(limits.headerBytes(), limits.idleTimeout(),
        limits.manifestBytes(), limits.connectionsPerAddress());
  }

  private static HttpServer debugPort(HttpConfig.Debug debug, EventLoops loops, PrometheusMeterRegistry meters,
      HttpLimits limits) throws IOException {
    return HttpServer.start(loops, debug.address().toSocketAddress(),
        new DebugPort(debug.metricsPath().orElse(""), meters::scrape), limits, answer -> {});
  }

  private Administration administration(Runnable rescan, Care care, Jobs jobs, InstantSource clock) {
    var identity = new Administration.Identity(version(), storage.name(), clock.instant());
    return new Administration(identity, storage.content(), storage.holdings(), rescan, care, jobs, upstreamsDown,
        storage.health());
  }

  private Map<String, AdminApi.Endpoint> orders(Precaching precaching) {
    Map<String, AdminApi.Endpoint> all = new HashMap<>(precaching.endpoints());
    all.putAll(Taking.over(storage.store()).endpoints());
    return all;
  }

  private Pushing pushing(WeirConfig config, Admission admission, PushedManifests manifests, Custody custody,
      Housekeeping housekeeping, InstantSource clock) throws IOException {
    boolean pureProxy = config.proxy().isPresent() && !config.everybodyIsAUser();
    PushPolicy policy = new PushPolicy(config.storage().readOnly(), pureProxy, config.storage().deleteEnabled(),
        config.upstreams().keySet(), admission.rules());
    Content content = storage.content();
    Uploads uploads = parts
        .add(new Uploads(storage.uploads(), content.blobs(), storage.space(), storage.sharedUploads(),
            new Seal(HttpSecret.of(config.http(), storage)), clock, custody));
    StorageConfig.UploadPurging purging = config.storage().uploadPurging();
    if (purging.enabled() && !purging.dryRun()) {
      housekeeping.every(purging.interval(), "purge abandoned uploads", () -> uploads.purge(purging.age()));
    }
    housekeeping.every(UPLOAD_REST, "put away resting uploads", uploads::tidy);
    return new Pushing(policy, uploads, new Mounts(content.blobs(), custody), manifests);
  }

  /**
   * Builds and starts it all; when this returns, requests are answered.
   *
   * @throws IOException if a part cannot start; the message says which and why, and nothing is left running
   */
  public static Weir start(WeirConfig config, Map<String, String> environment) throws IOException {
    return start(config, environment, Waits.DEFAULT);
  }

  /** As {@link #start(WeirConfig, Map)}, with another patience. */
  public static Weir start(WeirConfig config, Map<String, String> environment, Waits waits) throws IOException {
    return start(config, environment, waits, Optional.empty());
  }

  /** As {@link #start(WeirConfig, Map)}, and follows the file that the configuration came from, for its rules. */
  public static Weir start(Loaded loaded, Map<String, String> environment, Path file) throws IOException {
    return start(loaded.config(), environment, Waits.DEFAULT,
        Optional.of(new Admission.Source(file, loaded.text(), environment)));
  }

  private static Weir start(WeirConfig config, Map<String, String> environment, Waits waits,
      Optional<Admission.Source> source) throws IOException {
    TlsSetup.refuseRenegotiation();
    Closing parts = new Closing();
    try {
      return new Weir(config, environment, waits, source, parts);
    } catch (IOException | RuntimeException e) {
      parts.close();
      throw e;
    }
  }

  /** The directory that it writes to. */
  public Path dataRoot() {
    return storage.root();
  }

  /** Where the data lies, for the log. */
  public String storage() {
    return storage.name();
  }

  /** The port that clients use. */
  public int port() {
    return server.port();
  }

  /** The port of metrics, if there is one. */
  public OptionalInt debugPort() {
    return debugServer.stream().mapToInt(HttpServer::port).findFirst();
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

  @Override
  public void close() {
    parts.close();
  }
}
