package dev.weir.server.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Turns a checked tree into records, and checks what needs more than one key to be seen. */
final class Binder {
  private final Section root;
  private final Findings findings;

  Binder(Node tree, Findings findings) {
    this.root = new Section(Schema.ROOT, tree);
    this.findings = findings;
  }

  WeirConfig bind() {
    version();
    Upstreams binder = new Upstreams(findings);
    Map<String, UpstreamConfig> upstreams = binder.bind(root.section("upstreams"));
    Set<String> names = root.section("upstreams").node().children().keySet();
    WeirConfig config = new WeirConfig(http(), new Auth(findings).bind(root), storage(),
        root.find("pullsecret", Kind.PATH), upstreams,
        new Aliases(findings, names).bind(root.section("aliases")), binder.bindProxy(root.section("proxy")), cache(),
        listings(), log(), health(), gc(), scrub(), precache(), root.section("admin").get("socket", Kind.PATH),
        root.section("certs").get("path", Kind.PATH));
    keepKeysApart(config);
    warnOfOpenDoor(config);
    return config;
  }

  private void version() {
    String version = root.get("version", Kind.TEXT);
    if (!version.equals("0.1")) {
      findings.problem(root.origin("version"), "version", "weir reads version 0.1 of this schema, and this is another");
    }
  }

  private HttpConfig http() {
    Section http = root.section("http");
    Section debug = http.section("debug");
    Section prometheus = debug.section("prometheus");
    Optional<String> metricsPath = prometheus.get("enabled", Kind.FLAG)
        ? Optional.of(prometheus.get("path", Kind.TEXT))
        : Optional.empty();
    if (metricsPath.isPresent() && !metricsPath.get().startsWith("/")) {
      findings.problem(prometheus.origin("path"), "http.debug.prometheus.path", "a path begins with /");
    }
    return new HttpConfig(http.get("addr", Kind.ADDRESS), http.find("host", Kind.SERVER_URL),
        http.get("relativeurls", Kind.FLAG), http.find("secret", Kind.SECRET),
        http.get("draintimeout", Kind.GO_DURATION),
        http.get("headers", Kind.HEADERS), http.get("trustedproxies", Kind.NETWORKS),
        new LimitsBinder(http.section("limits"), findings).bind(),
        new TlsBinder(http.section("tls"), findings).bind(),
        debug.find("addr", Kind.ADDRESS).map(address -> new HttpConfig.Debug(address, metricsPath)));
  }

  private StorageConfig storage() {
    Section storage = root.section("storage");
    oneDriver(storage.node());
    Section purging = storage.section("maintenance").section("uploadpurging");
    return new StorageConfig(backend(storage),
        storage.section("delete").get("enabled", Kind.FLAG),
        storage.section("maintenance").section("readonly").get("enabled", Kind.FLAG),
        storage.section("redirect").get("disable", Kind.FLAG),
        new StorageConfig.UploadPurging(purging.get("enabled", Kind.FLAG), purging.get("age", Kind.GO_DURATION),
            purging.get("interval", Kind.GO_DURATION), purging.get("dryrun", Kind.FLAG)));
  }

  private StorageConfig.Backend backend(Section storage) {
    for (String name : Keys.BUCKETS) {
      if (storage.node().children().containsKey(name)) {
        return new StorageConfig.S3(new S3Binder(storage.section(name), findings).bind());
      }
    }
    Section filesystem = storage.section("filesystem");
    return new StorageConfig.Filesystem(filesystem.get("rootdirectory", Kind.PATH),
        filesystem.get("maxthreads", Kind.COUNT));
  }

  /** Content must never land in a place that nobody chose: two drivers, or one that weir does not know. */
  private void oneDriver(Node storage) {
    List<String> drivers = storage.children().keySet().stream().filter(Keys.STORAGE_DRIVERS::contains).toList();
    if (drivers.size() > 1) {
      String named = String.join(" and ",
          drivers.stream().map(driver -> driver + " (" + placeOf(storage, driver) + ")").toList());
      findings.problem(storage.origin(), "storage", "names more than one place for the data, " + named
          + "; keep one (the variable REGISTRY_STORAGE=NAME replaces the whole section)");
    }
    boolean foreign = storage.children().keySet().stream()
        .anyMatch(name -> Schema.ROOT.known("storage").child(name) == null);
    if (drivers.isEmpty() && foreign) {
      findings.problem(storage.origin(), "storage",
          "names no storage that weir has; use storage.filesystem or storage.s3");
    }
  }

