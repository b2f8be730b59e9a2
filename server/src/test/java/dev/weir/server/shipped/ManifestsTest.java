package dev.weir.server.shipped;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.storage.StorageClass;
import io.fabric8.openshift.api.model.Route;
import io.fabric8.openshift.api.model.machineconfiguration.v1.MachineConfig;
import io.fabric8.openshift.api.model.monitoring.v1.PrometheusRule;
import io.fabric8.openshift.api.model.monitoring.v1.ServiceMonitor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Every manifest has only keys that its kind has, with values of their types. */
class ManifestsTest {
  private static final Map<String, Class<? extends HasMetadata>> KINDS = Map.ofEntries(
      Map.entry("v1/Namespace", Namespace.class), Map.entry("v1/ServiceAccount", ServiceAccount.class),
      Map.entry("v1/Service", Service.class), Map.entry("v1/Pod", Pod.class),
      Map.entry("v1/PersistentVolume", PersistentVolume.class),
      Map.entry("v1/PersistentVolumeClaim", PersistentVolumeClaim.class),
      Map.entry("apps/v1/Deployment", Deployment.class),
      Map.entry("storage.k8s.io/v1/StorageClass", StorageClass.class),
      Map.entry("networking.k8s.io/v1/NetworkPolicy", NetworkPolicy.class),
      Map.entry("policy/v1/PodDisruptionBudget", PodDisruptionBudget.class),
      Map.entry("route.openshift.io/v1/Route", Route.class),
      Map.entry("monitoring.coreos.com/v1/ServiceMonitor", ServiceMonitor.class),
      Map.entry("monitoring.coreos.com/v1/PrometheusRule", PrometheusRule.class),
      Map.entry("machineconfiguration.openshift.io/v1/MachineConfig", MachineConfig.class));
  /** Kinds without a Java type, and the keys that they have. */
  private static final Map<String, List<String>> OTHERS = Map.of("kustomize.config.k8s.io/v1beta1/Kustomization",
      List.of("apiVersion", "kind", "namespace", "labels", "resources", "components", "configMapGenerator", "images",
          "patches"),
      "kustomize.config.k8s.io/v1alpha1/Component", List.of("apiVersion", "kind", "resources", "patches"),
      "ran.openshift.io/v1/SiteConfig", List.of("apiVersion", "kind", "metadata", "spec"),
      "ran.openshift.io/v1/PolicyGenTemplate", List.of("apiVersion", "kind", "metadata", "spec"));

  static List<Path> files() {
    return Stream.of("kubernetes", "openshift", "edge", "ztp").flatMap(each -> Shipped.files(each, ".yaml").stream())
        .toList();
  }

  @ParameterizedTest
  @MethodSource("files")
  void aManifestHasOnlyWhatItsKindHas(Path file) throws Exception {
    for (JsonNode document : Shipped.documents(file)) {
      check(document);
    }
  }

  @Test
  void aKeyThatAKindDoesNotHaveIsFound() {
    JsonNode wrong = Shipped.json("""
        {"apiVersion": "v1", "kind": "Pod", "spec": {"containers": [{"name": "a", "imagePolicy": "Never"}]}}""");
    assertThatThrownBy(() -> check(wrong)).hasMessageContaining("imagePolicy");
  }

  private static void check(JsonNode document) throws Exception {
    String kind = document.path("apiVersion").asText() + "/" + document.path("kind").asText();
    Class<? extends HasMetadata> type = KINDS.get(kind);
    if (type == null) {
      assertThat(OTHERS).containsKey(kind);
      assertThat(Objects.requireNonNull(OTHERS.get(kind)))
          .containsAll(document.properties().stream().map(Map.Entry::getKey).toList());
    } else {
      assertThat(Models.strict(document, type).getMetadata()).isNotNull();
    }
  }

  @ParameterizedTest
  @MethodSource("files")
  void whatAKustomizationNamesIsThere(Path file) {
    for (JsonNode document : Shipped.documents(file)) {
      Stream.of("resources", "components").flatMap(key -> strings(document.path(key)).stream())
          .filter(name -> file.endsWith("kustomization.yaml"))
          .forEach(name -> assertThat(Files.exists(file.resolveSibling(name))).as("%s in %s", name, file).isTrue());
      document.path("configMapGenerator").forEach(map -> strings(map.path("files"))
          .forEach(name -> assertThat(file.resolveSibling(name)).exists()));
    }
  }

  @Test
  void everyManifestIsNamedByAKustomization() {
    for (String folder : List.of("kubernetes", "openshift")) {
      for (Path file : Shipped.files(folder, ".yaml")) {
        if (!file.endsWith("kustomization.yaml")) {
          JsonNode kustomization = Shipped.documents(file.resolveSibling("kustomization.yaml")).getFirst();
          assertThat(strings(kustomization.path("resources"))).as("of %s", file.getParent())
              .contains(String.valueOf(file.getFileName()));
        }
      }
    }
  }

  private static List<String> strings(JsonNode list) {
    return list.valueStream().map(JsonNode::asText).toList();
  }
}
