package dev.weir.server.imageset;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;

import org.junit.jupiter.api.Test;

import dev.weir.server.fuzz.Fuzzing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

/** Whatever is made of them, graphs, catalogs and image sets are read or refused in a sentence. */
class ImageSetFuzzTest {
  private static final String SET = """
      apiVersion: mirror.openshift.io/v2alpha1
      kind: ImageSetConfiguration
      mirror:
        platform: {architectures: [amd64], channels: [{name: stable-4.16, minVersion: 4.16.1, shortestPath: true}]}
        operators: [{catalog: 'quay.io/a/b:c', packages: [{name: p, channels: [{name: c, maxVersion: '4.16'}]}]}]
        additionalImages: [{name: 'quay.io/a/b:c'}]
        blockedImages: [{name: quay.io/a/d}]
      """;
  private static final String CATALOG = """
      {"schema": "olm.package", "name": "p", "defaultChannel": "c"}
      {"schema": "olm.channel", "package": "p", "name": "c", "entries": [{"name": "p.v1", "replaces": "p.v0", "skips": ["x"]}]}
      {"schema": "olm.bundle", "package": "p", "name": "p.v1", "image": "quay.io/a/b:c", "relatedImages": [{"image": "i"}],
       "properties": [{"type": "olm.package", "value": {"version": "1.0.0"}}, {"type": "x", "value": [1, {}]}]}
      """;
  private static final String GRAPH = """
      {"nodes": [{"version": "4.16.1", "payload": "quay.io/a/b:c"}, {"version": "4.16.2", "payload": "quay.io/a/b:d"}],
       "edges": [[0, 1]]}
      """;

  @Test
  void imageSets() {
    Fuzzing.run(2, noise -> {
      try {
        assertThat(ImageSetFile.parse(noise.damaged(SET)).architectures()).isNotEmpty();
      } catch (IllegalArgumentException e) {
        assertThat(e).hasMessageMatching("(?s).+");
      }
    });
  }

  @Test
  void catalogs() {
    Fuzzing.run(2, noise -> {
      for (String file : List.of("configs/p/catalog.json", "configs/p/catalog.yaml")) {
        try {
          CatalogContent content = new CatalogContent();
          CatalogReader.read(file, new ByteArrayInputStream(noise.damaged(CATALOG).getBytes(UTF_8)), new Room())
              .forEach(content::add);
          assertThat(content.bundles("p", "c")).containsAll(content.heads("p", "c"));
        } catch (IOException e) {
          assertThat(e).hasMessageContaining("the catalog's file " + file + " cannot be read");
        }
      }
    });
  }

  @Test
  void graphs() {
    Fuzzing.run(1, noise -> {
      try {
        Graph graph = Graph.parse(noise.damaged(GRAPH).getBytes(UTF_8));
        assertThat(graph.payloads().keySet())
            .allSatisfy(version -> assertThat(graph.path(version, version)).isPresent());
      } catch (IllegalArgumentException e) {
        assertThat(e).hasMessageMatching("(?s).+");
      }
    });
  }
}
