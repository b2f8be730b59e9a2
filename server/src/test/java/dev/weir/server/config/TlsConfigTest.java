package dev.weir.server.config;

import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.weir.server.tls.TlsSettings;
import dev.weir.server.tls.TlsSettings.ClientAuthentication;

import static org.assertj.core.api.Assertions.assertThat;

class TlsConfigTest {
  @Test
  void registry2sVariablesAreEnough() throws ConfigException {
    WeirConfig config = Configs.load("", Map.of("REGISTRY_HTTP_TLS_CERTIFICATE", "/certs/d.crt",
        "REGISTRY_HTTP_TLS_KEY", "/certs/d.key")).config();
    TlsConfig tls = config.http().tls().orElseThrow();
    assertThat(tls.files().orElseThrow().certificate()).hasToString("/certs/d.crt");
    assertThat(tls.settings()).isEqualTo(TlsSettings.DEFAULT);
  }

  @Test
  void clientCasAloneMeanThatEveryClientShowsACertificate() throws ConfigException {
    TlsConfig tls = Configs.load("http: {tls: {auto: true}}", Map.of("REGISTRY_HTTP_TLS_CLIENTCAS_0", "/ca")).config()
        .http().tls().orElseThrow();
    assertThat(tls.settings().clients()).isEqualTo(ClientAuthentication.REQUIRED);
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {"certificate: /c|http.tls.key: a certificate and its key",
      "key: /k|http.tls.certificate: a certificate and its key",
      "auto: true, certificate: /c, key: /k|http.tls.auto: weir issues its own certificate or",
      "clientcas: [/ca]|over TLS only", "clientauth: verify-client-cert-if-given|over TLS only",
      "auto: true, clientauth: require-and-verify-client-cert|clientcas says whose",
      "auto: true, clientcas: [/c], clientauth: require-any-client-cert|require-and-verify-client-cert or",
      "auto: true, minimumtls: ssl3|tls1.2 or tls1.3", "auto: true, provider: openssl|auto or jdk",
      "auto: true, ciphersuites: [RC4]|a cipher suite by the name that Go gives it",
      "letsencrypt: {email: e}|weir asks nobody for certificates", "letsencrypt: {hosts: [h]}|asks nobody",
      "auto: true, clientca: [/c]|no such key; did you mean clientcas?"})
  void whatCannotBeIsExplained(String settings, String sentence) {
    assertThat(Configs.problems("http: {tls: {" + settings + "}}")).singleElement().asString()
        .startsWith("test.yml:1: http.tls.").contains(sentence);
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {"auto: true, minimumtls: tls1.0|nothing older", "minimumtls: tls1.3|plain HTTP"})
  void whatHasAnotherEffectThanTheWordsIsSaid(String settings, String sentence) throws ConfigException {
    assertThat(Configs.load("http: {tls: {" + settings + "}}").warnings()).singleElement().asString()
        .startsWith("test.yml:1: http.tls.minimumtls: ").contains(sentence);
  }

  @Test
  void keysNeverLieAmongTheData() throws ConfigException {
    String data = "storage: {filesystem: {rootdirectory: /var/lib/weir}}\n";
    assertThat(Configs.problems(data + "http: {tls: {auto: true}}")).singleElement().asString()
        .contains("certs.path: /var/lib/weir/certs lies in the root of the data, /var/lib/weir");
    assertThat(Configs.problems(data + "certs: {path: /var/lib/weir/x/../y}")).hasSize(1);
    assertThat(Configs.load(data).warnings()).as("nothing is kept there").isEmpty();
  }
}
