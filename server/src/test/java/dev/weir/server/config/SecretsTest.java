package dev.weir.server.config;

import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class SecretsTest {
  @Test
  void secretsAreInNothingThatIsPrinted() throws ConfigException {
    Loaded loaded = Configs.load("""
        http: {secret: geheim1}
        upstreams: {hub: {username: u, password: geheim2}}
        proxy: {remoteurl: 'https://p', username: u}
        storage: {s3: {bucket: b, region: r, accesskey: a, secretkey: geheim4, sessiontoken: geheim5}}
        """, Map.of("REGISTRY_PROXY_PASSWORD", "geheim3"));
    assertThat(loaded.toString()).doesNotContain("geheim");
    assertThat(loaded.effective()).doesNotContain("geheim").contains("password: '***'", "secret: '***'");
  }

  @Test
  void theEffectiveConfigurationShowsValuesAndDefaults() throws ConfigException {
    Loaded loaded = Configs
        .load("cache: {tagttl: 1h}\nupstreams: {quay.io: {realms: [a.io]}}\naliases: {x/: quay.io/y/}");
    assertThat(loaded.effective()).contains("tagttl: 1h", "offline: false", "maxsize: 90%", "quay.io:", "- a.io", "x/:",
        "rootdirectory: /var/lib/registry", "maxentries: 10000");
  }

  @Test
  void theEffectiveConfigurationIsAConfigurationAgain() throws ConfigException {
    String yaml = "{cache: {tagttl: 1h}, upstreams: {quay.io: {}}, aliases: {x/: quay.io/y/}, http: {headers: {A: [b]}},"
        + " auth: {htpasswd: {path: /p}}, rules: [{users: [a], repositories: [b, c/**], actions: pull}]}";
    for (String each : List.of(yaml, "storage: {s3: {bucket: b, region: r, regionendpoint: 'http://h'}}",
        "storage: {s3aws: {bucket: b, region: r, storageclass: GLACIER}}")) {
      Loaded loaded = Configs.load(each);
      assertThat(Configs.load(loaded.effective()).config()).isEqualTo(loaded.config());
    }
  }
}
