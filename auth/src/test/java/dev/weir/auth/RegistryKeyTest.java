package dev.weir.auth;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class RegistryKeyTest {
  @ParameterizedTest
  @CsvSource({"quay.io, quay.io", "https://quay.io, quay.io", "http://quay.io/, quay.io", "Quay.IO, quay.io",
      "https://quay.io/v2/, quay.io", "https://index.docker.io/v1/, docker.io", "index.docker.io/v1, docker.io",
      "registry-1.docker.io, docker.io", "docker.io, docker.io", "host:5000, host:5000",
      "https://host:5000/v1, host:5000", "quay.io/openshift-release-dev/, quay.io/openshift-release-dev",
      "quay.io/v2, quay.io/v2", "docker.io/library, docker.io/library"})
  void oldNamesAndUrlsBecomeHostAndPath(String written, String key) {
    assertThat(RegistryKey.normalize(written)).isEqualTo(key);
  }
}
