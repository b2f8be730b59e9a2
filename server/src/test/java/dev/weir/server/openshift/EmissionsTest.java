package dev.weir.server.openshift;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import dev.weir.server.cli.Mentioned;
import dev.weir.server.release.PullSpec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

final class EmissionsTest {
  private static Stream<Arguments> everyKindForEveryCluster() {
    List<Transport> transports = List.of(new Transport.Authority(Fixture.AUTHORITY), new Transport.Plain(),
        new Transport.Trusted());
    List<ClusterVersion> versions = List.of(ClusterVersion.parse("4.4.10"), ClusterVersion.parse("4.12"),
        ClusterVersion.parse("4.13.1"), ClusterVersion.parse("4.16.17"), ClusterVersion.CURRENT);
    return Arrays.stream(Kind.values())
        .flatMap(kind -> transports.stream().flatMap(transport -> versions.stream().flatMap(
            version -> Stream.of(true, false).map(only -> Arguments.of(kind, transport, version, only)))));
  }

  private static List<Emitted> emit(Kind kind, Site site) {
    return kind.emit(Fixture.inputs(site));
  }

  private static Emitted only(List<Emitted> files, String path) {
    return files.stream().filter(file -> file.path().equals(path)).findFirst()
        .orElseThrow(() -> new AssertionError(path + " is not among " + files.stream().map(Emitted::path).toList()));
  }

  @ParameterizedTest
  @MethodSource("everyKindForEveryCluster")
  void everyManifestIsWhatItsKindsSchemaTakesAndSaysWhatItDoes(Kind kind, Transport transport, ClusterVersion version,
      boolean mirrorsOnly) {
    Inputs inputs = Fixture.inputs(Fixture.site(transport, version, mirrorsOnly));
    if (kind.lacks(inputs).isPresent()) {
      return;
    }
    List<Emitted> files = kind.emit(inputs);

    assertThat(files).isNotEmpty();
    for (Emitted file : files) {
      if (file.isManifest() || file.path().contains("assisted")) {
        Schemas.valid(file.text());
      }
      Mentioned.whole(file.text()).forEach(Mentioned::parse);
      if (!file.path().endsWith(".json")) {
        assertThat(file.text()).startsWith("# What: ").contains("\n# How:  ");
      }
    }
  }

  @Test
  void releasesAreNamedOneByOneBesideTheWholeRegistries() {
    JsonNode set = Schemas.valid(only(emit(Kind.MIRRORS, Fixture.site()), MirrorSets.DIGESTS).text());

    assertThat(set.path("spec").path("imageDigestMirrors").toString()).isEqualTo(
        """
            [{"source":"quay.io/openshift-release-dev/ocp-release","mirrors":[\
            "mirror.example.com:5000/quay.io/openshift-release-dev/ocp-release","mirror.example.com:5000/ocp4/openshift4"]},\
            {"source":"quay.io/openshift-release-dev/ocp-v4.0-art-dev","mirrors":[\
            "mirror.example.com:5000/quay.io/openshift-release-dev/ocp-v4.0-art-dev"]},\
            {"source":"quay.io","mirrors":["mirror.example.com:5000/quay.io"]},\
            {"source":"registry.redhat.io","mirrors":["mirror.example.com:5000/registry.redhat.io"]},\
            {"source":"docker.io","mirrors":["mirror.example.com:5000/docker.io"]},\
            {"source":"registry.example.net:5999","mirrors":["mirror.example.com:5000/hub"]}]""");
  }

  @Test
  void releasesThatWerePushedSomewhereAreLookedForThereFirst() {
    List<Source> sources = Sources.of(List.of(new Sources.Upstream("quay.io", "quay.io")), List.of(),
        Optional.of("ocp4/openshift4"));

    assertThat(sources.getFirst().paths()).containsExactly("ocp4/openshift4",
        "quay.io/openshift-release-dev/ocp-release");
  }

