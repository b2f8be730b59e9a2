package dev.weir.server.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import dev.weir.auth.Credentials;
import dev.weir.server.net.Network;

import static org.assertj.core.api.Assertions.assertThat;

class VariablesTest {
  @Test
  void aVariableGoesBeforeTheFile() throws ConfigException {
    WeirConfig config = with("cache: {tagttl: 1m, offline: true}", Map.of("REGISTRY_CACHE_TAGTTL", "2m"));
    assertThat(config.cache().tagTtl()).isEqualTo(Duration.ofMinutes(2));
    assertThat(config.cache().offline()).isTrue();
  }

  @Test
  void whatKubernetesInjectsForServicesIsOneWarning() throws ConfigException {
    Loaded loaded = Configs.load("", Map.of("REGISTRY_PORT", "tcp://10.0.0.1:5000", "REGISTRY_CACHE_PORT",
        "tcp://10.0.0.1:5000", "REGISTRY_SERVICE_HOST", "10.0.0.1", "REGISTRY_PORT_5000_TCP_ADDR", "10.0.0.1",
        "REGISTRY_UPSTREAMS_PORT", "tcp://10.0.0.1:80", "REGISTRY_AUTH_SERVICE_HOST", "10.0.0.1",
        "REGISTRY_STORAGE_PORT_80_TCP",
        "tcp://10.0.0.1:80", "REGISTRY_", "", "REGISTRY__X", "", "HOME", "/root"));
    assertThat(loaded.config()).isEqualTo(Configs.load("").config());
    assertThat(loaded.warnings()).singleElement().asString().contains("REGISTRY_PORT,", "REGISTRY_CACHE_PORT",
        "REGISTRY_PORT_5000_TCP_ADDR", "REGISTRY_STORAGE_PORT_80_TCP").doesNotContain("10.0.0.1", "HOME");
  }

  @Test
  void variablesOfOtherProgramsAreLeftAlone() throws ConfigException {
    assertThat(Configs.load("", Map.of("REGISTRY_AUTH_FILE", "/x", "REGISTRY_CONFIGURATION_PATH", "/y")).warnings())
        .isEmpty();
  }

  @Test
  void mapsAreSetAsAWhole() throws ConfigException {
    WeirConfig config = with("upstreams: {ghcr.io: {}}",
        Map.of("REGISTRY_UPSTREAMS", "{quay.io: {}, hub: {offline: true}}",
            "REGISTRY_ALIASES", "{a: quay.io/b}"));
    assertThat(config.upstreams().keySet()).containsExactly("quay.io", "hub");
    assertThat(config.aliases()).hasSize(1);
  }

  @Test
  void anUpstreamThatIsThereTakesVariablesOfItsOwn() throws ConfigException {
    WeirConfig config = with("upstreams: {hub: {username: u}}", Map.of("REGISTRY_UPSTREAMS_HUB_PASSWORD", "p"));
    assertThat(config.upstream("hub").orElseThrow().credentials()).contains(new Credentials("u", "p"));
  }

  @Test
  void oneWordReplacesTheStorageSection() throws ConfigException {
    WeirConfig config = with("storage: {delete: {enabled: true}, s3: {bucket: b}}",
        Map.of("REGISTRY_STORAGE_FILESYSTEM_ROOTDIRECTORY", "/r", "REGISTRY_STORAGE", "filesystem"));
    assertThat(config.storage().backend()).isEqualTo(new StorageConfig.Filesystem(Path.of("/r"), 100));
    assertThat(config.storage().deleteEnabled()).isFalse();
  }

  @Test
  void sectionsMayBeGivenAsYaml() throws ConfigException {
    StorageConfig.UploadPurging expected = new StorageConfig.UploadPurging(false, Duration.ofHours(1),
        Duration.ofHours(24), false);
    String prefix = "REGISTRY_STORAGE_MAINTENANCE_UPLOADPURGING";
    assertThat(with("", Map.of(prefix, "{\"enabled\":false,\"age\":\"1h\"}")).storage().uploadPurging())
        .isEqualTo(expected);
    assertThat(with("", Map.of(prefix + "_ENABLED", "false", prefix + "_AGE", "1h")).storage().uploadPurging())
        .isEqualTo(expected);
  }

