package dev.weir.server.openshift;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;

import static org.assertj.core.api.Assertions.assertThat;

/** The schemas of the kinds that are written, as far as their fields matter here; a field that they do not know is an error. */
final class Schemas {
  private static final YAMLMapper YAML = new YAMLMapper();

  private Schemas() {}

  /** The manifest, once it was found to be what a cluster takes. */
  static JsonNode valid(String manifest) {
    try {
      JsonNode tree = YAML.readTree(manifest);
      var schema = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012).getSchema(schema(tree));
      assertThat(schema.validate(tree)).as(manifest).isEmpty();
      return tree;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
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