  @ParameterizedTest
  @CsvSource({"4.12.99, old", "4.13, clash", "4.13.0-rc.1, clash", "4.13.26, clash", "4.13.27, free", "4.13.100, free",
      "4.14.2, clash", "4.14.3, free", "4.15.0, free", "4.20, free"})
  void whichMirrorSetsAndWhetherOldPoliciesAreInTheirWayFollowsFromTheVersionToThePatch(String version, String what) {
    List<Emitted> files = emit(Kind.MIRRORS,
        Fixture.site(new Transport.Trusted(), ClusterVersion.parse(version), false));

    assertThat(files).extracting(Emitted::path).contains(what.equals("old") ? MirrorSets.OLD : MirrorSets.DIGESTS);
    assertThat(files.getFirst().text().contains("oc adm migrate icsp")).isEqualTo(what.equals("clash"));
  }

  @Test
  void aClusterUpTo412HasItsOldKinds() {
    Site old = Fixture.site(new Transport.Trusted(), ClusterVersion.parse("4.12.40"), false);

    assertThat(emit(Kind.MIRRORS, old)).extracting(Emitted::path).containsExactly(MirrorSets.OLD);
    assertThat(emit(Kind.INSTALL_CONFIG, old).getFirst().text()).contains("\nimageContentSources:\n")
        .doesNotContain("imageDigestSources");
    assertThat(emit(Kind.CATALOGS, old)).noneMatch(file -> file.text().contains("ClusterCatalog"));
  }

  @Test
  void whatAnOldClusterCannotBeToldIsNotDroppedInSilence() {
    Inputs old = Fixture.inputs(Fixture.site(new Transport.Trusted(), ClusterVersion.parse("4.12.40"), true));

    assertThat(Kind.MIRRORS.lacks(old)).get().asString().startsWith("mirrors cannot say --never-contact-source");
    assertThatThrownBy(() -> Kind.MIRRORS.emit(old)).hasMessageContaining("before 4.13");
  }

  @Test
  void whoeverHasMirrorsAlreadyIsToldToLookAtThemFirst() {
    Site old = Fixture.site(new Transport.Trusted(), ClusterVersion.parse("4.12"), false);

    assertThat(Stream.concat(emit(Kind.MIRRORS, Fixture.site()).stream(), emit(Kind.MIRRORS, old).stream())).hasSize(3)
        .allMatch(file -> file.text().contains(
            "# When: after a look at what mirrors the cluster has: oc get idms,itms,imagecontentsourcepolicy\n#       A"));
  }

  @Test
  void theInstallerIsToldOfTheAuthorityAsABlockOfLines() {
    String text = emit(Kind.INSTALL_CONFIG, Fixture.site()).getFirst().text();

    assertThat(text).contains("additionalTrustBundle: |\n  -----BEGIN CERTIFICATE-----\n", "\nimageDigestSources:\n",
        "pullSecret: ");
    assertThat(Yaml.parse(text).path("additionalTrustBundle").asText()).isEqualTo(Fixture.AUTHORITY.pem());
  }

  @Test
  void whatHoldsCredentialsIsForItsOwnerAlone() {
    Inputs inputs = Fixture.inputs(Fixture.site());

    for (Kind kind : Kind.values()) {
      for (Emitted file : kind.emit(inputs)) {
        boolean holds = file.text().contains("pullSecret:") || file.path().contains("pull-secret");
        assertThat(file.secret()).as(file.path()).isEqualTo(holds);
        assertThat(file.text()).doesNotContain("s3cret");
      }
    }
  }

  @Test
  void signaturesAreNumberedUnderTheReleasesName() {
    JsonNode map = Schemas.valid(emit(Kind.SIGNATURES, Fixture.site()).getFirst().text());

    String name = "sha256-" + Fixture.RELEASE.hex();
    assertThat(map.path("metadata").toString()).isEqualTo("{\"name\":\"" + name
        + "\",\"namespace\":\"openshift-config-managed\",\"labels\":{\"release.openshift.io/verification-signatures\":\"\"}}");
    assertThat(map.path("binaryData").toString())
        .isEqualTo("{\"" + name + "-1\":\"b25l\",\"" + name + "-2\":\"dHdv\"}");
  }

