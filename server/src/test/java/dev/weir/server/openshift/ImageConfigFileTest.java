package dev.weir.server.openshift;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** What the cluster's image configuration says already stays. */
class ImageConfigFileTest {
  private static final String DOOR = "mirror.example.com:5000";

  private static ImageConfigFile before(String spec) {
    return ImageConfigFile.parse("""
        apiVersion: config.openshift.io/v1
        kind: Image
        metadata: {name: cluster, resourceVersion: "7"}
        spec: %s
        status: {internalRegistryHostname: x}
        """.formatted(spec));
  }

  private static List<Emitted> emit(Transport transport, Optional<ConfigMap> authorities, String spec) {
    Site site = Fixture.site(transport, ClusterVersion.CURRENT, false);
    return Kind.CA.emit(new Inputs(site, Optional.empty(), Optional.empty(), authorities, Optional.of(before(spec)),
        List.of(), List.of(), Optional.empty(), Set.of(), Optional.empty(), Optional.empty()));
  }

  private static JsonNode sources(List<Emitted> files) {
    return Schemas.valid(files.getLast().text()).at("/spec/registrySources");
  }

  @Test
  void insecureRegistriesOfTheClusterStayBesideThisOne() {
    List<Emitted> files = emit(new Transport.Plain(), Optional.empty(),
        "{registrySources: {insecureRegistries: [lab.example.com, 'other:5000']}}");

    assertThat(sources(files).path("insecureRegistries")).extracting(JsonNode::asText).containsExactly(
        "lab.example.com", "other:5000", DOOR);
    assertThat(sources(files).has("allowedRegistries")).isFalse();
    assertThat(files.getLast().text()).contains("what the cluster's list held before is among it");
    assertThat(sources(emit(new Transport.Plain(), Optional.empty(),
        "{registrySources: {insecureRegistries: ['" + DOOR + "']}}")).path("insecureRegistries")).hasSize(1);
  }

  @Test
  void whereOnlySomeRegistriesAreAllowedThisOneIsAddedWhateverItsCertificate() {
    String some = "{registrySources: {allowedRegistries: [quay.io, registry.redhat.io]}}";
    for (Transport transport : List.of(new Transport.Plain(), new Transport.Trusted(),
        new Transport.Authority(Fixture.AUTHORITY))) {
      assertThat(sources(emit(transport, Optional.of(ConfigMap.NONE), some)).path("allowedRegistries"))
          .extracting(JsonNode::asText).containsExactly("quay.io", "registry.redhat.io", DOOR);
    }
  }

  @Test
  void whatContradictsItIsRefused() {
    assertThatThrownBy(() -> emit(new Transport.Plain(), Optional.empty(),
        "{registrySources: {blockedRegistries: ['" + DOOR + "']}}"))
        .hasMessageContaining("blocks " + DOOR).hasMessageContaining("blockedRegistries first");
    String named = "{additionalTrustedCA: {name: site-cas}}";
    Transport ours = new Transport.Authority(Fixture.AUTHORITY);
    assertThatThrownBy(() -> emit(ours, Optional.of(ConfigMap.NONE), named))
        .hasMessageContaining("names the ConfigMap site-cas").hasMessageContaining("--no-ca-configmap");
    assertThatThrownBy(() -> emit(ours, Optional.of(new ConfigMap("others", "openshift-config", Map.of())), named))
        .hasMessageContaining("--ca-configmap has others");
    assertThat(emit(ours, Optional.of(new ConfigMap("site-cas", "openshift-config", Map.of())), named)).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"kind: ConfigMap", "{kind: Image, apiVersion: image.openshift.io/v1}", "a: ["})
  void whatIsNoImageConfigurationIsRefused(String text) {
    assertThatThrownBy(() -> ImageConfigFile.parse(text)).isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("is n");
  }
}
