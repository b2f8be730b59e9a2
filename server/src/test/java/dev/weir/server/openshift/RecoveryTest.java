package dev.weir.server.openshift;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;

import dev.weir.server.cli.Mentioned;

import static org.assertj.core.api.Assertions.assertThat;

final class RecoveryTest {
  private static List<Emitted> recover(Transport transport, Optional<Login> login, Optional<ConfigMap> authorities) {
    Site site = Fixture.site(transport, ClusterVersion.CURRENT, false);
    return Recovery.of(new Inputs(site, login, login.map(known -> PullSecretFile.parse("{}")), authorities,
        Optional.empty(), List.of(),
        List.of(), Optional.empty(),
        Set.of(), Optional.empty(), Optional.empty()));
  }

  private static final Transport OURS = new Transport.Authority(Fixture.AUTHORITY);

  private static String steps(List<Emitted> files) {
    assertThat(files.getFirst().path()).isEqualTo("RECOVER.txt");
    return files.getFirst().text();
  }

  @Test
  void everythingLostIsToldOfAnewInTheOrderInWhichItHelps() {
    List<Emitted> files = recover(OURS, Optional.of(new Login("cluster", "new")),
        Optional.of(ConfigMap.NONE));

    assertThat(files).extracting(Emitted::path).containsExactly("RECOVER.txt", "10-pull-secret.yaml",
        "data/pull-secret.json", "20-ca.yaml", "21-image-config.yaml", "if-renamed/30-imagedigestmirrorset.yaml",
        "if-renamed/31-imagetagmirrorset.yaml", "last-resort/80-machineconfig-master.yaml",
        "last-resort/80-machineconfig-worker.yaml");
    assertThat(files.get(5).text()).contains("oc apply -f if-renamed/30-imagedigestmirrorset.yaml");
    assertThat(steps(files)).containsSubsequence("weir verify --release", "oc set data secret/pull-secret",
        "oc apply -f 20-ca.yaml", "--patch-file=21-image-config.yaml", "podman pull", "Only if nodes still say",
        "oc apply -f last-resort/80-machineconfig-master.yaml");
    files.stream().filter(Emitted::isManifest).forEach(file -> Schemas.valid(file.text()));
    files.forEach(file -> Mentioned.whole(file.text()).forEach(Mentioned::parse));
    assertThat(Mentioned.whole(steps(files))).contains(List.of("verify", "--release", "VERSION-ARCH"));
    assertThat(Mentioned.unknownOptions(steps(files))).isEmpty();
  }

  @Test
  void theNodesOwnAuthorityIsWrittenForAllToReadAndGatheredAtEachBoot() throws IOException {
    Emitted file = recover(OURS, Optional.empty(), Optional.empty()).getLast();
    JsonNode written = Schemas.valid(file.text()).at("/spec/config/storage/files/0");

    JsonNode unit = Schemas.valid(file.text()).at("/spec/config/systemd/units/0");
    assertThat(unit.path("enabled").asBoolean()).isTrue();
    assertThat(unit.path("contents").asText()).as("as it is shipped for hosts")
        .isEqualTo(Files.readString(Path.of("../conf/openshift", unit.path("name").asText())))
        .contains("ConditionPathExists=" + written.path("path").asText() + "\n");
    assertThat(written.path("mode").asInt()).isEqualTo(0644);
    assertThat(written.path("path").asText()).isEqualTo("/etc/pki/ca-trust/source/anchors/weir-ca.crt");
  }

  @Test
  void whatWasKeptNeedsNothing() {
    ConfigMap known = new ConfigMap("cas", "openshift-config",
        Map.of("mirror.example.com..5000", Fixture.certificate("old").pem() + Fixture.AUTHORITY.pem()));
    List<Emitted> files = recover(OURS, Optional.empty(), Optional.of(known));

    assertThat(files).extracting(Emitted::path).containsExactly("RECOVER.txt",
        "if-renamed/30-imagedigestmirrorset.yaml", "if-renamed/31-imagetagmirrorset.yaml");
    assertThat(steps(files)).contains("Credentials: nothing to do", "CA: nothing to do");
  }

  @Test
  void withoutTheClustersPullSecretNoneIsWrittenThatWouldTakeItsPlace() {
    Inputs lacking = new Inputs(Fixture.site(), Optional.of(new Login("cluster", "new")), Optional.empty(),
        Optional.empty(), Optional.empty(), List.of(), List.of(), Optional.empty(), Set.of(), Optional.empty(),
        Optional.empty());

    assertThat(Recovery.of(lacking)).extracting(Emitted::path).doesNotContain("10-pull-secret.yaml",
        "data/pull-secret.json");
    assertThat(steps(Recovery.of(lacking))).contains("all of its other entries would be lost");
    assertThat(Kind.PULL_SECRET.lacks(lacking)).get().asString().contains("--pull-secret");
  }

  @Test
  void anAuthorityOfAnotherWeirIsNotTakenForThisOnes() {
    ConfigMap other = new ConfigMap("cas", "openshift-config",
        Map.of("mirror.example.com..5000", Fixture.certificate("old").pem()));

    List<Emitted> files = recover(OURS, Optional.empty(), Optional.of(other));
    assertThat(files).extracting(Emitted::path).contains("20-ca.yaml");
    assertThat(steps(files)).doesNotContain("which would be lost");
  }

  @Test
  void withoutTheClustersConfigMapNoneIsWrittenThatWouldTakeItsPlace() {
    List<Emitted> files = recover(OURS, Optional.empty(), Optional.empty());

    assertThat(files).extracting(Emitted::path).doesNotContain("20-ca.yaml", "21-image-config.yaml");
    assertThat(steps(files)).contains("all others would be lost", "'{.spec.additionalTrustedCA.name}'",
        "oc get configmap NAME -n openshift-config", "--no-ca-configmap");
  }

  @Test
  void theOtherAuthoritiesOfTheClusterStay() {
    ConfigMap known = new ConfigMap("cas", "openshift-config",
        Map.of("other.example.com", Fixture.certificate("other").pem()));
    List<Emitted> files = recover(OURS, Optional.empty(), Optional.of(known));

    JsonNode map = Schemas.valid(files.get(1).text());
    assertThat(map.at("/metadata/name").asText()).isEqualTo("cas");
    assertThat(map.path("data").path("other.example.com").asText()).isEqualTo(Fixture.certificate("other").pem());
  }

  @Test
  void aNodesOwnCredentialsAreNeverEditedByHand() {
    String steps = steps(recover(OURS, Optional.of(new Login("cluster", "new")), Optional.of(ConfigMap.NONE)));

    assertThat(steps).containsSubsequence("Only if oc does not answer", "Touch nothing in /var/lib/kubelet",
        "scp data/pull-secret.json", "podman pull --authfile /root/weir-auth.json", "Give the cluster its login")
        .doesNotContain("the entry for");
  }

  @Test
  void aWeirWithoutTlsIsNotPromisedToBeTakenWithoutDrainingNodes() {
    assertThat(steps(recover(new Transport.Plain(), Optional.empty(), Optional.empty())))
        .contains("Each node is drained for it").doesNotContain("without a reboot");
  }

  @Test
  void aCertificateThatEverybodyTrustsNeedsNothingOnNodes() {
    assertThat(recover(new Transport.Trusted(), Optional.empty(), Optional.empty())).extracting(Emitted::path)
        .containsExactly("RECOVER.txt", "if-renamed/30-imagedigestmirrorset.yaml",
            "if-renamed/31-imagetagmirrorset.yaml");
  }
}