  @Test
  void aCatalogIsNamedAsWeirHasItAndPolledForOnlyByTag() {
    List<Emitted> files = emit(Kind.CATALOGS, Fixture.site());

    JsonNode byTag = Schemas.valid(only(files, "51-cs-redhat-operator-index-v4-16.yaml").text());
    assertThat(byTag.path("spec").path("image").asText())
        .isEqualTo("mirror.example.com:5000/registry.redhat.io/redhat/redhat-operator-index:v4.16");
    String hex = Fixture.RELEASE.hex().substring(0, 12);
    assertThat(only(files, "51-cs-index-" + hex + ".yaml").text()).doesNotContain("registryPoll");
    assertThat(only(files, "52-cc-index-" + hex + ".yaml").text()).doesNotContain("pollIntervalMinutes");
  }

  @Test
  void catalogsThatAreNamedAlikeOrAtLengthHaveNamesOfTheirOwn() {
    Inputs inputs = Fixture.inputs(Fixture.site());
    String longName = "quay.io/a/" + "long".repeat(20) + ":v1";
    List<Emitted> files = Catalogs.of(inputs.site(), List.of(PullSpec.parse("quay.io/a/index:v1"),
        PullSpec.parse("quay.io/b/index:v1"), PullSpec.parse(longName), PullSpec.parse("quay.io/a/other:v1")));

    List<String> names = files.stream().filter(file -> file.path().startsWith("51-"))
        .map(file -> Schemas.valid(file.text()).at("/metadata/name").asText()).toList();
    assertThat(names).hasSize(4).doesNotHaveDuplicates().allMatch(name -> name.length() <= 63)
        .contains("cs-other-v1");
    assertThat(names.getFirst()).matches("cs-index-v1-[0-9a-f]{8}");
  }

  @Test
  void aCatalogThatCannotComeThroughThisWeirIsRefused() {
    Inputs inputs = Fixture.inputs(Fixture.site());
    Inputs elsewhere = new Inputs(inputs.site(), inputs.login(), inputs.pullSecret(), inputs.authorities(),
        Optional.empty(), List.of(PullSpec.parse("ghcr.io/org/index:v1")), List.of(), Optional.empty(), Set.of(),
        Optional.empty(), Optional.empty());

    assertThatThrownBy(() -> Kind.CATALOGS.emit(elsewhere))
        .hasMessage("weir has no upstream for the catalog ghcr.io/org/index:v1: add ghcr.io to its upstreams");
    assertThatThrownBy(() -> Kind.SAMPLES.emit(elsewhere)).hasMessageStartingWith("samples needs the ConfigMap");
    assertThatThrownBy(() -> Kind.parse("itms")).hasMessageContaining("'itms' is nothing that weir can say");
  }

  @Test
  void theUpdateServiceLooksOnlyWhereReleasesWerePushedAndIsGivenTheAuthority() {
    JsonNode spec = Schemas.valid(emit(Kind.UPDATE_SERVICE, Fixture.site()).getFirst().text()).path("spec");

    assertThat(spec.path("releases").asText()).isEqualTo("mirror.example.com:5000/ocp4/openshift4");
    assertThat(spec.path("graphDataImage").asText())
        .isEqualTo("mirror.example.com:5000/openshift/graph-image:latest");
    assertThat(
        Schemas.valid(emit(Kind.CA, Fixture.site()).getFirst().text()).path("data").path("updateservice-registry")
            .asText())
        .isEqualTo(Fixture.AUTHORITY.pem());
    assertThat(new UpdateService("quay.io/org/graph@" + Fixture.RELEASE, "r").emitted(Fixture.site()).getFirst().text())
        .contains("graphDataImage: mirror.example.com:5000/quay.io/org/graph@sha256:");
    assertThatThrownBy(() -> new UpdateService("openshift/graph-image", "r").emitted(Fixture.site()))
        .hasMessageContaining("Add a tag");
    assertThatThrownBy(() -> new UpdateService("ghcr.io/org/graph:1", "r").emitted(Fixture.site()))
        .hasMessageContaining("add ghcr.io to its upstreams");
  }

