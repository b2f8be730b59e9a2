package dev.weir.server.config;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import dev.weir.auth.AccessRule;
import dev.weir.auth.Action;
import dev.weir.auth.Credentials;
import dev.weir.auth.RepositoryPattern;
import dev.weir.server.net.Network;
import dev.weir.server.tls.TlsSettings;
import dev.weir.storage.s3.S3Settings;

import static org.assertj.core.api.Assertions.assertThat;

/** Each key that weir uses, set to something that is not its default, arrives where the program reads it. */
class EveryKeyTest {
  /** @param yaml sets the key, and what it cannot stand without */
  private record Case(String yaml, Function<WeirConfig, Object> reading, Object arrives) {}

  private static final Map<String, Case> CASES = new LinkedHashMap<>();

  private static void key(String path, String yaml, Function<WeirConfig, Object> reading, Object arrives) {
    CASES.put(path, new Case(yaml, reading, arrives));
  }

  private static UpstreamConfig hub(WeirConfig config) {
    return config.upstream("hub").orElseThrow();
  }

  static {
    key("http.addr", "http: {addr: '[::1]:1'}", c -> c.http().address(), new ListenAddress("::1", 1));
    key("http.host", "http: {host: 'https://h:1/'}", c -> c.http().host().get(), URI.create("https://h:1"));
    key("http.relativeurls", "http: {relativeurls: true}", c -> c.http().relativeUrls(), true);
    key("http.secret", "http: {secret: s}", c -> c.http().secret().get(), new Secret("s"));
    key("http.draintimeout", "http: {draintimeout: 60000000000}", c -> c.http().drainTimeout(), Duration.ofMinutes(1));
    key("http.headers", "http: {headers: {A: [b, c], D: e}}", c -> c.http().headers(),
        Map.of("A", List.of("b", "c"), "D", List.of("e")));
    key("http.trustedproxies", "http: {trustedproxies: [10.0.0.0/8]}", c -> c.http().trustedProxies(),
        List.of(Network.parse("10.0.0.0/8")));
    limit("requests: 7", HttpConfig.Limits::requests, 7);
    limit("connectionsperaddress: 7", HttpConfig.Limits::connectionsPerAddress, 7);
    limit("idletimeout: 7s", HttpConfig.Limits::idleTimeout, Duration.ofSeconds(7));
    limit("headersize: 7KiB", HttpConfig.Limits::headerBytes, 7 << 10);
    limit("manifestsize: 7MiB", HttpConfig.Limits::manifestBytes, 7 << 20);
    key("http.debug.addr", "http: {debug: {addr: ':1'}}", c -> c.http().debug().get().address(),
        new ListenAddress("", 1));
    key("http.debug.prometheus.enabled", "http: {debug: {addr: ':1', prometheus: {enabled: true}}}",
        c -> c.http().debug().get().metricsPath().get(), "/metrics");
    key("http.debug.prometheus.path", "http: {debug: {addr: ':1', prometheus: {enabled: true, path: /m}}}",
        c -> c.http().debug().get().metricsPath().get(), "/m");
    key("auth.htpasswd.realm", "auth: {htpasswd: {realm: r, path: /p}}", c -> c.auth().htpasswd().get(),
        new AuthConfig.Htpasswd("r", Path.of("/p")));
    key("auth.htpasswd.path", "auth: {htpasswd: {path: /p}}", c -> c.auth().htpasswd().get(),
        new AuthConfig.Htpasswd("weir", Path.of("/p")));
    key("rules", "rules: [{users: anonymous, repositories: [a/**, b], actions: [pull, admin]}]", c -> c.auth().rules(),
        List.of(new AccessRule(Set.of("anonymous"),
            List.of(RepositoryPattern.parse("a/**"), RepositoryPattern.parse("b")),
            Set.of(Action.PULL, Action.ADMIN))));
    tls();
    key("storage.filesystem.rootdirectory", "storage: {filesystem: {rootdirectory: /d}}", c -> c.storage().backend(),
        new StorageConfig.Filesystem(Path.of("/d"), 100));
    key("storage.filesystem.maxthreads", "storage: {filesystem: {maxthreads: 7}}", c -> c.storage().backend(),
        new StorageConfig.Filesystem(Path.of("/var/lib/registry"), 7));
    key("storage.delete.enabled", "storage: {delete: {enabled: true}}", c -> c.storage().deleteEnabled(), true);
    key("storage.redirect.disable", "storage: {redirect: {disable: false}}", c -> c.storage().redirectDisabled(),
        false);
    bucket("s3");
    bucket("s3aws");
    purging("enabled: false",
        new StorageConfig.UploadPurging(false, Duration.ofHours(168), Duration.ofHours(24), false));
    purging("age: 1h", new StorageConfig.UploadPurging(true, Duration.ofHours(1), Duration.ofHours(24), false));
    purging("interval: 1h", new StorageConfig.UploadPurging(true, Duration.ofHours(168), Duration.ofHours(1), false));
    purging("dryrun: true", new StorageConfig.UploadPurging(true, Duration.ofHours(168), Duration.ofHours(24), true));
    key("proxy.remoteurl", "proxy: {remoteurl: 'https://P.example/'}", c -> c.proxy().get().name(), "p.example");
    key("proxy.username", "proxy: {remoteurl: 'https://p', username: u, password: p}",
        c -> c.proxy().get().credentials().get().username(), "u");
    key("proxy.password", "proxy: {remoteurl: 'https://p', username: u, password: p}",
        c -> c.proxy().get().credentials().get(), new Credentials("u", "p"));
    key("log.level", "{loglevel: error, log: {level: debug}}", c -> c.log().level(), LogConfig.Level.DEBUG);
    key("loglevel", "loglevel: error", c -> c.log().level(), LogConfig.Level.ERROR);
    key("log.formatter", "log: {formatter: json}", c -> c.log().format(), LogConfig.Format.JSON);
    key("log.fields", "log: {fields: {a: b}}", c -> c.log().fields(), Map.of("a", "b"));
    key("log.accesslog.disabled", "log: {accesslog: {disabled: true}}", c -> c.log().accessLog(), false);
    health("enabled: false", new HealthConfig(false, Duration.ofSeconds(10), 3));
    health("interval: 1s", new HealthConfig(true, Duration.ofSeconds(1), 3));
    health("threshold: 1", new HealthConfig(true, Duration.ofSeconds(10), 1));
    key("storage.maintenance.readonly.enabled", "storage: {maintenance: {readonly: {enabled: true}}}",
        c -> c.storage().readOnly(), true);
    key("catalog.maxentries", "catalog: {maxentries: 5}", c -> c.listings(), new ListingConfig(5, 0));
    key("tags.maxtags", "tags: {maxtags: 5}", c -> c.listings(), new ListingConfig(10_000, 5));
    key("pullsecret", "pullsecret: /p", c -> c.pullSecret().get(), Path.of("/p"));
    upstreams();
    key("aliases.*", "{upstreams: {hub: {}}, aliases: {a/b: hub/c}}", c -> c.aliases(),
        List.of(new AliasConfig("a/b", false, List.of(new AliasConfig.Target("hub", "c")))));
    key("cache.maxsize", "cache: {maxsize: 1GiB}", c -> c.cache().maxSize(),
        new DiskLimit.Bytes(new ByteSize(1L << 30)));
    key("cache.highwater", "cache: {highwater: 80%}", c -> c.cache().highWater(), new DiskLimit.Share(80));
    key("cache.lowwater", "cache: {lowwater: 70%}", c -> c.cache().lowWater(), new DiskLimit.Share(70));
    key("cache.tagttl", "cache: {tagttl: 0}", c -> c.cache().tagTtl(), Duration.ZERO);
    key("cache.offline", "cache: {offline: true}", c -> c.cache().offline(), true);
    key("cache.maxrate", "cache: {maxrate: 1MB/s}", c -> c.cache().maxRate().get(), new ByteRate(1_000_000));
    key("cache.maxconcurrent", "cache: {maxconcurrent: 2}", c -> c.cache().maxConcurrent().get(), 2);
    key("cache.patience", "cache: {patience: 1m}", c -> c.cache().patience(), Duration.ofMinutes(1));
    key("cache.jobhours", "cache: {jobhours: ['22:00-06:30']}", c -> c.cache().jobHours(),
        List.of(JobHours.parse("22:00-06:30")));
    key("cache.scratch.path", "cache: {scratch: {path: /s}}", c -> c.cache().scratch().path(), Path.of("/s"));
    key("cache.scratch.maxsize", "cache: {scratch: {maxsize: 1kB}}", c -> c.cache().scratch().maxSize(),
        new ByteSize(1000));
    key("admin.socket", "admin: {socket: /a}", c -> c.adminSocket(), Path.of("/a"));
    key("certs.path", "certs: {path: /c}", c -> c.certificates(), Path.of("/c"));
    key("gc.grace", "gc: {grace: 2h}", c -> c.gc(), new GcConfig(Duration.ofHours(2), Duration.ofHours(24), true));
    key("gc.owner", "gc: {owner: false}", c -> c.gc(), new GcConfig(Duration.ofHours(1), Duration.ofHours(24), false));
    key("gc.interval", "gc: {interval: 0s}", c -> c.gc().interval(), Duration.ZERO);
    key("scrub.rate", "scrub: {rate: 1MB/s}", c -> c.scrub().rate(), new ByteRate(1_000_000));
    key("precache.patience", "precache: {patience: 5m}", c -> c.precache().patience(), Duration.ofMinutes(5));
    key("precache.concurrent", "precache: {concurrent: 3}", c -> c.precache().concurrent(), 3);
    key("release.keys", "release: {keys: [/k.asc]}", c -> c.precache().releaseKeys(), List.of(Path.of("/k.asc")));
    key("release.signatures", "release: {signatures: ['https://s.example/a/']}", c -> c.precache().signatures(),
        List.of(URI.create("https://s.example/a")));
    key("release.graph", "release: {graph: 'https://g.example/graph'}", c -> c.precache().graph(),
        URI.create("https://g.example/graph"));
    key("scrub.interval", "scrub: {interval: 1h}", c -> c.scrub().interval(), Duration.ofHours(1));
  }

