package dev.weir.server.imageset;

import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

final class ResolutionTest {
  private static final String INDEX = "registry.redhat.io/redhat/redhat-operator-index:v4.16";
  /** 4.16.1 to 4.16.5; from each the next two can be reached, but for .4, which nothing leads to without a risk. */
  private static final String GRAPH = """
      {"nodes": [%s],
       "edges": [[0,1],[0,2],[1,2],[2,4]], "conditionalEdges": [{"edges": [{"from": "4.16.3", "to": "4.16.4"}]}]}
      """.formatted(String.join(",", Stream.of(1, 2, 3, 4, 5).map(ResolutionTest::node).toList()));

  private static String node(int patch) {
    return "{\"version\": \"4.16." + patch + "\", \"payload\": \"" + payload(patch) + "\"}";
  }

  private static String payload(int patch) {
    return "quay.io/openshift-release-dev/ocp-release@sha256:" + String.valueOf(patch).repeat(64);
  }

  private static String operator(String name) {
    return """
        {"schema": "olm.package", "name": "%1$s", "defaultChannel": "stable", "icon": {"base64data": "%2$s"}}
        {"schema": "olm.channel", "package": "%1$s", "name": "stable", "entries": [
          {"name": "%1$s.v1.0.0"}, {"name": "%1$s.v1.1.0", "replaces": "%1$s.v1.0.0"},
          {"name": "%1$s.v1.2.0", "replaces": "%1$s.v1.1.0", "skips": ["%1$s.v1.0.9"]}]}
        {"schema": "olm.channel", "package": "%1$s", "name": "fast", "entries": [{"name": "%1$s.v2.0.0-rc.1"}]}
        {"schema": "olm.deprecations", "package": "%1$s", "entries": [{"reference": {"schema": "olm.package"}}]}
        """.formatted(name, "A".repeat(5_000)) + bundle(name, "1.0.0") + bundle(name, "1.1.0") + bundle(name, "1.2.0")
        + bundle(name, "2.0.0-rc.1");
  }

  private static String bundle(String name, String version) {
    return """
        {"relatedImages": [{"name": "", "image": "registry.redhat.io/%1$s/worker:%2$s"},
                           {"name": "x", "image": "registry.redhat.io/common/proxy:1"}, {"name": "none", "image": ""}],
         "properties": [{"type": "olm.gvk", "value": {"group": "g", "version": "v1"}},
           {"value": {"packageName": "%1$s", "version": "%2$s"}, "type": "olm.package"},
           {"type": "olm.csv.metadata", "value": {"description": "%3$s"}}],
         "image": "registry.redhat.io/%1$s/bundle:%2$s", "package": "%1$s", "name": "%1$s.v%2$s", "schema": "olm.bundle"}
        """
        .formatted(name, version, "B".repeat(20_000));
  }

  private static final String YAML_OPERATOR = """
      ---
      schema: olm.package
      name: yaml-operator
      defaultChannel: alpha
      ---
      schema: olm.channel
      package: yaml-operator
      name: alpha
      entries:
      - name: yaml-operator.v0.1.0
      ---
      schema: olm.bundle
      package: yaml-operator
      name: yaml-operator.v0.1.0
      image: registry.redhat.io/yaml/bundle:0.1.0
      properties:
      - type: olm.package
        value:
          packageName: yaml-operator
          version: 0.1.0
      relatedImages:
      - name: ""
        image: registry.redhat.io/yaml/worker:0.1.0
      """;

  private static FakeSource source() throws IOException {
    return new FakeSource().graph("stable-4.16", "amd64", GRAPH).index(INDEX, "/configs",
        List.of(FakeSource.files("configs/ptp/catalog.json", "{\"schema\": \"olm.package\", \"name\": \"old\"}",
            "configs/gone/catalog.json", operator("gone"), "etc/passwd.json", "no JSON"),
            FakeSource.files("configs/ptp/catalog.json", operator("ptp"), "configs/sriov/catalog.json",
                operator("sriov"), "configs/.wh.gone", "", "configs/yaml/index.yaml", YAML_OPERATOR,
                "configs/README.md", "no JSON either")));
  }

  private static Resolved resolve(String mirror) throws IOException {
    return Resolution.of(ImageSetFile.parse("""
        apiVersion: mirror.openshift.io/v2alpha1
        kind: ImageSetConfiguration
        mirror:
        """ + mirror.indent(2)), source());
  }

