package dev.weir.server.config;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import static dev.weir.server.config.Key.honoured;
import static dev.weir.server.config.Key.ignored;
import static dev.weir.server.config.Key.refused;
import static dev.weir.server.config.Key.refusedByPresence;

/**
 * The table of every key that weir knows: distribution's and its own. A key that gains its effect moves from
 * {@code later} or {@code refused} to {@code honoured} here, and gains a record.
 */
final class Keys {
  /** Sections in which an unknown key is an error: weir's own, and the one whose keys all guard something. */
  static final Set<String> STRICT = Set.of("rules", "pullsecret", "upstreams", "aliases", "cache", "admin", "certs",
      "gc", "scrub", "precache", "release", "auth");

  /** Sections within others for which the same holds: what is misspelt there leaves a door open or a bound away. */
  static final Set<String> STRICT_BELOW = Set.of("http.tls", "http.limits");

  /** Variables that begin with REGISTRY_ and speak to somebody else: podman, or the command line. */
  static final Set<String> FOREIGN_VARIABLES = Set.of("REGISTRY_AUTH_FILE", "REGISTRY_CONFIGURATION_PATH");

  /** Sections for which a single word X means {X: {}}, as in REGISTRY_STORAGE=filesystem. */
  static final Set<String> SHORTHAND = Set.of("storage", "auth");

  /** What distribution calls one and the same. */
  static final List<String> BUCKETS = List.of("s3", "s3aws");

  private static final List<String> OTHER_DRIVERS = List.of("azure", "gcs", "inmemory", "oss", "swift", "rados");

  /** Of these, a storage section names one. */
  static final Set<String> STORAGE_DRIVERS = Stream
      .of(List.of("filesystem"), BUCKETS, OTHER_DRIVERS).flatMap(List::stream).collect(Collectors.toUnmodifiableSet());

  private static final String NO_DRIVER = "weir has no such storage; use storage.filesystem or storage.s3";
  private static final String NO_ACME = "weir asks nobody for certificates; give it one with http.tls.certificate and key, or let it issue its own with http.tls.auto";
  private static final String NO_TOKENS = "weir checks credentials by auth.htpasswd alone and does not start without what was to guard it";
  private static final String NO_MANIFEST_CHECK = "weir does not check these in this version and does not start without what was to guard it";
  private static final String OWN_MEMORY = "weir bounds its own indexes in memory";
  private static final String NO_HOOKS = "weir sends no mail; watch /metrics";
  private static final String OWN_PROBES = "weir watches its own storage only";
  private static final String BY_SIZE = "cached content goes by cache.maxsize, oldest use first";

  private static final String GRAPH = "https://api.openshift.com/api/upgrades_info/v1/graph";
  private static final String SIGNATURES = "[https://mirror.openshift.com/pub/openshift-v4/signatures/openshift/release,"
      + " https://storage.googleapis.com/openshift-release/official/signatures/openshift/release]";

  static final List<Key> ALL = Stream
      .of(general(), http(), limits(), tls(), guards(), storage(), proxy(), logAndHealth(), ours())
      .flatMap(List::stream).toList();

  private Keys() {}

  private static List<Key> general() {
    return List.of(honoured("version", Kind.TEXT, "0.1"), honoured("catalog.maxentries", Kind.COUNT, "10000"),
        honoured("tags.maxtags", Kind.COUNT, "0"),
        ignored("validation.enabled", Kind.FLAG, null, "distribution gave it up for validation.disabled"),
        honoured("validation.disabled", Kind.FLAG, "false"),
        ignored("notifications", Kind.OPAQUE, null, "weir notifies nobody"),
        ignored("redis", Kind.OPAQUE, null, OWN_MEMORY),
        ignored("reporting", Kind.OPAQUE, null, "weir reports to nobody"),
        ignored("policy", Kind.OPAQUE, null, "weir takes every kind of content"),
        ignored("compatibility", Kind.OPAQUE, null, "weir keeps manifests byte for byte"),
        ignored("openshift", Kind.OPAQUE, null, "it speaks to OpenShift's own registry"));
  }

  private static List<Key> http() {
    return List.of(honoured("http.addr", Kind.ADDRESS, ":5000"), honoured("http.host", Kind.SERVER_URL, null),
        ignored("http.prefix", Kind.TEXT, "/", "weir answers below / only"),
        honoured("http.relativeurls", Kind.FLAG, "false"), honoured("http.secret", Kind.SECRET, null),
        honoured("http.draintimeout", Kind.GO_DURATION, "10s"), honoured("http.headers", Kind.HEADERS, "{}"),
        honoured("http.trustedproxies", Kind.NETWORKS, "[]"), honoured("http.debug.addr", Kind.ADDRESS, null),
        honoured("http.debug.prometheus.enabled", Kind.FLAG, "false"),
        honoured("http.debug.prometheus.path", Kind.TEXT, "/metrics"),
        ignored("http.http2.disabled", Kind.FLAG, "true", "weir speaks HTTP/1.1"),
        ignored("http.h2c.enabled", Kind.FLAG, "false", "weir speaks HTTP/1.1"));
  }