  private static Origin placeOf(Node section, String name) {
    Node node = section.children().getOrDefault(name, section);
    return node.origin();
  }

  private CacheConfig cache() {
    Section cache = root.section("cache");
    Section scratch = cache.section("scratch");
    refuseShareOfBucket(cache);
    return new CacheConfig(cache.get("maxsize", Kind.DISK_LIMIT), cache.get("highwater", Kind.DISK_LIMIT),
        cache.get("lowwater", Kind.DISK_LIMIT), cache.get("tagttl", Kind.DURATION),
        cache.get("offline", Kind.FLAG),
        new CacheConfig.Scratch(scratch.get("path", Kind.PATH), scratch.get("maxsize", Kind.SIZE)),
        cache.find("maxrate", Kind.RATE), cache.find("maxconcurrent", Kind.POSITIVE),
        cache.get("patience", Kind.DURATION), cache.find("jobhours", Kind.ONE_OR_MORE_JOB_HOURS).orElse(List.of()));
  }

  private void refuseShareOfBucket(Section cache) {
    boolean isBucket = Keys.BUCKETS.stream().anyMatch(root.section("storage").node().children()::containsKey);
    if (isBucket && cache.find("maxsize", Kind.DISK_LIMIT).filter(DiskLimit.Share.class::isInstance).isPresent()) {
      findings.problem(cache.origin("maxsize"), "cache.maxsize", "nobody knows how large a bucket is, so a share of it"
          + " says nothing; write a size such as 500GiB, or leave the key out, and nothing is evicted");
    }
  }

  private ListingConfig listings() {
    return new ListingConfig(root.section("catalog").get("maxentries", Kind.COUNT),
        root.section("tags").get("maxtags", Kind.COUNT));
  }

  private LogConfig log() {
    Section log = root.section("log");
    LogConfig.Level level = log.find("level", Kind.LEVEL).or(() -> root.find("loglevel", Kind.LEVEL))
        .orElseGet(() -> log.get("level", Kind.LEVEL));
    return new LogConfig(level, log.get("formatter", Kind.FORMAT), log.get("fields", Kind.LABELS),
        !log.section("accesslog").get("disabled", Kind.FLAG));
  }

  private HealthConfig health() {
    Section driver = root.section("health").section("storagedriver");
    return new HealthConfig(driver.get("enabled", Kind.FLAG), driver.get("interval", Kind.GO_DURATION),
        driver.get("threshold", Kind.COUNT));
  }

  private GcConfig gc() {
    Section gc = root.section("gc");
    return new GcConfig(gc.get("grace", Kind.DURATION), gc.get("interval", Kind.DURATION),
        gc.get("owner", Kind.FLAG));
  }

  private ScrubConfig scrub() {
    Section scrub = root.section("scrub");
    return new ScrubConfig(scrub.get("rate", Kind.RATE), scrub.get("interval", Kind.DURATION));
  }

  private PrecacheConfig precache() {
    Section precache = root.section("precache");
    Section release = root.section("release");
    return new PrecacheConfig(precache.get("patience", Kind.DURATION), precache.get("concurrent", Kind.POSITIVE),
        release.get("keys", Kind.PATHS), release.get("signatures", Kind.URLS), release.get("graph", Kind.URL));
  }

  /** Whoever serves or copies the data must not serve or copy keys with it. */
  private void keepKeysApart(WeirConfig config) {
    Path certificates = config.certificates().toAbsolutePath().normalize();
    Path data = config.localRoot();
    boolean used = root.section("http").section("tls").get("auto", Kind.FLAG)
        || root.section("certs").find("path", Kind.PATH).isPresent();
    if (used && certificates.startsWith(data)) {
      findings.problem(root.section("certs").origin("path"), "certs.path",
          certificates + " lies in the root of the data, " + data + "; keep weir's keys elsewhere");
    }
  }

  private void warnOfOpenDoor(WeirConfig config) {
    boolean credentials = config.pullSecret().isPresent()
        || Stream.concat(config.upstreams().values().stream(), config.proxy().stream())
            .anyMatch(upstream -> upstream.credentials().isPresent());
    if (credentials && !config.everybodyIsAUser() && !config.http().address().isLoopback()) {
      findings.warning(
          "THE DOOR IS OPEN: weir holds credentials for upstreams and asks its own clients for none, so whoever"
              + " reaches " + config.http().address() + " pulls with them");
    }
  }
}