  private static List<String> images(Resolved resolved, Wanted.Kind kind) {
    return resolved.images().stream().filter(each -> each.kind() == kind).map(each -> each.image().toString()).toList();
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {"minVersion: 4.16.2, maxVersion: 4.16.4|2,3,4", "maxVersion: 4.16.4|4", "|5",
      "full: true, maxVersion: 4.16.3|1,2,3", "minVersion: 4.16.1, shortestPath: true|1,3,5",
      "minVersion: '4.16'|1,2,3,4,5", "minVersion: 4.16.3|3,4,5"})
  void releasesOfAChannelAreChosenByTheirBounds(String bounds, String patches) throws IOException {
    Resolved resolved = resolve(
        "platform: {channels: [{name: stable-4.16" + (bounds == null ? "" : ", " + bounds) + "}]}");

    assertThat(resolved.unresolved()).isEmpty();
    assertThat(images(resolved, Wanted.Kind.RELEASE))
        .isEqualTo(Stream.of(patches.split(",")).map(Integer::valueOf).map(ResolutionTest::payload).toList());
    assertThat(resolved.images().getLast().reason()).startsWith("release 4.16.").endsWith(" (amd64)");
  }

  /** Each release can be updated to the next that is named here. */
  private static String graph(String... versions) {
    StringBuilder nodes = new StringBuilder();
    StringBuilder edges = new StringBuilder();
    for (int i = 0; i < versions.length; i++) {
      nodes.append(i == 0 ? "" : ", ").append("{\"version\": \"").append(versions[i])
          .append("\", \"payload\": \"quay.io/openshift-release-dev/ocp-release:").append(versions[i]).append("\"}");
      edges.append(i == 0 ? "" : ", [" + (i - 1) + ", " + i + "]");
    }
    return "{\"nodes\": [" + nodes + "], \"edges\": [" + edges.toString().replaceFirst("^, ", "") + "]}";
  }

  private static Resolved crossing(FakeSource source, String more) throws IOException {
    return Resolution.of(ImageSetFile.parse("""
        apiVersion: mirror.openshift.io/v2alpha1
        kind: ImageSetConfiguration
        mirror:
          platform:
            channels:
            - {name: stable-4.14, minVersion: 4.14.8, maxVersion: 4.14.9}
            - {name: stable-4.16, minVersion: 4.16.3, maxVersion: 4.16.4%s}
        """.formatted(more)), source);
  }

  private static List<String> versions(Resolved resolved) {
    return images(resolved, Wanted.Kind.RELEASE).stream().map(each -> each.substring(each.lastIndexOf(':') + 1))
        .sorted().toList();
  }

  @Test
  void betweenChannelsTheShortestWayIsTakenOverTheChannelsBetween() throws IOException {
    FakeSource source = new FakeSource().graph("stable-4.14", "amd64", graph("4.14.7", "4.14.8", "4.14.9"))
        .graph("stable-4.15", "amd64", graph("4.14.9", "4.15.1", "4.15.5", "4.15.6"))
        .graph("stable-4.16", "amd64", graph("4.15.1", "4.16.2", "4.16.3", "4.16.4"));

    Resolved resolved = crossing(source, "");
    assertThat(resolved.unresolved()).isEmpty();
    assertThat(versions(resolved)).containsExactly("4.14.8", "4.14.9", "4.15.1", "4.16.2", "4.16.3", "4.16.4");
  }

  @Test
  void withoutAWayBetweenChannelsWhatIsNamedIsTakenAndTheWayIsMissedWhereOneIsAskedFor() throws IOException {
    FakeSource blocked = new FakeSource().graph("stable-4.14", "amd64", graph("4.14.8", "4.14.9"))
        .graph("stable-4.15", "amd64", graph("4.15.1", "4.15.5"))
        .graph("stable-4.16", "amd64", graph("4.16.3", "4.16.4"));
    assertThat(crossing(blocked, "").unresolved()).isEmpty();
    assertThat(versions(crossing(blocked, ""))).containsExactly("4.14.8", "4.14.9", "4.16.3", "4.16.4");
    assertThat(crossing(blocked, ", shortestPath: true").unresolved()).extracting(Unresolved::toString)
        .containsExactly(
            "the way between channels (amd64): no update leads from 4.14.8 to 4.16.4 without a known risk");

    FakeSource silent = new FakeSource().graph("stable-4.14", "amd64", graph("4.14.8", "4.14.9"))
        .graph("stable-4.16", "amd64", graph("4.16.3", "4.16.4"));
    assertThat(crossing(silent, ", shortestPath: true").unresolved()).extracting(Unresolved::toString)
        .containsExactly(
            "the way between channels (amd64): an update graph cannot be had: 504 from the graph's server");
  }

