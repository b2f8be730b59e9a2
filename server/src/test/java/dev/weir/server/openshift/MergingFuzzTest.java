package dev.weir.server.openshift;

import org.junit.jupiter.api.Test;

import dev.weir.server.fuzz.Fuzzing;

import static org.assertj.core.api.Assertions.assertThat;

/** Whatever a person gives for a pull secret or a ConfigMap, it is merged or refused in a sentence, and no secret is told. */
class MergingFuzzTest {
  private static final String SECRET = "TOPSECRET";
  private static final String CONFIG = "{\"auths\": {\"quay.io\": {\"auth\": \"" + SECRET
      + "\", \"email\": \"e\"}, \"b\": {}}, \"x\": [1]}";
  private static final String MAP = """
      {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "n", "namespace": "openshift-config"},
       "data": {"a..5000": "-----BEGIN CERTIFICATE-----\\nAAAA\\n-----END CERTIFICATE-----\\n"}}
      """;

  @Test
  void pullSecrets() {
    Fuzzing.run(1, noise -> {
      try {
        PullSecretFile before = PullSecretFile.parse(noise.damaged(CONFIG));
        PullSecretFile after = before.with(Door.parse("weir.example.com", 5000), new Login("u", "p"));
        assertThat(after.entries()).isGreaterThanOrEqualTo(before.entries());
      } catch (IllegalArgumentException e) {
        assertThat(e.getMessage()).isNotEmpty().doesNotContain(SECRET);
      }
    });
  }

  @Test
  void configMaps() {
    Fuzzing.run(1, noise -> {
      try {
        ConfigMap map = ConfigMap.parse(noise.damaged(MAP));
        assertThat(Fixture.AUTHORITY.and(String.join("\n", map.data().values())).pem())
            .startsWith(Fixture.AUTHORITY.pem());
      } catch (IllegalArgumentException e) {
        assertThat(e.getMessage()).isNotEmpty();
      }
    });
  }
}
