package dev.weir.server.openshift;

import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** What a cluster has already is added to, and never lost. */
final class MergingTest {
  private static final Door DOOR = Door.parse("mirror.example.com", 5000);
  private static final Login LOGIN = new Login("admin", "pass");
  private static final String OLD = """
      apiVersion: v1
      kind: ConfigMap
      metadata:
        name: registry-cas
        namespace: openshift-config
        resourceVersion: "4711"
        uid: 00000000-0000-0000-0000-000000000000
      data:
        other.example.com..8443: |
      %s
        mirror.example.com..5000: |
      %s
      """.formatted(Fixture.certificate("other").pem().indent(4).stripTrailing(),
      Fixture.certificate("old").pem().indent(4).stripTrailing());

  private static Inputs with(Optional<ConfigMap> authorities, Optional<PullSecretFile> secret) {
    return new Inputs(Fixture.site(), Optional.of(LOGIN), secret, authorities, Optional.empty(), List.of(), List.of(),
        Optional.empty(),
        Set.of(), Optional.empty(), Optional.empty());
  }

  @Test
  void pullSecretKeepsEveryEntryAndEveryFieldOfIt() {
    String before = """
        {"auths": {"quay.io": {"auth": "b64", "email": "e"}, "mirror.example.com": {"auth": "other"},
                   "mirror.example.com:5000": {"auth": "old", "email": "me", "identitytoken": "t"}},
         "credHelpers": {"x": "y"}}
        """;

    assertThat(PullSecretFile.parse(before).with(DOOR, LOGIN).json()).isEqualTo("""
        {"auths":{"quay.io":{"auth":"b64","email":"e"},"mirror.example.com":{"auth":"other"},\
        "mirror.example.com:5000":{"auth":"YWRtaW46cGFzcw==","email":"me"}},"credHelpers":{"x":"y"}}""");
    assertThat(PullSecretFile.parse("{}").with(DOOR, LOGIN).json())
        .isEqualTo("{\"auths\":{\"mirror.example.com:5000\":{\"auth\":\"YWRtaW46cGFzcw==\"}}}");
  }

  @Test
  void pullSecretIsReadOutOfTheClustersSecretToo() {
    String encoded = Base64.getEncoder().encodeToString("{\"auths\":{\"quay.io\":{\"auth\":\"b64\"}}}".getBytes(UTF_8));
    String yaml = "apiVersion: v1\nkind: Secret\ndata:\n  .dockerconfigjson: " + encoded + "\n";

    assertThat(PullSecretFile.parse(yaml).entries()).isEqualTo(1);
    assertThat(
        PullSecretFile.parse("{\"kind\":\"Secret\",\"data\":{\".dockerconfigjson\":\"" + encoded + "\"}}").json())
        .isEqualTo("{\"auths\":{\"quay.io\":{\"auth\":\"b64\"}}}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "hello", "[]", "{\"auths\": {\"quay.io\": {\"auth\": \"TOPSECRET\"}", "{\"auths\": []}",
      "{\"quay.io\": {\"auth\": \"TOPSECRET\"}}", "{\"auths\": {\"a\": {\"auth\": \"TOPSECRET\"}, \"a\": {}}}",
      "{\"auths\": {}} TOPSECRET", "kind: Secret\ndata: {}",
      "{\"kind\":\"Secret\",\"data\":{\".dockerconfigjson\":\"!!\"}}"})
  void whatIsNoPullSecretIsRefusedWithoutBeingQuoted(String text) {
    assertThatThrownBy(() -> PullSecretFile.parse(text)).isInstanceOf(IllegalArgumentException.class)
        .hasMessageMatching("(is|has) .*").hasMessageNotContaining("TOPSECRET");
  }

  @Test
  void theClustersOwnAuthoritiesStayAndTheConfigMapKeepsItsName() {
    List<Emitted> files = Kind.CA.emit(with(Optional.of(ConfigMap.parse(OLD)), Optional.empty()));

    JsonNode map = Schemas.valid(files.getFirst().text());
    assertThat(map.path("metadata").toString())
        .isEqualTo("{\"name\":\"registry-cas\",\"namespace\":\"openshift-config\"}");
    assertThat(map.path("data").path("other.example.com..8443").asText()).isEqualTo(Fixture.certificate("other").pem());
    assertThat(map.path("data").path("mirror.example.com..5000").asText())
        .isEqualTo(Fixture.AUTHORITY.pem() + Fixture.certificate("old").pem());
    assertThat(Schemas.valid(files.getLast().text()).at("/spec/additionalTrustedCA/name").asText())
        .isEqualTo("registry-cas");
  }

  @Test
  void anAuthorityIsAddedOnce() {
    ConfigMap known = new ConfigMap("cas", "openshift-config",
        Map.of("mirror.example.com..5000", Fixture.AUTHORITY.pem().replace("\n", "\r\n")));
    JsonNode map = Schemas.valid(Kind.CA.emit(with(Optional.of(known), Optional.empty())).getFirst().text());

    assertThat(map.path("data").path("mirror.example.com..5000").asText()).isEqualTo(Fixture.AUTHORITY.pem());
  }

  @ParameterizedTest
  @CsvSource({"'a: [',is neither YAML nor JSON", "kind: Secret,is no ConfigMap",
      "'{kind: ConfigMap, binaryData: {a: b}}',binaryData"})
  void whatIsNoConfigMapIsRefused(String text, String because) {
    assertThatThrownBy(() -> ConfigMap.parse(text)).isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(because);
  }

  @ParameterizedTest
  @CsvSource({"mirror.example.com,mirror.example.com:5000,mirror.example.com..5000",
      "Mirror.Example.com:8443,mirror.example.com:8443,mirror.example.com..8443",
      "mirror.example.com:443,mirror.example.com,mirror.example.com", "10.0.0.1:5000,10.0.0.1:5000,10.0.0.1..5000"})
  void theDoorIsWrittenAsImageNamesHaveIt(String text, String name, String key) {
    assertThat(Door.parse(text, 5000)).hasToString(name).returns(key, Door::authorityKey);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "[::1]:5000", "::1", "https://mirror.example.com", "mirror.example.com/path", "a_b",
      "a:0",
      "a:99999"})
  void whatClustersCannotUseIsNoDoor(String text) {
    assertThatThrownBy(() -> Door.parse(text, 5000)).isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'" + text + "'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "4", "3.11", "4.x", "latest"})
  void whatIsNoVersionIsRefused(String text) {
    assertThatThrownBy(() -> ClusterVersion.parse(text)).hasMessageContaining("no version of OpenShift 4");
  }
}