  @Test
  void whatTheGraphDoesNotGiveIsSaid() throws IOException {
    assertThat(resolve(
        "platform: {channels: [{name: stable-4.16, minVersion: 4.16.1, maxVersion: 4.16.4, shortestPath: true}]}")
        .unresolved()).extracting(Unresolved::why).singleElement().asString()
        .startsWith("no update leads from 4.16.1 to 4.16.4 without a known risk");
    assertThat(resolve("platform: {architectures: [arm64], channels: [{name: stable-4.16}]}").unresolved())
        .extracting(Unresolved::toString)
        .containsExactly("channel stable-4.16 (arm64): its update graph cannot be had: 504 from the graph's server");
    assertThat(
        resolve("platform: {channels: [{name: stable-4.16, minVersion: 4.16.2, maxVersion: 4.16.9}]}").unresolved())
        .extracting(Unresolved::toString)
        .containsExactly("release 4.16.9: it is not in channel stable-4.16 (amd64)");
    assertThat(resolve("platform: {channels: [{name: stable-4.16, minVersion: 4.17.0}]}").unresolved())
        .extracting(Unresolved::why).containsExactly("no release in it is within 4.17.0..");
    assertThat(resolve("platform: {channels: [{name: okd-4, type: okd}], graph: true}").unresolved()).hasSize(2);
  }

  private static Stream<Arguments> operators() {
    return Stream.of(Arguments.of("packages: [{name: ptp}]", List.of("ptp:1.2.0")),
        Arguments.of("", List.of("ptp:1.2.0", "sriov:1.2.0", "yaml:0.1.0")),
        Arguments.of("full: true, packages: [{name: ptp}]",
            List.of("ptp:2.0.0-rc.1", "ptp:1.0.0", "ptp:1.1.0", "ptp:1.2.0")),
        Arguments.of("packages: [{name: ptp, minVersion: 1.1.0}]", List.of("ptp:1.1.0", "ptp:1.2.0")),
        Arguments.of("packages: [{name: ptp, maxVersion: '1.1'}]", List.of("ptp:1.0.0", "ptp:1.1.0")),
        Arguments.of("packages: [{name: ptp, minVersion: 1.0.1, maxVersion: 1.1.9}]", List.of("ptp:1.1.0")),
        Arguments.of("packages: [{name: ptp, channels: [{name: fast}]}]", List.of("ptp:2.0.0-rc.1")),
        Arguments.of("packages: [{name: ptp, defaultChannel: fast}]", List.of("ptp:2.0.0-rc.1")),
        Arguments.of("packages: [{name: ptp, channels: [{name: stable, minVersion: 1.1.0}, {name: fast}]}]",
            List.of("ptp:1.1.0", "ptp:1.2.0", "ptp:2.0.0-rc.1")),
        Arguments.of("full: true, packages: [{name: ptp, channels: [{name: stable}]}]",
            List.of("ptp:1.0.0", "ptp:1.1.0", "ptp:1.2.0")));
  }

  @ParameterizedTest
  @MethodSource("operators")
  void bundlesAreChosenAsOcMirrorChoosesThem(String filter, List<String> bundles) throws IOException {
    Resolved resolved = resolve(
        "operators: [{catalog: '" + INDEX + "'" + (filter.isEmpty() ? "" : ", " + filter) + "}]");

    assertThat(resolved.unresolved()).isEmpty();
    assertThat(images(resolved, Wanted.Kind.CATALOG)).containsExactly(INDEX);
    assertThat(images(resolved, Wanted.Kind.OPERATOR).stream().filter(image -> image.contains("/bundle:"))
        .map(image -> image.replace("registry.redhat.io/", "").replace("/bundle", "")))
        .containsExactlyElementsOf(bundles);
  }

  @Test
  void aBundleBringsTheImagesThatItNamesEachOnce() throws IOException {
    Resolved resolved = resolve("operators: [{catalog: '" + INDEX + "', packages: [{name: ptp}, {name: sriov}]}]");

    assertThat(images(resolved, Wanted.Kind.OPERATOR)).containsExactly("registry.redhat.io/ptp/bundle:1.2.0",
        "registry.redhat.io/ptp/worker:1.2.0", "registry.redhat.io/common/proxy:1",
        "registry.redhat.io/sriov/bundle:1.2.0", "registry.redhat.io/sriov/worker:1.2.0");
  }