  private static List<Key> limits() {
    return List.of(honoured("http.limits.requests", Kind.COUNT, "2000"),
        honoured("http.limits.connectionsperaddress", Kind.COUNT, "0"),
        honoured("http.limits.idletimeout", Kind.DURATION, "3m"),
        honoured("http.limits.headersize", Kind.SIZE, "32KiB"),
        honoured("http.limits.manifestsize", Kind.SIZE, "8MiB"));
  }

  private static List<Key> tls() {
    return List.of(honoured("http.tls.certificate", Kind.PATH, null), honoured("http.tls.key", Kind.PATH, null),
        honoured("http.tls.passphrasefile", Kind.PATH, null), honoured("http.tls.clientcas", Kind.PATHS, "[]"),
        honoured("http.tls.clientauth", Kind.CLIENT_AUTH, null),
        honoured("http.tls.minimumtls", Kind.MINIMUM_TLS, "tls1.2"),
        honoured("http.tls.ciphersuites", Kind.CIPHER_SUITES, "[]"), honoured("http.tls.auto", Kind.FLAG, "false"),
        honoured("http.tls.provider", Kind.TLS_PROVIDER, "auto"));
  }

  private static List<Key> guards() {
    return Stream.of(
        List.of(new Key("http.net", Kind.TEXT, "tcp", new Key.Status.Refused("weir listens on tcp only", "", false)),
            new Key("validation.manifests", Kind.OPAQUE, null,
                new Key.Status.Refused(NO_MANIFEST_CHECK, "validation.disabled", false))),
        section("http.tls.letsencrypt", NO_ACME, "cachefile", "email", "hosts", "directoryurl"),
        List.of(honoured("auth.htpasswd.realm", Kind.TEXT, null), honoured("auth.htpasswd.path", Kind.PATH, null),
            honoured("rules", Kind.SECTIONS, "[]"),
            ignored("auth.none", Kind.OPAQUE, null, "nobody is asked for credentials anyway unless by auth.htpasswd"),
            refusedByPresence("auth.token", NO_TOKENS), refusedByPresence("auth.silly", NO_TOKENS)),
        section("middleware", "weir runs no middleware", "registry", "repository", "storage"))
        .flatMap(List::stream).toList();
  }

  private static List<Key> storage() {
    return Stream.of(
        List.of(honoured("storage.filesystem.rootdirectory", Kind.PATH, "/var/lib/registry"),
            honoured("storage.filesystem.maxthreads", Kind.COUNT, "100"),
            honoured("storage.delete.enabled", Kind.FLAG, "false"),
            honoured("storage.maintenance.readonly.enabled", Kind.FLAG, "false"),
            honoured("storage.maintenance.uploadpurging.enabled", Kind.FLAG, "true"),
            honoured("storage.maintenance.uploadpurging.age", Kind.GO_DURATION, "168h"),
            honoured("storage.maintenance.uploadpurging.interval", Kind.GO_DURATION, "24h"),
            honoured("storage.maintenance.uploadpurging.dryrun", Kind.FLAG, "false"),
            honoured("storage.redirect.disable", Kind.FLAG, "true"),
            ignored("storage.cache.blobdescriptor", Kind.TEXT, "inmemory", OWN_MEMORY),
            ignored("storage.cache.blobdescriptorsize", Kind.COUNT, "10000", OWN_MEMORY),
            ignored("storage.tag.concurrencylimit", Kind.COUNT, null, "weir lists tags without it")),
        bucket("storage.s3"), bucket("storage.s3aws"),
        OTHER_DRIVERS.stream().map(name -> refusedByPresence("storage." + name, NO_DRIVER)).toList())
        .flatMap(List::stream).toList();
  }

  private static List<Key> proxy() {
    return List.of(honoured("proxy.remoteurl", Kind.SERVER_URL, null), honoured("proxy.username", Kind.TEXT, null),
        honoured("proxy.password", Kind.SECRET, null), ignored("proxy.ttl", Kind.GO_DURATION, "168h", BY_SIZE),
        ignored("proxy.exec", Kind.OPAQUE, null, "weir runs no credential helper; use pullsecret"),
        ignored("proxy.cachewritetimeout", Kind.GO_DURATION, "5m", "a download goes on for as long as it is wanted"));
  }

  private static List<Key> logAndHealth() {
    return List.of(honoured("log.level", Kind.LEVEL, "info"), honoured("log.formatter", Kind.FORMAT, "text"),
        honoured("log.fields", Kind.LABELS, "{}"), honoured("log.accesslog.disabled", Kind.FLAG, "false"),
        ignored("log.hooks", Kind.OPAQUE, null, NO_HOOKS),
        ignored("log.reportcaller", Kind.FLAG, "false", "weir logs the class anyway"),
        honoured("loglevel", Kind.LEVEL, null), honoured("health.storagedriver.enabled", Kind.FLAG, "true"),
        honoured("health.storagedriver.interval", Kind.GO_DURATION, "10s"),
        honoured("health.storagedriver.threshold", Kind.COUNT, "3"),
        ignored("health.file", Kind.OPAQUE, null, OWN_PROBES),
        ignored("health.http", Kind.OPAQUE, null, OWN_PROBES), ignored("health.tcp", Kind.OPAQUE, null, OWN_PROBES));
  }

