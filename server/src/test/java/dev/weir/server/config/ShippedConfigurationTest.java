package dev.weir.server.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

class ShippedConfigurationTest {
  private static final Path FOLDER = Path.of("..", "conf");
  private static final Path WEIR_YML = FOLDER.resolve("weir.yml");
  private static final Path S3_YML = FOLDER.resolve("s3.yml");
  private static final Pattern COMMENTED_SETTING = Pattern.compile("(?m)^( *)#(?=\\S)");
  /** Keys with a default for which weir.yml sets or shows something else. */
  private static final Set<String> OTHER_THAN_DEFAULT = Set.of("storage.filesystem.rootdirectory", "http.headers",
      "log.fields", "http.debug.prometheus.enabled", "upstreams.*.realms",
      "upstreams.*.mirrors", "rules", "http.tls.clientcas", "release.keys");

  static List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(FOLDER)) {
      return files.filter(file -> file.toString().endsWith(".yml")).toList();
    }
  }

  @ParameterizedTest
  @MethodSource("files")
  void everyFileLoadsWithoutAWarning(Path file) throws ConfigException {
    assertThat(ConfigLoader.load(file, Map.of()).warnings()).isEmpty();
  }

  @Test
  void weirYmlServesTheKnownRegistriesFromTheDirectoryItStartsIn() throws ConfigException {
    WeirConfig config = ConfigLoader.load(WEIR_YML, Map.of()).config();
    assertThat(config.upstreams().keySet()).containsExactly("quay.io", "registry.redhat.io",
        "registry.access.redhat.com",
        "registry.connect.redhat.com", "docker.io", "ghcr.io", "registry.k8s.io");
    assertThat(config.upstreams().values()).extracting(upstream -> upstream.remoteUrl().toString()).containsExactly(
        "https://quay.io", "https://registry.redhat.io", "https://registry.access.redhat.com",
        "https://registry.connect.redhat.com", "https://registry-1.docker.io", "https://ghcr.io",
        "https://registry.k8s.io");
    assertThat(config.http().address()).isEqualTo(new ListenAddress("", 5000));
    assertThat(config.storage().backend()).isEqualTo(new StorageConfig.Filesystem(Path.of("./data"), 100));
  }

  @Test
  void weirYmlShowsEveryKeyThatWeirUsesWithItsDefault() throws IOException {
    Node weir = YamlTree.parse(uncommented(WEIR_YML), line -> Origin.line("weir.yml", line));
    Node bucket = YamlTree.parse(uncommented(S3_YML), line -> Origin.line("s3.yml", line));
    for (Key key : Keys.ALL) {
      Node shown = key.path().startsWith("storage.s3.") ? bucket : weir;
      if (!key.path().startsWith("storage.s3aws.") && key.status() instanceof Key.Status.Honoured) {
        Node value = find(shown, key);
        assertThat(value).as("%s is missing in conf/weir.yml", key.path()).isNotInstanceOf(Node.Nothing.class);
        if (key.fallback() != null && !OTHER_THAN_DEFAULT.contains(key.path())) {
          assertThat(key.isDefault(value)).as("conf/weir.yml shows another default for %s", key.path()).isTrue();
        }
      }
    }
  }

  @Test
  void weirYmlStartsWithEverySettingInForce() throws IOException {
    assertThat(Configs.problems(uncommented(WEIR_YML))).isEmpty();
    assertThat(Configs.problems(uncommented(S3_YML).replace("encrypt: false", "encrypt: true"))).isEmpty();
  }

  @Test
  void everySettingOfWeirYmlHasAnEffect() throws IOException, ConfigException {
    assertThat(Configs.load(uncommented(WEIR_YML)).warnings()).filteredOn(warning -> !warning.contains("THE DOOR"))
        .isEmpty();
  }

  @Test
  void weirYmlNamesEveryKeyThatIsRefusedOrIgnored() throws IOException {
    String text = Files.readString(WEIR_YML);
    Set<String> sections = Set.of("http.tls.letsencrypt.", "storage.s3.", "storage.s3aws.", "middleware.");
    assertThat(Keys.ALL.stream().filter(key -> !(key.status() instanceof Key.Status.Honoured))
        .map(Key::path)
        .filter(path -> sections.stream().noneMatch(path::startsWith)))
        .allSatisfy(path -> assertThat(text).contains(path));
  }

  private static String uncommented(Path file) throws IOException {
    return COMMENTED_SETTING.matcher(Files.readString(file)).replaceAll("$1");
  }

  private static Node find(Node root, Key key) {
    Node at = root;
    for (String segment : key.segments()) {
      String name = !segment.equals("*") ? segment : at.children().containsKey("hub") ? "hub" : "ubi/";
      at = at.children().getOrDefault(name, new Node.Nothing(Origin.DEFAULT));
    }
    return at;
  }
}