  @Test
  void listItemsAreCountedFromZero() throws ConfigException {
    Map<String, String> environment = Map.of("REGISTRY_HTTP_TRUSTEDPROXIES_0", "10.0.0.1",
        "REGISTRY_HTTP_TRUSTEDPROXIES_1", "10.0.0.2");
    assertThat(with("http: {trustedproxies: [10.9.9.9]}", environment).http().trustedProxies())
        .containsExactly(Network.parse("10.0.0.1"), Network.parse("10.0.0.2"));
    assertThat(Configs.problems("", Map.of("REGISTRY_HTTP_TRUSTEDPROXIES_1", "10.0.0.1"))).singleElement().asString()
        .startsWith("REGISTRY_HTTP_TRUSTEDPROXIES_1: http.trustedproxies").contains("the next index is 0");
  }

  @Test
  void namesInMapsKeepTheFilesSpellingAndAreLowerCaseOtherwise() throws ConfigException {
    WeirConfig config = with("http: {headers: {X-A: [b]}}",
        Map.of("REGISTRY_HTTP_HEADERS_X-A", "[c, d]", "REGISTRY_LOG_FIELDS_SERVICE", "weir"));
    assertThat(config.http().headers()).isEqualTo(Map.of("X-A", List.of("c", "d")));
    assertThat(config.log().fields()).isEqualTo(Map.of("service", "weir"));
  }

  @Test
  void textThatIsNoYamlIsTakenAsItStands() throws ConfigException {
    WeirConfig config = with("", Map.of("REGISTRY_HTTP_ADDR", "[::1]:5000", "REGISTRY_PROXY_REMOTEURL", "https://p",
        "REGISTRY_PROXY_USERNAME", "'u'", "REGISTRY_PROXY_PASSWORD", "*a: @b"));
    assertThat(config.http().address()).isEqualTo(new ListenAddress("::1", 5000));
    assertThat(config.proxy().orElseThrow().credentials()).contains(new Credentials("u", "*a: @b"));
  }

  @Test
  void anEmptyVariableTakesAKeyAway() throws ConfigException {
    assertThat(with("proxy: {remoteurl: 'https://p'}", Map.of("REGISTRY_PROXY_REMOTEURL", "")).proxy()).isEmpty();
  }

  @Test
  void aBadValueNamesTheVariable() {
    assertThat(Configs.problems("", Map.of("REGISTRY_CACHE_MAXSIZE", "much"))).containsExactly(
        "REGISTRY_CACHE_MAXSIZE: cache.maxsize: 'much' stands here where a size such as 100GiB, or a share such as 80% is wanted");
    assertThat(Configs.problems("", Map.of("REGISTRY_UPSTREAMS", "{"))).singleElement().asString()
        .startsWith("REGISTRY_UPSTREAMS: not YAML");
    assertThat(Configs.problems("", Map.of("REGISTRY_HTTP", "5"))).containsExactly(
        "REGISTRY_HTTP: http: a single value stands here where a section is wanted, with keys of its own");
  }

  @Test
  void openShiftsOperatorVariablesAreUnderstood() throws ConfigException {
    Loaded loaded = Configs.load("",
        Map.ofEntries(Map.entry("REGISTRY_HTTP_ADDR", ":5000"), Map.entry("REGISTRY_HTTP_NET", "tcp"),
            Map.entry("REGISTRY_LOG_LEVEL", "error"), Map.entry("REGISTRY_STORAGE_CACHE_BLOBDESCRIPTOR", "inmemory"),
            Map.entry("REGISTRY_STORAGE_DELETE_ENABLED", "false"),
            Map.entry("REGISTRY_HEALTH_STORAGEDRIVER_ENABLED", "true"),
            Map.entry("REGISTRY_HEALTH_STORAGEDRIVER_INTERVAL", "10s"), Map.entry("REGISTRY_STORAGE", "filesystem"),
            Map.entry("REGISTRY_STORAGE_FILESYSTEM_ROOTDIRECTORY", "/registry"),
            Map.entry("REGISTRY_OPENSHIFT_REQUESTS_READ_MAXRUNNING", "5")));
    assertThat(loaded.warnings()).singleElement().asString().contains("openshift");
    assertThat(loaded.config().log().level()).isEqualTo(LogConfig.Level.ERROR);
  }

  private static WeirConfig with(String yaml, Map<String, String> environment) throws ConfigException {
    return Configs.load(yaml, environment).config();
  }
}
