package dev.weir.server.shipped;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import dev.weir.server.config.ConfigException;
import dev.weir.server.config.ConfigLoader;
import dev.weir.server.config.WeirConfig;

import static org.assertj.core.api.Assertions.assertThat;

/** A pod's ports, mounts, arguments and configuration fit each other. */
class DeploymentsTest {
  private static final String PULL_PORT = "https";

  static List<Path> configurations() {
    return Shipped.files(".", "weir.yml").stream().filter(file -> !file.equals(Shipped.FOLDER.resolve("./weir.yml")))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("configurations")
  void everyConfigurationHoldsWithoutAWarning(Path file) throws ConfigException {
    assertThat(ConfigLoader.load(file, Map.of()).warnings()).isEmpty();
  }

  static List<Path> deployments() {
    return Shipped.files("kubernetes", "deployment.yaml");
  }

  @ParameterizedTest
  @MethodSource("deployments")
  void aPodGivesWeirWhatItsConfigurationNames(Path file) throws ConfigException {
    JsonNode pod = Shipped.documents(file).getFirst().path("spec").path("template").path("spec");
    JsonNode weir = pod.path("containers").path(0);
    WeirConfig config = ConfigLoader.load(file.resolveSibling("weir.yml"), Map.of()).config();
    Map<String, Integer> ports = weir.path("ports").valueStream()
        .collect(Collectors.toMap(port -> port.path("name").asText(), port -> port.path("containerPort").asInt()));

    assertThat(weir.path("args").valueStream().map(JsonNode::asText)).containsExactly("serve", "/etc/weir/weir.yml");
    assertThat(ports).containsEntry(PULL_PORT, config.http().address().port()).containsEntry("metrics",
        config.http().debug().orElseThrow().address().port());
    assertThat(named(weir.path("volumeMounts"))).isEqualTo(named(pod.path("volumes")));
    assertThat(mountOf(weir, "/certs/tls.crt")).isEqualTo("tls");
    assertThat(mountOf(weir, "/auth/htpasswd")).isEqualTo("users");
    assertThat(mountOf(weir, config.pullSecret().orElseThrow().toString())).isEqualTo("pull-secret");
    for (String probe : List.of("startupProbe", "livenessProbe", "readinessProbe")) {
      JsonNode asked = weir.path(probe).path("httpGet");
      assertThat(asked.path("path").asText()).isIn("/healthz", "/readyz");
      assertThat(asked.path("port").asText()).isEqualTo(PULL_PORT);
      assertThat(asked.path("scheme").asText()).isEqualTo("HTTPS");
    }
  }

  @ParameterizedTest
  @MethodSource("deployments")
  void aPodIsWhatTheRestrictedRulesLetIn(Path file) {
    JsonNode pod = Shipped.documents(file).getFirst().path("spec").path("template").path("spec");
    JsonNode container = pod.path("containers").path(0).path("securityContext");
    assertThat(pod.path("securityContext").path("runAsNonRoot").asBoolean()).isTrue();
    assertThat(pod.path("securityContext").path("seccompProfile").path("type").asText()).isEqualTo("RuntimeDefault");
    assertThat(container.path("allowPrivilegeEscalation").asBoolean(true)).isFalse();
    assertThat(container.path("readOnlyRootFilesystem").asBoolean()).isTrue();
    assertThat(container.path("capabilities").path("drop").path(0).asText()).isEqualTo("ALL");
    assertThat(pod.path("volumes").findValuesAsText("hostPath")).isEmpty();
  }

  @Test
  void servicesRoutesAndMonitorsMeanThePodsPorts() {
    Set<String> ports = Shipped.ofKind("Deployment", "kubernetes").stream()
        .flatMap(each -> named(each.findPath("ports")).stream()).collect(Collectors.toSet());
    Set<String> offered = Shipped.ofKind("Service", "kubernetes").stream()
        .flatMap(each -> named(each.path("spec").path("ports")).stream()).collect(Collectors.toSet());
    assertThat(Shipped.ofKind("Service", "kubernetes").getFirst().findValuesAsText("targetPort")).isSubsetOf(ports);
    assertThat(Shipped.ofKind("Route", "openshift").getFirst().findPath("targetPort").asText()).isIn(offered);
    assertThat(Shipped.ofKind("ServiceMonitor", "openshift").getFirst().path("spec").path("endpoints").path(0)
        .path("port").asText()).isIn(offered);
    assertThat(Shipped.ofKind("NetworkPolicy", "kubernetes").getFirst().findValuesAsText("port"))
        .containsExactlyInAnyOrder("5000", "5001");
  }

  @Test
  void theVolumeIsThePartitionOfTheEdgeNode() {
    JsonNode volume = Shipped.ofKind("PersistentVolume", "kubernetes").getFirst();
    JsonNode claim = Shipped.ofKind("PersistentVolumeClaim", "kubernetes").getFirst();
    assertThat(volume.path("spec").path("local").path("path").asText()).isEqualTo("/var/imageregistry");
    assertThat(claim.path("spec").path("volumeName")).isEqualTo(volume.path("metadata").path("name"));
    for (String key : List.of("storageClassName", "accessModes", "volumeMode")) {
      assertThat(claim.path("spec").path(key)).isEqualTo(volume.path("spec").path(key));
    }
    assertThat(Shipped.ofKind("StorageClass", "kubernetes").getFirst().path("metadata").path("name"))
        .isEqualTo(claim.path("spec").path("storageClassName"));
  }

  @Test
  void minioLetsWeirDoWhatItDoesAndNoMore() {
    JsonNode statements = Shipped.json(Shipped.text("minio/policy.json")).path("Statement");
    assertThat(statements.valueStream().flatMap(each -> each.path("Action").valueStream()).map(JsonNode::asText))
        .containsExactlyInAnyOrder("s3:ListBucket", "s3:GetBucketLocation", "s3:ListBucketMultipartUploads",
            "s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:ListMultipartUploadParts",
            "s3:AbortMultipartUpload");
    assertThat(statements.valueStream().flatMap(each -> each.path("Resource").valueStream()).map(JsonNode::asText))
        .containsExactly("arn:aws:s3:::weir", "arn:aws:s3:::weir/*");
    assertThat(Shipped.document("kubernetes/s3/weir.yml").path("storage").path("s3").path("bucket").asText())
        .isEqualTo("weir");
    assertThat(Shipped.text("minio/setup")).contains("mc mb --ignore-existing \"$server/weir\"\n",
        "mc admin policy create \"$server\" weir policy.json\n",
        "mc admin policy attach \"$server\" weir --user weir\n");
  }

  private static Set<String> named(JsonNode list) {
    return list.valueStream().map(each -> each.path("name").asText()).collect(Collectors.toSet());
  }

  /** The volume that a file of the container lies on. */
  private static String mountOf(JsonNode container, String file) {
    return container.path("volumeMounts").valueStream()
        .filter(mount -> Path.of(file).startsWith(mount.path("mountPath").asText())).map(mount -> mount.path("name")
            .asText())
        .findFirst().orElse("none");
  }
}
