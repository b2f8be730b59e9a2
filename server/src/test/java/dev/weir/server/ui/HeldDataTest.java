package dev.weir.server.ui;

import java.nio.file.Path;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.weir.server.pullthrough.Await;
import dev.weir.server.pullthrough.TestClient.Reply;
import dev.weir.server.pullthrough.TestWeir;
import dev.weir.server.upstream.ScriptedRegistry;
import dev.weir.storage.Digest;
import dev.weir.storage.MediaTypes;

import static org.assertj.core.api.Assertions.assertThat;

/** What the page is told of repositories, tags and images. */
final class HeldDataTest {
  @TempDir private Path folder;

  private final ScriptedRegistry upstream = ScriptedRegistry.plain();

  @AfterEach
  void close() {
    upstream.close();
  }

  private static List<String> texts(JsonNode list, String field) {
    return list.valueStream().map(each -> each.path(field).asText()).toList();
  }

  private static JsonNode repositories(Rig rig, String user, String query) {
    return rig.data(user, "repositories" + query);
  }

  @Test
  void repositoriesAreListedInPagesAndSearched() {
    try (Rig rig = Rig.open(folder).known()) {
      for (String name : List.of("team/app", "team/app-tools", "team/app/sub", "other/thing")) {
        Pictures.push(rig, "-", name, "v1", "nothing");
      }
      Await.until("all four are listed", () -> repositories(rig, "-", "").path("matching").asInt() == 4);
      JsonNode first = repositories(rig, "-", "?n=3");
      assertThat(texts(first.path("repositories"), "name")).containsExactly("other/thing", "team/app", "team/app/sub");
      JsonNode rest = repositories(rig, "-", "?n=3&last=" + first.path("next").asText());
      assertThat(texts(rest.path("repositories"), "name")).containsExactly("team/app-tools");
      assertThat(rest.has("next")).isFalse();
      JsonNode found = repositories(rig, "-", "?q=APP%20tool");
      assertThat(texts(found.path("repositories"), "name")).containsExactly("team/app-tools");
      assertThat(found.path("matching").asInt()).isEqualTo(1);
      JsonNode row = found.path("repositories").path(0);
      assertThat(row.path("owned").asInt()).isEqualTo(1);
      assertThat(row.path("cached").asInt()).isZero();
      assertThat(row.path("bytes").asLong()).isGreaterThan(500);
    }
  }

  @Test
  void nobodySeesWhatHeMayNotPull() {
    try (Rig rig = Rig.guarded(folder, "{users: [ann], repositories: ['**'], actions: [pull, push, admin]}",
        "{users: [bob], repositories: ['open/**'], actions: [pull]}").known()) {
      Digest secret = Pictures.push(rig, "ann", "closed/app", "v1", "secret");
      Pictures.push(rig, "ann", "open/app", "v1", "known to all");
      Await.until("both are listed", () -> repositories(rig, "ann", "").path("matching").asInt() == 2);
      assertThat(texts(repositories(rig, "bob", "").path("repositories"), "name")).containsExactly("open/app");
      assertThat(repositories(rig, "bob", "?q=closed").path("matching").asInt()).isZero();
      for (String part : List.of("tags?repository=closed/app", "images?repository=closed/app",
          "image?repository=closed/app&reference=v1", "image?repository=closed/app&reference=" + secret)) {
        Reply reply = rig.get("bob", "/ui/data/" + part);
        assertThat(reply.status()).as(part).isEqualTo(403);
        assertThat(reply.code()).isEqualTo("DENIED");
      }
      assertThat(rig.get("bob", "/ui/data/image?repository=open/app&reference=" + secret).status()).isEqualTo(404);
    }
  }

  @Test
  void aTagTellsWhetherItWasPushedOrCameFromUpstream() {
    byte[] config = Pictures.bytes(Pictures.config("arm64", "x"));
    upstream.addImage("team/app", "v2", config, new byte[2_000]);
    try (Rig rig = new Rig(TestWeir.in(folder.resolve("data")).upstream("origin", upstream.uri()).start()).known()) {
      assertThat(rig.weir.client().manifest("origin/team/app", "v2").status()).isEqualTo(200);
      Digest pushed = Pictures.push(rig, "-", "mine/app", "v1", "x");
      JsonNode cached = rig.data("tags?repository=origin/team/app").path("tags").path(0);
      assertThat(cached.path("tag").asText()).isEqualTo("v2");
      assertThat(cached.path("keeping").asText()).isEqualTo("cached");
      assertThat(cached.path("kind").asText()).isEqualTo("image");
      assertThat(cached.path("size").asLong()).isEqualTo(2_000 + config.length);
      JsonNode owned = rig.data("tags?repository=mine/app").path("tags").path(0);
      assertThat(owned.path("keeping").asText()).isEqualTo("owned");
      assertThat(owned.path("digest").asText()).isEqualTo(pushed.toString());
      JsonNode held = rig.data("images?repository=origin/team/app").path("images").path(0);
      assertThat(held.path("keeping").asText()).isEqualTo("cached");
      assertThat(held.path("used").asText()).startsWith("20");
      assertThat(upstream.log()).noneMatch(line -> line.contains("/blobs/") || line.contains("/tags/"));
    }
  }