  @Test
  void whatTheCatalogDoesNotHaveIsSaidAndTheRestIsResolved() throws IOException {
    Resolved resolved = resolve("""
        operators:
        - catalog: %s
          packages:
          - {name: gone}
          - {name: ptp, channels: [{name: slow}]}
          - {name: ptp, minVersion: 9.0.0}
          - {name: ptp, minVersion: nine}
          - {name: ptp, minVersion: 1.0.0, channels: [{name: stable}]}
          - {name: sriov}
        - catalog: quay.io/org/absent-index:v1
        """.formatted(INDEX));

    assertThat(images(resolved, Wanted.Kind.OPERATOR)).contains("registry.redhat.io/sriov/bundle:1.2.0")
        .noneMatch(image -> image.contains("/ptp/"));
    assertThat(resolved.unresolved()).extracting(Unresolved::toString).containsExactly(
        "operator gone: it is not in " + INDEX,
        "channel slow of operator ptp: it is not in " + INDEX + ", which has fast, stable",
        "channel stable of operator ptp: it has no bundle within 9.0.0..",
        "bundle ptp.v1.0.0: 'nine' is no version, such as 4.16.17",
        "bundle ptp.v1.1.0: 'nine' is no version, such as 4.16.17",
        "bundle ptp.v1.2.0: 'nine' is no version, such as 4.16.17",
        "channel stable of operator ptp: it has no bundle within nine..",
        "operator ptp: bounds beside channels say two things: put them into the channels",
        "the operators of quay.io/org/absent-index:v1: quay.io/org/absent-index:v1 is not there");
  }

  @Test
  void imagesAreTakenByNameUnlessTheyAreBlocked() throws IOException {
    Resolved resolved = resolve("""
        additionalImages:
        - {name: registry.redhat.io/ubi9/ubi:latest, targetRepo: x/y}
        - {name: registry.redhat.io/ubi9/ubi:latest}
        - {name: quay.io/org/app@sha256:%1$s}
        - {name: quay.io/org/blocked:1}
        - {name: quay.io/all/blocked:2}
        - {name: alpine}
        - {name: quay.io/org/untagged}
        blockedImages: [{name: 'quay.io/org/blocked:1'}, {name: quay.io/all/blocked}]
        helm: {local: [{name: n, path: p}]}
        """.formatted("a".repeat(64)));

    assertThat(images(resolved, Wanted.Kind.ADDITIONAL)).containsExactly("registry.redhat.io/ubi9/ubi:latest",
        "quay.io/org/app@sha256:" + "a".repeat(64));
    assertThat(resolved.unresolved()).extracting(Unresolved::what).containsExactly("mirror.helm",
        "mirror.additionalImages[registry.redhat.io/ubi9/ubi:latest].targetRepo", "additional image alpine",
        "additional image quay.io/org/untagged");
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {"kind: x|is kind x of none", "'a: ['|it is no YAML",
      "'{apiVersion: mirror.openshift.io/v1alpha1, kind: ImageSetConfiguration}'|of mirror.openshift.io/v1alpha1",
      "'{apiVersion: mirror.openshift.io/v2alpha1, kind: ImageSetConfiguration, mirror: {additionalImages: {}}}'|mirror.additionalImages is no list",
      "'{apiVersion: mirror.openshift.io/v2alpha1, kind: ImageSetConfiguration, mirror: {operators: [{}]}}'|names no catalog",
      "'{apiVersion: mirror.openshift.io/v2alpha1, kind: ImageSetConfiguration, mirror: {operators: [{catalog: c, packages: [{}]}]}}'|has no name"})
  void whatIsNoImageSetIsRefused(String text, String because) {
    assertThatThrownBy(() -> ImageSetFile.parse(text)).isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(because);
  }

  @Test
  void theOlderFormAndUnknownKeysAreReadForWhatTheySay() {
    ImageSet set = ImageSetFile.parse("""
        kind: ImageSetConfiguration
        apiVersion: mirror.openshift.io/v1alpha2
        storageConfig: {local: {path: x}}
        mirror:
          platfrom: {}
          platform: {architectures: [arm64], release: quay.io/a/b:c, kubeVirtContainer: false}
        """);

    assertThat(set.architectures()).containsExactly("arm64");
    assertThat(set.release()).contains("quay.io/a/b:c");
    assertThat(set.ignored()).extracting(Unresolved::toString)
        .containsExactly("mirror.platfrom: weir does not know this key");
  }

  @ParameterizedTest
  @CsvSource({"1.0.0,1.0.1", "1.9.0,1.10.0", "1.0.0-rc.1,1.0.0", "1.0.0-rc.2,1.0.0-rc.10", "1.0.0-1,1.0.0-alpha",
      "1.0.0-alpha,1.0.0-alpha.1", "4.16.0-202409,4.16.0"})
  void versionsAreOrderedAsSemverOrdersThem(String lower, String higher) {
    assertThat(Version.parse(lower)).isLessThan(Version.parse(higher));
    assertThat(Version.parse(higher)).isGreaterThan(Version.parse(lower));
    assertThat(Version.parse(lower + "+build")).isEqualByComparingTo(Version.parse(lower));
  }
}