  private static void limit(String setting, Function<HttpConfig.Limits, Object> reading, Object arrives) {
    key("http.limits." + name(setting), "http: {limits: {" + setting + "}}", c -> reading.apply(c.http().limits()),
        arrives);
  }

  private static void tls() {
    tls("certificate: /c, key: /k", tls -> tls.files().get().certificate(), Path.of("/c"));
    tls("key: /k, certificate: /c", tls -> tls.files().get().key(), Path.of("/k"));
    tls("passphrasefile: /p, certificate: /c, key: /k", tls -> tls.files().get().passphrase().get(), Path.of("/p"));
    tls("auto: true", TlsConfig::files, Optional.empty());
    tls("clientcas: [/a, /b], auto: true", TlsConfig::clientCas, List.of(Path.of("/a"), Path.of("/b")));
    tls("clientauth: verify-client-cert-if-given, clientcas: [/a], auto: true", tls -> tls.settings().clients(),
        TlsSettings.ClientAuthentication.IF_GIVEN);
    tls("minimumtls: tls1.3, auto: true", tls -> tls.settings().minimum(), TlsSettings.Minimum.TLS_1_3);
    tls("ciphersuites: [TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305], auto: true", tls -> tls.settings().cipherSuites(),
        List.of("TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256"));
    tls("provider: jdk, auto: true", tls -> tls.settings().provider(), TlsSettings.Provider.JDK);
  }

