package dev.weir.server.openshift;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.openshift.api.model.config.v1.Image;
import io.fabric8.openshift.api.model.config.v1.ImageDigestMirrorSet;
import io.fabric8.openshift.api.model.config.v1.ImageTagMirrorSet;
import io.fabric8.openshift.api.model.config.v1.OperatorHub;
import io.fabric8.openshift.api.model.machineconfiguration.v1.MachineConfig;
import io.fabric8.openshift.api.model.operator.imageregistry.v1.Config;
import io.fabric8.openshift.api.model.operator.v1alpha1.ImageContentSourcePolicy;
import io.fabric8.openshift.api.model.operatorhub.v1alpha1.CatalogSource;

import dev.weir.server.shipped.Models;

import static org.assertj.core.api.Assertions.assertThat;

/** The schemas of the kinds that are written, as far as their fields matter here; a field that they do not know is an error. */
final class Schemas {
  private static final YAMLMapper YAML = new YAMLMapper();
  private static final Map<String, Class<? extends HasMetadata>> MODELS = Map.ofEntries(
      Map.entry("v1/ConfigMap", ConfigMap.class), Map.entry("v1/Secret", Secret.class),
      Map.entry("v1/PersistentVolumeClaim", PersistentVolumeClaim.class),
      Map.entry("config.openshift.io/v1/Image", Image.class),
      Map.entry("config.openshift.io/v1/ImageDigestMirrorSet", ImageDigestMirrorSet.class),
      Map.entry("config.openshift.io/v1/ImageTagMirrorSet", ImageTagMirrorSet.class),
      Map.entry("config.openshift.io/v1/OperatorHub", OperatorHub.class),
      Map.entry("operator.openshift.io/v1alpha1/ImageContentSourcePolicy", ImageContentSourcePolicy.class),
      Map.entry("imageregistry.operator.openshift.io/v1/Config", Config.class),
      Map.entry("operators.coreos.com/v1alpha1/CatalogSource", CatalogSource.class),
      Map.entry("machineconfiguration.openshift.io/v1/MachineConfig", MachineConfig.class));
  /** Kinds of which nobody has Java types. */
  private static final Set<String> WITHOUT_MODEL = Set.of("samples.operator.openshift.io/v1/Config",
      "olm.operatorframework.io/v1/ClusterCatalog", "updateservice.operator.openshift.io/v1/UpdateService");

  private Schemas() {}

  /** The manifest, once it was found to be what a cluster takes. */
  static JsonNode valid(String manifest) {
    try {
      JsonNode tree = YAML.readTree(manifest);
      var schema = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012).getSchema(schema(tree));
      assertThat(schema.validate(tree)).as(manifest).isEmpty();
      model(tree);
      return tree;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The same against types that others made of OpenShift's own API. */
  private static void model(JsonNode manifest) throws IOException {
    String kind = manifest.path("apiVersion").asText() + "/" + manifest.path("kind").asText();
    assertThat(MODELS.containsKey(kind) || WITHOUT_MODEL.contains(kind)).as(kind).isTrue();
    if (!WITHOUT_MODEL.contains(kind)) {
      assertThat(Models.strict(manifest, Objects.requireNonNull(MODELS.get(kind))).getMetadata().getName())
          .isNotEmpty();
    }
  }

  private static JsonNode schema(JsonNode manifest) throws IOException {
    String kind = manifest.path("kind").asText();
    String group = manifest.path("apiVersion").asText().replaceAll("\\..*", "");
    String file = "schemas/" + kind + (kind.equals("Config") ? "-" + group : "") + ".yaml";
    try (InputStream in = Schemas.class.getResourceAsStream(file)) {
      return YAML.readTree(Objects.requireNonNull(in, file));
    }
  }
}
