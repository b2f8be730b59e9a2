package dev.weir.server.wiring;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

import com.fasterxml.jackson.databind.JsonNode;

import dev.weir.server.admin.AdminApi;
import dev.weir.server.admin.Jobs;
import dev.weir.server.config.AliasConfig;
import dev.weir.server.config.PrecacheConfig;
import dev.weir.server.config.UpstreamConfig;
import dev.weir.server.config.WeirConfig;
import dev.weir.server.oci.ErrorCode;
import dev.weir.server.oci.RegistryException;
import dev.weir.server.precache.ImageNames;
import dev.weir.server.precache.Pins;
import dev.weir.server.precache.Precache;
import dev.weir.server.precache.PrecacheJobs;
import dev.weir.server.precache.ReleaseKeys;
import dev.weir.server.precache.ReleaseSignatures;
import dev.weir.server.registry.Registry;
import dev.weir.server.upstream.UpstreamException;
import dev.weir.server.upstream.WebFiles;

/** What fetches images before anybody asks for them, and keeps sets of them. */
final class Precaching implements AutoCloseable {
  private static final Duration RESUMED_AGAIN = Duration.ofSeconds(10);

  private final Pins pins;
  private final PrecacheJobs orders;
  private final Jobs jobs;
  private final WebFiles web;
  private final boolean isReadOnly;

  /**
   * Reads what it may fetch from out of the configuration.
   *
   * @param claim keeps a blob from being collected for a while
   * @param pinned keeps other weirs from letting an image go that is about to be pinned
   */
  Precaching(WeirConfig config, Storage storage, Precache.Claiming claim, Precache.Claiming pinned,
      Precache.Begun begun,
      Registry registry,
      Upstreams upstreams,
      Connections connections, Jobs jobs,
      InstantSource clock) {
    PrecacheConfig settings = config.precache();
    this.jobs = jobs;
    this.isReadOnly = config.storage().readOnly();
    this.web = new WebFiles(connections.network(), connections.patience(), clock);
    this.pins = new Pins(storage.store(), storage.content(), pinned);
    Precache.Means means = new Precache.Means(new ImageNames(names(config), prefixes(config)), storage::leeway,
        upstreams::isJobTime, claim, begun, settings.patience(), settings.concurrent());
    Precache.Trust trust = new Precache.Trust(new ReleaseKeys(settings.releaseKeys()), settings.signatures(),
        this::webFile, clock);
    this.orders = new PrecacheJobs(storage.store(), jobs,
        new Precache(registry, storage.content(), means, pins, trust, new ReleaseSignatures(storage.store()),
            new Precache.Graphs(settings.graph(), this::webFile)),
        clock);
  }

  /** By which upstreams can be meant: their names, and the hosts that they stand for. */
  private static Map<String, String> names(WeirConfig config) {
    Map<String, String> found = new LinkedHashMap<>();
    for (UpstreamConfig upstream : config.upstreams().values()) {
      found.putIfAbsent(upstream.registry(), upstream.name());
    }
    config.upstreams().keySet().forEach(name -> found.put(name, name));
    return found;
  }

  private static Set<String> prefixes(WeirConfig config) {
    return config.aliases().stream().filter(AliasConfig::subtree).map(AliasConfig::path).collect(Collectors.toSet());
  }

  /** A server that will not say whether it has a file will not say so next time either. */
  private Optional<byte[]> webFile(URI address, int most) throws IOException {
    try {
      return web.get(address, most);
    } catch (UpstreamException e) {
      throw e.kind() == UpstreamException.Kind.DENIED ? new RegistryException(ErrorCode.DENIED, e.sentence(), e) : e;
    }
  }

  /** Goes on with what an earlier process left, as soon as the store says what that is. */
  void resume(Housekeeping housekeeping) {
    housekeeping.untilDone(RESUMED_AGAIN, "go on with jobs", orders::resume);
  }

  Map<String, AdminApi.Endpoint> endpoints() {
    return Map.of("POST /weir/v1/precache", this::order, "POST /weir/v1/precache/cancel", orders::cancel,
        "GET /weir/v1/pins", body -> pins.list(), "POST /weir/v1/pins/show",
        body -> pins.show(body.path("name").asText("")), "POST /weir/v1/pins/compare",
        body -> pins.compare(body.path("from").asText(""), body.path("to").asText("")), "POST /weir/v1/pins/drop",
        body -> pins.drop(body.path("name").asText("")));
  }

  private Jobs.View order(JsonNode body) throws IOException {
    if (isReadOnly) {
      throw new RegistryException(ErrorCode.DENIED,
          "this weir takes nothing in: storage.maintenance.readonly is set in its configuration");
    }
    return orders.order(body);
  }

  /** Lets no job go on; none is waited for. */
  @Override
  public void close() {
    jobs.stop();
    web.close();
  }
}