  private static void tls(String settings, Function<TlsConfig, Object> reading, Object arrives) {
    key("http.tls." + name(settings), "http: {tls: {" + settings + "}}",
        c -> reading.apply(c.http().tls().orElseThrow()), arrives);
  }

  private static void bucket(String name) {
    bucket(name, "bucket: b", S3Settings::bucket, "b");
    bucket(name, "region: r", s3 -> s3.endpoint().region(), "r");
    bucket(name, "regionendpoint: 's3.example:9000'", s3 -> s3.endpoint().address().get(),
        URI.create("https://s3.example:9000"));
    bucket(name, "redirectendpoint: 'http://s3'", s3 -> s3.redirectEndpoint().get(), URI.create("http://s3"));
    bucket(name, "accesskey: a, secretkey: s", S3Settings::credentials,
        new S3Settings.Keys("a", "s", Optional.empty()));
    bucket(name, "secretkey: s, accesskey: a", S3Settings::credentials,
        new S3Settings.Keys("a", "s", Optional.empty()));
    bucket(name, "sessiontoken: t, accesskey: a, secretkey: s", S3Settings::credentials,
        new S3Settings.Keys("a", "s", Optional.of("t")));
    bucket(name, "credentialsconfigpath: /c", S3Settings::credentials, new S3Settings.SharedFile(Path.of("/c")));
    bucket(name, "rootdirectory: /r", S3Settings::rootDirectory, "/r");
    bucket(name, "forcepathstyle: true, virtualhostedstyle: true", s3 -> s3.endpoint().pathStyle(), true);
    bucket(name, "virtualhostedstyle: true, regionendpoint: h", s3 -> s3.endpoint().pathStyle(), false);
    bucket(name, "secure: false, regionendpoint: h", s3 -> s3.endpoint().address().get(), URI.create("http://h"));
    bucket(name, "skipverify: true", s3 -> s3.endpoint().trust(), new S3Settings.Trust(true, Optional.empty()));
    bucket(name, "cafile: /c", s3 -> s3.endpoint().trust(), new S3Settings.Trust(false, Optional.of(Path.of("/c"))));
    bucket(name, "encrypt: true", s3 -> s3.writing().encryption(), new S3Settings.StoreKeys());
    bucket(name, "keyid: k, encrypt: true", s3 -> s3.writing().encryption(), new S3Settings.KmsKey("k"));
    bucket(name, "chunksize: 6291456", s3 -> s3.writing().partBytes(), 6L << 20);
    bucket(name, "multipartcopychunksize: 6MiB", s3 -> s3.writing().copies().partBytes(), 6L << 20);
    bucket(name, "multipartcopythresholdsize: 7MiB", s3 -> s3.writing().copies().mostAtOnce(), 7L << 20);
    bucket(name, "multipartcopymaxconcurrency: 8", s3 -> s3.writing().copies().places(), 8);
    bucket(name, "storageclass: GLACIER", s3 -> s3.writing().storageClass().get(), "GLACIER");
    bucket(name, "objectacl: public-read", s3 -> s3.writing().acl().get(), "public-read");
    bucket(name, "useragent: u", s3 -> s3.endpoint().userAgent().get(), "u");
    bucket(name, "accelerate: true", s3 -> s3.endpoint().variant(), new S3Settings.Variant(true, false, false));
    bucket(name, "usedualstack: true", s3 -> s3.endpoint().variant(), new S3Settings.Variant(false, true, false));
    bucket(name, "usefipsendpoint: true", s3 -> s3.endpoint().variant(), new S3Settings.Variant(false, false, true));
  }