  @Test
  void anImageStreamIsSkippedWhereNoTagOfItIsHeld() {
    Emitted file = emit(Kind.SAMPLES, Fixture.site()).getFirst();
    JsonNode spec = Schemas.valid(file.text()).path("spec");

    assertThat(spec.path("samplesRegistry").asText()).isEqualTo("mirror.example.com:5000/registry.redhat.io");
    assertThat(spec.path("skippedImagestreams").toString()).isEqualTo("[\"perl\"]");
    assertThat(file.text()).contains("1 of 3 images are held",
        "not held: registry.redhat.io/rhscl/ruby-26-rhel7:latest");
  }

  @Test
  void anImageOfTwoStreamsIsWantedByBothAndATagMayHaveUnderscores() {
    String image = "registry.redhat.io/rhscl/perl:latest";
    Samples samples = new Samples(Map.of("perl_5.26_ubi8", image, "other_1", image));

    assertThat(samples.wanted(Fixture.site()).values()).containsExactly(Set.of("other", "perl"));
    assertThat(samples.emitted(Fixture.site(), Set.of()).getFirst().text())
        .contains("skippedImagestreams:\n  - other\n  - perl\n", "| weir precache -f -\n");
  }

  @Test
  void theRegistrysOtherStorageIsTakenAwayWhereItGetsAClaim() {
    JsonNode spec = Schemas.valid(emit(Kind.IMAGE_REGISTRY, Fixture.site()).getLast().text()).path("spec");

    assertThat(spec.path("storage").path("pvc").path("claim").asText()).isEqualTo("image-registry-storage");
    assertThat(List.of("emptyDir", "s3", "gcs", "swift", "azure", "ibmcos", "oss"))
        .allMatch(other -> spec.path("storage").has(other) && spec.path("storage").path(other).isNull());
    assertThat(spec.has("replicas")).isFalse();
  }

  @Test
  void anUpdateToAnImageSaysThatItIsWanted() {
    assertThat(emit(Kind.SIGNATURES, Fixture.site()).getFirst().text())
        .contains("oc adm upgrade --allow-explicit-upgrade --to-image=quay.io/");
  }

  @Test
  void assistedServiceIsGivenPartsOfRegistriesAlone() {
    String toml = Schemas.valid(emit(Kind.ASSISTED, Fixture.site()).getFirst().text()).path("data")
        .path("registries.conf").asText();

    assertThat(toml.lines().filter(line -> line.startsWith("location = "))).isNotEmpty()
        .allMatch(line -> line.contains("/"));
    assertThat(toml).contains("mirror-by-digest-only = true",
        "prefix = \"registry.redhat.io/rhacm2\"\nlocation = \"registry.redhat.io/rhacm2\"");
  }

  @Test
  void aWeirWithoutTlsIsNamedAsSuchWhereverItMatters() {
    Site plain = Fixture.site(new Transport.Plain(), ClusterVersion.CURRENT, true);

    assertThat(emit(Kind.CA, plain).getFirst().text()).contains("insecureRegistries:\n    - mirror.example.com:5000");
    assertThat(emit(Kind.REGISTRIES_CONF, plain).getFirst().text()).contains("insecure = true", "blocked = true");
    assertThat(only(emit(Kind.HOSTS_TOML, plain), "hosts/containerd/certs.d/docker.io/hosts.toml").text())
        .contains("[host.\"http://mirror.example.com:5000\"]").doesNotContain("registry-1");
  }

  @Test
  void containerdIsToldOfRegistriesThatWeirKnowsByTheirOwnNames() {
    assertThat(emit(Kind.HOSTS_TOML, Fixture.site())).extracting(Emitted::path).containsExactly(
        "hosts/containerd/certs.d/quay.io/hosts.toml", "hosts/containerd/certs.d/registry.redhat.io/hosts.toml",
        "hosts/containerd/certs.d/docker.io/hosts.toml");
  }
}
