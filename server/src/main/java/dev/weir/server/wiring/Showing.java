package dev.weir.server.wiring;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;

import dev.weir.server.admin.Jobs;
import dev.weir.server.cache.Downloads;
import dev.weir.server.cache.Downloads.Arriving;
import dev.weir.server.config.WeirConfig;
import dev.weir.server.http.Gate;
import dev.weir.server.metrics.Metrics;
import dev.weir.server.openshift.Certificates;
import dev.weir.server.openshift.Sources;
import dev.weir.server.openshift.Transport;
import dev.weir.server.space.Departure;
import dev.weir.server.ui.Commands;
import dev.weir.server.ui.History;
import dev.weir.server.ui.Images;
import dev.weir.server.ui.Page;
import dev.weir.server.ui.PageData;
import dev.weir.server.ui.PageFiles;
import dev.weir.server.ui.Repositories;
import dev.weir.server.ui.Site;
import dev.weir.server.ui.Standing;
import dev.weir.server.upstream.GuardedRegistry;
import dev.weir.server.upstream.HostHealth;
import dev.weir.storage.Digest;

/** The page at {@code /ui/}, and what it is told. */
final class Showing implements Standing.Parts {
  private static final String FOR_CLIENTS = "ca.crt";

  private final WeirConfig config;
  private final Storage storage;
  private final InstantSource clock;
  private final Downloads downloads;
  private final Jobs jobs;
  private final Supplier<List<Departure>> fromBucket;
  private final Map<String, GuardedRegistry> hosts = new ConcurrentSkipListMap<>();

  /** @param fromBucket images that this weir let go from a bucket */
  Showing(WeirConfig config, Storage storage, Downloads downloads, Jobs jobs, InstantSource clock,
      Supplier<List<Departure>> fromBucket) {
    this.fromBucket = fromBucket;
    this.config = config;
    this.storage = storage;
    this.downloads = downloads;
    this.jobs = jobs;
    this.clock = clock;
  }

  /** One more that weir fills itself from. */
  void host(GuardedRegistry host) {
    hosts.put(host.name(), host);
  }

  Page page(Gate gate, Metrics metrics, Administration administration, Predicate<String> ownNames,
      Housekeeping housekeeping) throws IOException {
    History history = new History(() -> {
      Metrics.Traffic traffic = metrics.traffic();
      return new History.Counts(traffic.hits(), traffic.misses(), traffic.pulled(), traffic.sent());
    }, clock);
    housekeeping.after(History.STEP, "note what clients got", history::sample);
    boolean holdingsTellAll = !storage.isShared();
    PageData data = PageData.of(
        new Site(administration.identity().version(), administration.identity().started(),
            List.copyOf(config.upstreams().keySet())),
        new Repositories(storage.content(), storage.holdings(), holdingsTellAll, System::nanoTime,
            task -> Thread.ofVirtual().name("repositories-walk").start(task)),
        new Images(storage.content(), storage.holdings(), holdingsTellAll, System::nanoTime),
        new Standing(storage.holdings(), this, administration::trouble, System::nanoTime), history,
        commands(ownNames));
    return new Page(gate, new PageFiles(), data);
  }

  private Commands commands(Predicate<String> ownNames) {
    Optional<String> configured = config.http().host().map(URI::getAuthority);
    return new Commands(
        config.upstreams().values().stream().map(each -> new Sources.Upstream(each.name(), each.registry())).toList(),
        config.aliases().stream().filter(alias -> !alias.subtree())
            .flatMap(alias -> alias.targets().stream()
                .map(target -> new Sources.Alias(alias.path(), target.upstream(), target.path())))
            .toList(),
        new Commands.Names(configured, ownNames), secure());
  }

  /** With a CA of weir's own, unless its certificate came from somewhere else. */
  private Transport secure() {
    Path own = config.certificates().resolve(FOR_CLIENTS);
    boolean isOwn = config.http().tls().filter(tls -> tls.files().isEmpty()).isPresent() && Files.isReadable(own);
    try {
      return isOwn ? new Transport.Authority(Certificates.parse(Files.readString(own))) : new Transport.Trusted();
    } catch (IOException | IllegalArgumentException e) {
      return new Transport.Trusted();
    }
  }

  @Override
  public List<Standing.Room> rooms() {
    return Stream.concat(
        storage.disks().map(Disks::room).stream()
            .map(room -> new Standing.Room(room.bound(), room.used(), room.free())),
        storage.scratch().stream().map(scratch -> new Standing.Room(config.cache().scratch().maxSize().bytes(),
            scratch.keptBytes(), Math.max(0, config.cache().scratch().maxSize().bytes() - scratch.keptBytes()))))
        .toList();
  }

  @Override
  public boolean isInBucket() {
    return storage.isShared();
  }

  @Override
  public boolean holds(Digest blob) throws IOException {
    return storage.content().blobs().size(blob).isPresent();
  }

  @Override
  public List<Standing.Upstream> upstreams() {
    return hosts.values().stream().map(this::upstream).toList();
  }

  private Standing.Upstream upstream(GuardedRegistry host) {
    if (config.cache().offline()) {
      return new Standing.Upstream(host.name(), "offline", null, null);
    }
    return switch (host.health()) {
      case HostHealth.NotAsked() -> new Standing.Upstream(host.name(), "new", null, null);
      case HostHealth.Answers() -> new Standing.Upstream(host.name(), "answers", null, null);
      case HostHealth.Away() -> new Standing.Upstream(host.name(), "away", null, null);
      case HostHealth.Down(var since, var why) ->
        new Standing.Upstream(host.name(), "down", since.toString(), why.sentence());
    };
  }

  @Override
  public List<Arriving> downloads() {
    return downloads.running();
  }

  @Override
  public List<Standing.Work> works() {
    return jobs.running().stream()
        .map(job -> new Standing.Work(job.kind(), job.started(), job.done(), job.total(), job.at())).toList();
  }

  @Override
  public List<Departure> departures() {
    return storage.disks().map(disks -> disks.departures().last()).orElseGet(fromBucket);
  }
}