  @Test
  void tagsAreListedInPagesAndSearched() {
    try (Rig rig = Rig.open(folder)) {
      for (int i = 1; i <= 5; i++) {
        Pictures.push(rig, "-", "mine/app", "v" + i, "x");
      }
      JsonNode first = rig.data("tags?repository=mine/app&n=2");
      assertThat(texts(first.path("tags"), "tag")).containsExactly("v1", "v2");
      assertThat(first.path("next").asText()).isEqualTo("v2");
      assertThat(texts(rig.data("tags?repository=mine/app&n=4&last=v2").path("tags"), "tag"))
          .containsExactly("v3", "v4", "v5");
      assertThat(texts(rig.data("tags?repository=mine/app&q=5").path("tags"), "tag")).containsExactly("v5");
      assertThat(rig.data("tags?repository=not/there").path("tags")).isEmpty();
      assertThat(rig.get("-", "/ui/data/tags?repository=UPPER").status()).isEqualTo(400);
      assertThat(rig.get("-", "/ui/data/tags?repository=mine/app&n=many").status()).isEqualTo(400);
    }
  }

  @Test
  void anImageIsToldAsItIsWhateverItSays() {
    try (Rig rig = Rig.open(folder)) {
      String said = Pictures.MARKUP;
      Digest digest = Pictures.push(rig, "-", "mine/app", "v1", said);
      byte[] empty = Pictures.bytes("{}");
      rig.pushBlob("-", "mine/app", empty);
      Digest sbom = rig.pushManifest("-", "mine/app", "sbom", MediaTypes.OCI_MANIFEST,
          Pictures.referrer(digest, empty, "application/spdx+json"));
      JsonNode image = rig.data("image?repository=mine/app&reference=v1");
      assertThat(image.path("digest").asText()).isEqualTo(digest.toString());
      assertThat(image.path("kind").asText()).isEqualTo("image");
      assertThat(image.path("annotations").path("said").asText()).isEqualTo(said);
      JsonNode config = image.path("config");
      assertThat(config.path("platform").asText()).isEqualTo("linux/amd64");
      assertThat(config.path("created").asText()).isEqualTo("2024-05-06T07:08:09Z");
      assertThat(config.path("author").asText()).isEqualTo(said);
      assertThat(config.path("labels").path(said).asText()).isEqualTo("as a key");
      assertThat(config.path("ports").path(0).asText()).isEqualTo("8080/tcp");
      assertThat(config.path("history").path(1).path("empty").asBoolean()).isTrue();
      assertThat(image.path("layers").path(0).path("held").asBoolean()).isTrue();
      JsonNode referrer = image.path("referrers").path(0);
      assertThat(referrer.path("digest").asText()).isEqualTo(sbom.toString());
      assertThat(referrer.path("type").asText()).isEqualTo("application/spdx+json");
      assertThat(rig.data("image?repository=mine/app&reference=sbom").path("subject").asText())
          .isEqualTo(digest.toString());
      assertThat(rig.get("-", "/ui/data/image?repository=mine/app&reference=v9").status()).isEqualTo(404);
    }
  }

  @Test
  void anIndexTellsItsPlatformsAndWhichOfThemAreHere() {
    byte[] config = Pictures.bytes(Pictures.config("arm64", "x"));
    byte[] layer = new byte[3_000];
    String image = Pictures.manifest(config, layer, "x");
    Digest there = upstream.addManifest("team/app", MediaTypes.OCI_MANIFEST, image);
    upstream.tag("team/app", "v1",
        upstream.addManifest("team/app", MediaTypes.OCI_INDEX, Pictures.index(there, image.length(), "arm64")));
    try (Rig rig = new Rig(TestWeir.in(folder.resolve("data")).upstream("origin", upstream.uri()).start())) {
      assertThat(rig.weir.client().manifest("origin/team/app", "v1").status()).isEqualTo(200);
      assertThat(rig.weir.client().manifest("origin/team/app", there.toString()).status()).isEqualTo(200);
      JsonNode index = rig.data("image?repository=origin/team/app&reference=v1");
      assertThat(index.path("kind").asText()).isEqualTo("index");
      assertThat(texts(index.path("platforms"), "platform")).containsExactly("linux/arm64", "linux/s390x");
      assertThat(index.path("platforms").path(0).path("held").asBoolean()).isTrue();
      assertThat(index.path("platforms").path(0).path("size").asLong()).isEqualTo(3_000 + config.length);
      assertThat(index.path("platforms").path(1).path("held").asBoolean()).isFalse();
      assertThat(rig.data("tags?repository=origin/team/app").path("tags").path(0).path("platforms").path(1).asText())
          .isEqualTo("linux/s390x");
    }
  }

  @Test
  void aManifestTellsNothingOfBlobsThatAreAnotherRepositorys() {
    try (Rig rig = Rig.guarded(folder, "{users: [ann], repositories: ['**'], actions: [pull, push]}",
        "{users: [bob], repositories: ['bob/**'], actions: [pull, push]}")) {
      byte[] secret = Pictures.bytes(Pictures.config("amd64", "secret"));
      rig.pushBlob("ann", "ann/app", secret);
      String claiming = """
          {"schemaVersion":2,"mediaType":"%s","blobs":[],"config":{"mediaType":"%s","digest":"%s","size":%d},
           "layers":[{"mediaType":"%s","digest":"%s","size":1}]}"""
          .formatted(MediaTypes.OCI_ARTIFACT, Pictures.CONFIG_TYPE, Digest.sha256(secret), secret.length,
              Pictures.LAYER_TYPE, Digest.sha256(secret));
      rig.pushManifest("bob", "bob/app", "v1", MediaTypes.OCI_ARTIFACT, claiming);
      JsonNode image = rig.data("bob", "image?repository=bob/app&reference=v1");
      assertThat(image.toString()).doesNotContain("secret");
      assertThat(image.path("layers").path(0).path("held").asBoolean()).isFalse();
    }
  }
}
