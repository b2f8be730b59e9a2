package dev.weir.server.config;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class DefaultsTest {
  private static final UpstreamConfig QUAY = new UpstreamConfig("quay.io", URI.create("https://quay.io"),
      Optional.empty(), Optional.empty(), List.of(), BudgetConfig.DEFAULT, false, List.of());

  private static final WeirConfig DEFAULTS = new WeirConfig(
      new HttpConfig(new ListenAddress("", 5000), Optional.empty(), false, Optional.empty(), Duration.ofSeconds(10),
          Map.of(), List.of(), new HttpConfig.Limits(2000, 0, Duration.ofMinutes(3), 32 << 10, 8 << 20),
          Optional.empty(), Optional.empty()),
      new AuthConfig(Optional.empty(), List.of()),
      new StorageConfig(new StorageConfig.Filesystem(Path.of("/var/lib/registry"), 100), false, false, true,
          new StorageConfig.UploadPurging(true, Duration.ofHours(168), Duration.ofHours(24), false)),
      Optional.empty(), Map.of(), List.of(), Optional.empty(),
      new CacheConfig(new DiskLimit.Share(90), new DiskLimit.Share(98), new DiskLimit.Share(95), Duration.ofMinutes(10),
          false,
          new CacheConfig.Scratch(Path.of("/var/cache/weir"), new ByteSize(20L << 30)), Optional.empty(),
          Optional.empty(),
          Duration.ofMinutes(10), List.of()),
      new ListingConfig(10_000, 0), new LogConfig(LogConfig.Level.INFO, LogConfig.Format.TEXT, Map.of(), true),
      new HealthConfig(true, Duration.ofSeconds(10), 3), new GcConfig(Duration.ofHours(1), Duration.ofHours(24), true),
      new ScrubConfig(new ByteRate(20_000_000), Duration.ofHours(336)),
      new PrecacheConfig(Duration.ofHours(1), 128, List.of(),
          List.of(URI.create("https://mirror.openshift.com/pub/openshift-v4/signatures/openshift/release"),
              URI.create("https://storage.googleapis.com/openshift-release/official/signatures/openshift/release")),
          URI.create("https://api.openshift.com/api/upgrades_info/v1/graph")),
      Path.of("weir/admin.sock"),
      Path.of("/var/lib/weir/certs"));

  @Test
  void anEmptyFileGivesTheDefaults() throws ConfigException {
    Loaded loaded = Configs.load("");
    assertThat(loaded.config()).isEqualTo(DEFAULTS);
    assertThat(loaded.warnings()).isEmpty();
  }

  @Test
  void sectionsAndKeysWithNothingBehindThemGiveTheDefaults() throws ConfigException {
    assertThat(Configs.load("http:\n  addr:\nstorage:\ncache: {tagttl: null}\nupstreams:\nauth:\n").config())
        .isEqualTo(DEFAULTS);
  }

  @Test
  void anUpstreamWithNothingBehindItIsReachedUnderItsName() throws ConfigException {
    assertThat(Configs.load("upstreams:\n  quay.io:\n").config().upstreams()).isEqualTo(Map.of("quay.io", QUAY));
    assertThat(Configs.load("upstreams: {quay.io: {}}").config().upstreams()).isEqualTo(Map.of("quay.io", QUAY));
  }

  @Test
  void theDebugPortShowsNoMetricsUnlessAsked() throws ConfigException {
    assertThat(Configs.load("http: {debug: {addr: ':5001'}}").config().http().debug())
        .contains(new HttpConfig.Debug(new ListenAddress("", 5001), Optional.empty()));
  }

  @Test
  void theConfigurationThatRegistry2ShipsLoadsWithoutAWarning() throws ConfigException {
    Loaded loaded = Configs.load("""
        version: 0.1
        log:
          fields:
            service: registry
        storage:
          cache:
            blobdescriptor: inmemory
          filesystem:
            rootdirectory: /var/lib/registry
        http:
          addr: :5000
          headers:
            X-Content-Type-Options: [nosniff]
        health:
          storagedriver:
            enabled: true
            interval: 10s
            threshold: 3
        """);
    assertThat(loaded.warnings()).isEmpty();
    assertThat(loaded.config().http().headers()).isEqualTo(Map.of("X-Content-Type-Options", List.of("nosniff")));
  }
}
