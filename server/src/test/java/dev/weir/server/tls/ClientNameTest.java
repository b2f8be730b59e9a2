package dev.weir.server.tls;

import java.nio.file.Path;

import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class ClientNameTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {"node-7|node-7", "a b, O=x|a b", "*|CN=*", "anonymous|CN=anonymous", "-|CN=-"})
  void commonNameIsTheUserUnlessItMeansSomethingElse(String commonName, String user) throws Exception {
    assertThat(ClientName.of(TestCertificates.in(folder).client(commonName).certificate())).isEqualTo(user);
  }
}