  private static List<Key> ours() {
    return List.of(honoured("pullsecret", Kind.PATH, null), honoured("upstreams.*.remoteurl", Kind.SERVER_URL, null),
        honoured("upstreams.*.username", Kind.TEXT, null), honoured("upstreams.*.password", Kind.SECRET, null),
        honoured("upstreams.*.cafile", Kind.PATH, null), honoured("upstreams.*.realms", Kind.HOSTS, "[]"),
        honoured("upstreams.*.offline", Kind.FLAG, "false"), honoured("upstreams.*.maxrate", Kind.RATE, null),
        honoured("upstreams.*.maxconcurrent", Kind.POSITIVE, null),
        honoured("upstreams.*.maxsegments", Kind.POSITIVE, "8"),
        honoured("upstreams.*.mirrors", Kind.URLS, "[]"), honoured("aliases.*", Kind.ONE_OR_MORE_TEXTS, null),
        honoured("cache.maxsize", Kind.DISK_LIMIT, "90%"), honoured("cache.highwater", Kind.DISK_LIMIT, "98%"),
        honoured("cache.lowwater", Kind.DISK_LIMIT, "95%"), honoured("cache.tagttl", Kind.DURATION, "10m"),
        honoured("cache.offline", Kind.FLAG, "false"), honoured("cache.maxrate", Kind.RATE, null),
        honoured("cache.maxconcurrent", Kind.POSITIVE, null), honoured("cache.patience", Kind.DURATION, "10m"),
        honoured("cache.jobhours", Kind.ONE_OR_MORE_JOB_HOURS, null),
        honoured("cache.scratch.path", Kind.PATH, "/var/cache/weir"),
        honoured("cache.scratch.maxsize", Kind.SIZE, "20GiB"), honoured("admin.socket", Kind.PATH, "weir/admin.sock"),
        honoured("certs.path", Kind.PATH, "/var/lib/weir/certs"), honoured("gc.grace", Kind.DURATION, "1h"),
        honoured("gc.interval", Kind.DURATION, "24h"),
        honoured("scrub.rate", Kind.RATE, "20MB/s"), honoured("scrub.interval", Kind.DURATION, "336h"),
        honoured("gc.owner", Kind.FLAG, "true"), honoured("precache.patience", Kind.DURATION, "1h"),
        honoured("precache.concurrent", Kind.POSITIVE, "128"), honoured("release.keys", Kind.PATHS, "[]"),
        honoured("release.signatures", Kind.URLS, SIGNATURES), honoured("release.graph", Kind.URL, GRAPH));
  }

  private static List<Key> bucket(String path) {
    return Stream.of(honoured(".bucket", Kind.TEXT, null), honoured(".region", Kind.TEXT, null),
        honoured(".regionendpoint", Kind.TEXT, null), honoured(".redirectendpoint", Kind.TEXT, null),
        honoured(".accesskey", Kind.TEXT, null), honoured(".secretkey", Kind.SECRET, null),
        honoured(".sessiontoken", Kind.SECRET, null), honoured(".credentialsconfigpath", Kind.PATH, null),
        honoured(".rootdirectory", Kind.TEXT, null), honoured(".forcepathstyle", Kind.FLAG, null),
        honoured(".virtualhostedstyle", Kind.FLAG, null), honoured(".secure", Kind.FLAG, "true"),
        honoured(".skipverify", Kind.FLAG, "false"), honoured(".cafile", Kind.PATH, null),
        honoured(".encrypt", Kind.FLAG, "false"), honoured(".keyid", Kind.TEXT, null),
        honoured(".chunksize", Kind.SIZE, "10MiB"), honoured(".storageclass", Kind.TEXT, "STANDARD"),
        honoured(".objectacl", Kind.TEXT, "private"), honoured(".useragent", Kind.TEXT, null),
        honoured(".accelerate", Kind.FLAG, "false"), honoured(".usedualstack", Kind.FLAG, "false"),
        honoured(".usefipsendpoint", Kind.FLAG, "false"),
        ignored(".v4auth", Kind.FLAG, "true", "weir signs by version 4 alone"),
        ignored(".loglevel", Kind.TEXT, "off", "log.level is for everything"),
        honoured(".multipartcopychunksize", Kind.SIZE, "32MiB"),
        honoured(".multipartcopymaxconcurrency", Kind.POSITIVE, "100"),
        honoured(".multipartcopythresholdsize", Kind.SIZE, "32MiB"))
        .map(key -> new Key(path + key.path(), key.kind(), key.fallback(), key.status())).toList();
  }

  /** A section that is refused as a whole, and the names inside it by which variables find it. */
  private static List<Key> section(String path, String reason, String... names) {
    return Stream
        .concat(Stream.of(refused(path, reason)), Stream.of(names).map(name -> refused(path + "." + name, reason)))
        .toList();
  }
}
