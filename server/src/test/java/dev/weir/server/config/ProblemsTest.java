package dev.weir.server.config;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class ProblemsTest {
  @Test
  void anUnknownKeyInOurSectionsIsAnErrorWithFileAndLine() {
    assertThat(Configs
        .problems("version: 0.1\ncache:\n  tagttl: 1m\n  maxsiz: 5\nupstreams:\n  quay.io:\n    insecure: true\n"))
        .containsExactly("test.yml:4: cache.maxsiz: no such key; did you mean maxsize?",
            "test.yml:7: upstreams.quay.io.insecure: no such key");
  }

  @Test
  void anUnknownKeyElsewhereIsAWarning() throws ConfigException {
    assertThat(Configs.load("http:\n  adr: ':1'\nupstream: {}\nstorage: {filesystem: {}, foo: {}}\n").warnings())
        .containsExactly(
            "test.yml:2: http.adr: no such key; did you mean addr? (ignored)",
            "test.yml:3: upstream: no such key; did you mean upstreams? (ignored)",
            "test.yml:4: storage.foo: no such key (ignored)");
  }

  @Test
  void allProblemsAreReportedAtOnce() {
    assertThat(Configs
        .problems("http:\n  addr: nowhere\ncache:\n  tagttl: 600\nupstreams:\n  weir: {}\nauth: {htpasswd: {}}\n"))
        .extracting(problem -> problem.substring(0, problem.indexOf(": ", "test.yml:1: ".length())))
        .containsExactlyInAnyOrder("test.yml:2: http.addr", "test.yml:4: cache.tagttl", "test.yml:6: upstreams.weir",
            "test.yml:7: auth.htpasswd");
  }

  @ParameterizedTest
  @ValueSource(strings = {"auth: htpasswd", "auth: {htpasswd: {realm: r}}", "auth: {htpasswd: {path: ''}}",
      "auth: {htpasswd:}", "auth: {htpasswd: {realm: \"a\\nb\", path: p}}", "auth: {token:}",
      "auth: {ldap: {}}",
      "http: {tls: {certificate: /c}}", "http: {tls: {letsencrypt: {email: e}}}", "rules: [{users: ['*']}]",
      "http: {net: unix}",
      "validation: {manifests: {urls: {allow: [x]}}}", "middleware: {storage: [{name: cloudfront}]}", "storage: s3",
      "storage: {s3: {bucket: b}}", "storage: {gcs: {}}", "storage: {s3aws:}", "storage: {foo: {}}"})
  void whatGuardsAndIsNotThereKeepsWeirFromStarting(String yaml) {
    assertThat(Configs.problems(yaml)).hasSize(1).first().asString().startsWith("test.yml:1: ");
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {"REGISTRY_AUTH|htpasswd", "REGISTRY_AUTH_HTPASSWD_REALM|Registry Realm",
      "REGISTRY_HTTP_TLS_CERTIFICATE|/c", "REGISTRY_HTTP_TLS_CLIENTCAS_0|/ca", "REGISTRY_RULES|[{users: ['*']}]",
      "REGISTRY_RULES_0|{users: ['*']}", "REGISTRY_RULES_0_USERS_0|x",
      "REGISTRY_STORAGE|s3", "REGISTRY_STORAGE_S3_ENCRYPT|true", "REGISTRY_VALIDATION_MANIFESTS_URLS_ALLOW_0|x"})
  void guardsInVariablesKeepWeirFromStartingToo(String name, String value) {
    assertThat(Configs.problems("", Map.of(name, value))).singleElement().asString().startsWith(name + ": ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"auth: {}", "rules: []", "http: {tls: {certificate: '', clientcas: []}}", "http: {net: tcp}",
      "middleware: {registry: []}",
      "validation: {disabled: true, manifests: {urls: {allow: [x]}}}"})
  void aGuardThatAsksForNothingIsFine(String yaml) throws ConfigException {
    assertThat(Configs.load(yaml).warnings()).isEmpty();
  }

  @Test
  void aBucketIsNotBoundedByAShareOfWhatNobodyKnows() throws ConfigException {
    String bucket = "storage: {s3: {bucket: b, region: local}}\n";
    assertThat(Configs.problems(bucket + "cache:\n  maxsize: 90%\n")).singleElement().asString()
        .startsWith("test.yml:3: cache.maxsize: nobody knows how large a bucket is");
    assertThat(Configs.problems(bucket, Map.of("REGISTRY_CACHE_MAXSIZE", "90%"))).singleElement().asString()
        .startsWith("REGISTRY_CACHE_MAXSIZE: cache.maxsize: nobody knows");
    assertThat(Configs.load(bucket + "cache: {maxsize: 500GiB, highwater: 90%}").warnings()).isEmpty();
    assertThat(Configs.load(bucket).warnings()).isEmpty();
  }

  @Test
  void twoPlacesForTheDataAreOneTooMany() {
    assertThat(Configs.problems("storage:\n  filesystem: {}\n", Map.of("REGISTRY_STORAGE_S3_BUCKET", "b"))).anySatisfy(
        problem -> assertThat(problem).contains("filesystem (test.yml:2) and s3 (REGISTRY_STORAGE_S3_BUCKET)"));
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {"weir|taken", "host:5000|plain name", "https://quay.io|plain name",
      "quay.io/a|aliases",
      "Quay.io|lower-case", "_x|lower-case", "..|lower-case", "a_b|not a host name"})
  void aBadNameForAnUpstreamIsExplained(String name, String explanation) {
    assertThat(Configs.problems("upstreams:\n  '" + name + "': {}\n")).singleElement().asString()
        .startsWith("test.yml:2: upstreams." + name).contains(explanation);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ftp://h", "https://", "h", "https://h/path", "'https://h?q'", "https://u:geheim@h",
      "'https://h h'",
      "/p", "[a]", "{a: b}"})
  void anUpstreamsAddressIsSchemeHostAndPort(String url) {
    assertThat(Configs.problems("upstreams: {hub: {remoteurl: " + url + "}}")).singleElement().asString()
        .contains("upstreams.hub.remoteurl").doesNotContain("geheim");
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {"a: quay.io|no single repository", "a: other/b|begins with no upstream",
      "a: []|at least one", "a: |at least one", "quay.io/a: quay.io/b|would never be used",
      "/: quay.io/|a repository's name",
      "A: quay.io/b|a repository's name", "a: quay.io/b/|no single repository", "a: quay.io/B|not a repository"})
  void aBadAliasIsExplained(String alias, String explanation) {
    assertThat(Configs.problems("upstreams: {quay.io: {}}\naliases:\n  " + alias + "\n")).singleElement().asString()
        .startsWith("test.yml:3: aliases.").contains(explanation);
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {"upstreams: {hub: {username: u}}|needs password",
      "proxy: {password: geheim}|needs username",
      "version: 0.2|another", "version: geheim|another",
      "http: {debug: {prometheus: {enabled: true, path: m}}}|begins with /",
      "upstreams: [quay.io]|a list stands here", "5|a single value stands here", "a: b: c|not YAML",
      "a: *geheim|not YAML",
      "{cache: {}, cache: {}}|a second time", "cache: {offline: maybe}|true or false",
      "gc: {grace: [1h]}|a list stands here",
      "upstreams: {hub: {realms: auth.example.com}}|a list",
      "upstreams: {hub: {realms: ['https://a']}}|without https://",
      "upstreams: {hub: {username: u, password: {geheim: x}}}|a section stands here", "--- {}/n--- {}|second document",
      "a: &a [*a]|anchors", "log: {level: loud}|debug, info", "cache: {maxsize: 101%}|share",
      "catalog: {maxentries: -1}|0 or more"})
  void everyProblemHasItsSentence(String yaml, String sentence) {
    assertThat(Configs.problems(yaml.replace("/n", "\n"))).isNotEmpty()
        .allSatisfy(problem -> assertThat(problem).startsWith("test.yml:"))
        .anySatisfy(problem -> assertThat(problem).contains(sentence))
        .allSatisfy(problem -> assertThat(problem).doesNotContain("geheim"));
  }

  @Test
  void aFileThatCannotBeReadIsExplained(@TempDir Path directory) throws Exception {
    Path latin = Files.write(directory.resolve("latin.yml"), "a: \u00e4".getBytes(StandardCharsets.ISO_8859_1));
    assertThatThrownBy(() -> ConfigLoader.load(latin, Map.of())).hasMessageContaining("not UTF-8");
    Path absent = directory.resolve("absent.yml");
    assertThatThrownBy(() -> ConfigLoader.load(absent, Map.of())).hasMessageContainingAll("absent.yml", "no such file");
    assertThatThrownBy(() -> ConfigLoader.load(directory, Map.of())).isInstanceOf(ConfigException.class);
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {"x|a single value stands here", "[]|a list stands here",
      "{users: [a], repositories: ['**']}|no actions", "{users: [], repositories: ['**'], actions: [pull]}|no users",
      "{users: [a], repositories: , actions: [pull]}|no repositories",
      "{users: [a], repositories: ['**'], actions: [pull], repositoris: b}|did you mean repositories?",
      "{users: [a], repositories: ['**'], actions: [pul]}|pull, push, delete and admin",
      "{users: [a], repositories: [A], actions: [pull]}|in lower case",
      "{users: ['a:b'], repositories: ['**'], actions: [pull]}|colon",
      "{users: [{a: b}], repositories: ['**'], actions: [pull]}|a section stands here"})
  void aRuleThatSaysTooLittleOrNonsenseIsExplained(String rule, String explanation) {
    String good = "{users: [a], repositories: [b], actions: [pull]}";
    assertThat(Configs.problems("auth: {htpasswd: {path: p}}\nrules:\n- " + good + "\n- " + rule + "\n"))
        .singleElement()
        .asString().startsWith("test.yml:4: rules: ").contains(explanation);
  }

  @Test
  void rulesForUsersThatCannotExistAreWarnedOf() throws ConfigException {
    String rules = "rules: [{users: ['*'], repositories: ['**'], actions: [pull]}]";
    assertThat(Configs.load(rules).warnings()).singleElement().asString().contains("let nobody in");
    assertThat(Configs.load(rules + "\nauth: {htpasswd: {path: p}}").warnings()).isEmpty();
    assertThat(Configs.load(rules.replace("'*'", "anonymous")).warnings()).isEmpty();
  }

  @Test
  void registry2sVariablesForPasswordsWork() throws ConfigException {
    Loaded loaded = Configs.load("", Map.of("REGISTRY_AUTH", "htpasswd", "REGISTRY_AUTH_HTPASSWD_REALM",
        "Registry Realm", "REGISTRY_AUTH_HTPASSWD_PATH", "/auth/htpasswd"));
    assertThat(loaded.config().auth().htpasswd())
        .contains(new AuthConfig.Htpasswd("Registry Realm", Path.of("/auth/htpasswd")));
    assertThat(loaded.warnings()).isEmpty();
    assertThat(Configs.load("auth: none").warnings()).singleElement().asString().contains("auth.none");
  }

  @Test
  void keysWithoutEffectAreNamedOnceEach() throws ConfigException {
    assertThat(
        Configs.load("http: {prefix: /x/}\n\n\nproxy: {ttl: 1h}\nredis: {addr: r}\n").warnings())
        .containsExactly("test.yml:1: http.prefix: ignored: weir answers below / only",
            "test.yml:4: proxy.ttl: ignored: cached content goes by cache.maxsize, oldest use first",
            "test.yml:5: redis: ignored: weir bounds its own indexes in memory");
  }

  @Test
  void credentialsUpstreamWithoutADoorAreWarnedOf() throws ConfigException {
    assertThat(Configs.load("pullsecret: /p").warnings()).singleElement().asString().contains("THE DOOR IS OPEN");
    assertThat(Configs.load("{pullsecret: /p, http: {addr: '127.0.0.1:5000'}}").warnings()).isEmpty();
    assertThat(Configs.load("{pullsecret: /p, auth: {htpasswd: {path: /q}}}").warnings()).isEmpty();
  }
}
