package dev.weir.server.precache;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import dev.weir.server.ocreplay.Ustar;
import dev.weir.server.pullthrough.TestWeir;
import dev.weir.server.upstream.MockAnswer;
import dev.weir.server.upstream.MockServer;
import dev.weir.server.upstream.ScriptedRegistry;
import dev.weir.storage.Digest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

/** {@code weir precache --image-set}: a channel's releases, an operator and its images, and some by name, in one job. */
@Timeout(300)
class ImageSetPrecacheTest {
  private static final byte[] CONFIG = PrecacheTest.bytes(1, 900);
  private static final byte[] LAYER = PrecacheTest.bytes(2, 50_000);

  @TempDir private Path folder;

  private final ScriptedRegistry quay = ScriptedRegistry.quay();
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private volatile String graph = "{}";
  private final MockServer graphs = MockServer.http(request -> {
    asked.add(request.query());
    return MockAnswer.of(200, graph.getBytes(UTF_8));
  });

  @AfterEach
  void close() {
    quay.close();
    graphs.close();
  }

  private Digest index() {
    quay.addImage("ptp/worker", "v1", CONFIG, LAYER);
    quay.addImage("ptp/bundle", "v1", CONFIG, PrecacheTest.bytes(3, 700));
    return quay.addImage("redhat/index", "v4.16", "{\"config\": {}}".getBytes(UTF_8),
        Ustar.archive(Map.of("configs/ptp/catalog.json", """
            {"schema": "olm.package", "name": "ptp", "defaultChannel": "stable"}
            {"schema": "olm.channel", "package": "ptp", "name": "stable", "entries": [{"name": "ptp.v1"}]}
            {"schema": "olm.bundle", "package": "ptp", "name": "ptp.v1", "image": "quay.io/ptp/bundle:v1",
             "properties": [{"type": "olm.package", "value": {"packageName": "ptp", "version": "1.0.0"}}],
             "relatedImages": [{"name": "worker", "image": "quay.io/ptp/worker:v1"}]}
            """.getBytes(UTF_8))));
  }

  private String set(String more) throws IOException {
    return Files.writeString(folder.resolve("imageset.yaml"), """
        apiVersion: mirror.openshift.io/v2alpha1
        kind: ImageSetConfiguration
        mirror:
          platform: {channels: [{name: stable-4.16, minVersion: 4.16.17}]}
          operators: [{catalog: 'quay.io/redhat/index:v4.16', packages: [{name: ptp}%s]}]
          additionalImages: [{name: 'quay.io/team/app:v1'}]
        """.formatted(more)).toString();
  }

  private TestWeir weir() {
    return TestWeir.in(folder.resolve("data")).upstream("quay.io", quay.uri()).section("scrub: {interval: 0s}")
        .section("release: {graph: '" + graphs.uri().resolve("/graph") + "'}").start();
  }

  @Test
  void allThatItAsksForIsHereAfterwardsAndTheIndexIsAsItWas() throws IOException {
    TinyRelease release = TinyRelease.on(quay, "4.16.17");
    graph = "{\"nodes\": [{\"version\": \"4.16.17\", \"payload\": \"quay.io/" + TinyRelease.REPOSITORY + "@"
        + release.digest + "\"}], \"edges\": []}";
    Digest index = index();
    quay.addImage("team/app", "v1", CONFIG, LAYER);
    try (TestWeir weir = weir()) {
      Commands commands = new Commands(folder.resolve("data"));
      int exit = commands.run("precache", "--image-set", set(""), "--unsigned", "--output", "json");
      assertThat(exit).as(commands.out() + commands.err()).isZero();
      assertThat(commands.report().images()).as("release, components, index, bundle, worker, app").isEqualTo(8);
      assertThat(asked).containsExactly("channel=stable-4.16&arch=amd64");
      quay.close();
      for (String path : List.of("redhat/index/manifests/" + index, "ptp/bundle/manifests/v1",
          "ptp/worker/manifests/v1", "ptp/worker/blobs/" + Digest.sha256(LAYER), "team/app/manifests/v1",
          TinyRelease.COMPONENTS + "/manifests/" + release.component("cli"))) {
        assertThat(weir.client().get("/v2/quay.io/" + path).status()).as(path).isEqualTo(200);
      }
      assertThat(commands.run("verify", "--release", release.digest.toString())).as(commands.out()).isZero();
    }
  }

  @Test
  void whatItDoesNotResolveIsMissingAndTheRestComes() throws IOException {
    graph = "{\"nodes\": []}";
    index();
    quay.addImage("team/app", "v1", CONFIG, LAYER);
    try (TestWeir weir = weir()) {
      Commands commands = new Commands(folder.resolve("data"));
      assertThat(commands.run("precache", "--image-set", set(", {name: gone}"), "--output", "json")).isEqualTo(1);
      assertThat(commands.report().missing()).extracting(each -> each.image() + ": " + each.reason())
          .containsExactlyInAnyOrder("channel stable-4.16 (amd64): there is no release in it",
              "operator gone: it is not in quay.io/redhat/index:v4.16");
      assertThat(weir.client().get("/v2/quay.io/ptp/worker/manifests/v1").status()).isEqualTo(200);
    }
  }

  @Test
  void whatIsNoImageSetIsRefusedAtOnce() throws IOException {
    Path file = Files.writeString(folder.resolve("other.yaml"), "kind: Pod\n");
    try (TestWeir _ = weir()) {
      Commands commands = new Commands(folder.resolve("data"));
      assertThat(commands.run("precache", "--image-set", file.toString())).isEqualTo(2);
      assertThat(commands.err()).contains("no ImageSetConfiguration of mirror.openshift.io/v2alpha1 or v1alpha2");
    }
  }
}