  private static void bucket(String section, String settings, Function<S3Settings, Object> reading, Object arrives) {
    String needed = (settings.contains("bucket:") ? "" : ", bucket: x") + (settings.contains("region:")
        ? ""
        : ", region: x");
    key("storage." + section + "." + name(settings), "storage: {" + section + ": {" + settings + needed + "}}",
        c -> reading.apply(((StorageConfig.S3) c.storage().backend()).settings()), arrives);
  }

  private static void purging(String setting, StorageConfig.UploadPurging arrives) {
    key("storage.maintenance.uploadpurging." + name(setting),
        "storage: {maintenance: {uploadpurging: {" + setting + "}}}", c -> c.storage().uploadPurging(), arrives);
  }

  private static void health(String setting, HealthConfig arrives) {
    key("health.storagedriver." + name(setting), "health: {storagedriver: {" + setting + "}}", c -> c.health(),
        arrives);
  }

  private static void upstreams() {
    upstream("remoteurl: 'http://[::1]:5000'", c -> hub(c).remoteUrl(), URI.create("http://[::1]:5000"));
    upstream("username: u, password: ''", c -> hub(c).credentials().get(), new Credentials("u", ""));
    upstream("password: p, username: u", c -> hub(c).credentials().get(), new Credentials("u", "p"));
    upstream("cafile: /ca", c -> hub(c).caFile().get(), Path.of("/ca"));
    upstream("realms: [auth.example.com]", c -> hub(c).realms(), List.of("auth.example.com"));
    upstream("offline: true", c -> hub(c).offline(), true);
    upstream("maxrate: 8Mbit/s", c -> hub(c).budget().maxRate().get(), new ByteRate(1_000_000));
    upstream("maxconcurrent: 3", c -> hub(c).budget().maxConcurrent().get(), 3);
    upstream("maxsegments: 1", c -> hub(c).budget().maxSegments(), 1);
    upstream("mirrors: ['https://m:1/quay.io']", c -> hub(c).mirrors(), List.of(URI.create("https://m:1/quay.io")));
  }

  private static void upstream(String settings, Function<WeirConfig, Object> reading, Object arrives) {
    key("upstreams.*." + name(settings), "upstreams: {hub: {" + settings + "}}", reading, arrives);
  }

  private static String name(String setting) {
    return setting.substring(0, setting.indexOf(':'));
  }

  static List<String> paths() {
    return List.copyOf(CASES.keySet());
  }

  @ParameterizedTest
  @MethodSource("paths")
  void aKeyArrives(String path) throws ConfigException {
    Case each = Objects.requireNonNull(CASES.get(path));
    assertThat(each.reading().apply(Configs.load(each.yaml()).config())).isEqualTo(each.arrives());
  }

  @Test
  void everyKeyThatWeirUsesHasItsCase() {
    assertThat(CASES.keySet()).containsExactlyInAnyOrderElementsOf(
        Keys.ALL.stream()
            .filter(key -> key.status() instanceof Key.Status.Honoured)
            .map(Key::path).filter(path -> !path.equals("version") && !path.equals("validation.disabled"))
            .collect(Collectors.toSet()));
  }
}
