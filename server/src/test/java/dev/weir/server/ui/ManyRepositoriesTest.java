package dev.weir.server.ui;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.weir.server.http.Visitor;
import dev.weir.server.pullthrough.TestClient.Reply;
import dev.weir.server.space.Holdings;
import dev.weir.server.space.WholeHoldings;
import dev.weir.storage.Content;
import dev.weir.storage.ContentListener.Keeping;
import dev.weir.storage.Digest;
import dev.weir.storage.InMemoryObjectStore;
import dev.weir.storage.ManifestDocument;
import dev.weir.storage.RepositoryName;

import static org.assertj.core.api.Assertions.assertThat;

/** The page over a registry with more repositories than anybody reads; how many on disk, {@code weir.ui.repositories} says. */
final class ManyRepositoriesTest {
  private static final int MANY = 10_000;
  private static final int ON_DISK = Integer.getInteger("weir.ui.repositories", 450);
  private static final Duration LONGEST = Duration.ofSeconds(30);
  private static final int MOST_BYTES = 32 << 10;

  @TempDir private Path folder;

  private Path registry() {
    return folder.resolve("data/docker/registry/v2");
  }

  private Path blob(byte[] content) throws IOException {
    String hex = Digest.sha256(content).hex();
    return write(registry().resolve("blobs/sha256/" + hex.substring(0, 2) + "/" + hex + "/data"), content);
  }

  private static Path write(Path file, byte[] content) throws IOException {
    Files.createDirectories(file.getParent());
    return Files.write(file, content);
  }

  /** As registry:2 lays them out, all with one image. */
  private void fill() throws IOException {
    byte[] config = Pictures.bytes(Pictures.config("amd64", "many"));
    byte[] layer = Pictures.bytes("layer");
    byte[] manifest = Pictures.bytes(Pictures.manifest(config, layer, "many"));
    for (byte[] each : List.of(config, layer, manifest)) {
      assertThat(blob(each)).exists();
    }
    Digest digest = Digest.sha256(manifest);
    byte[] link = Pictures.bytes(digest.toString());
    for (int i = 0; i < ON_DISK; i++) {
      Path manifests = registry().resolve("repositories/" + name(i) + "/_manifests");
      write(manifests.resolve("revisions/sha256/" + digest.hex() + "/link"), link);
      write(manifests.resolve("tags/latest/current/link"), link);
      write(manifests.resolve("tags/latest/index/sha256/" + digest.hex() + "/link"), link);
    }
  }

  private static String name(int number) {
    return "team-%02d/group-%02d/app-%05d".formatted(number % 37, number % 11, number);
  }

  /** Within a time and a size that do not grow with what is held. */
  private static JsonNode bounded(Rig rig, String query) {
    Reply reply = rig.get("-", "/ui/data/repositories" + query);
    assertThat(reply.time()).as(query).isLessThan(LONGEST);
    assertThat(reply.body().length).as(query).isLessThan(MOST_BYTES);
    return rig.data("repositories" + query);
  }

  @Test
  void onDiskEachPageOfThemIsSmallAndEveryOneOfThemIsFound() throws IOException {
    fill();
    try (Rig rig = Rig.open(folder).known()) {
      assertThat(bounded(rig, "").path("repositories")).hasSize(100);
      assertThat(bounded(rig, "").path("matching").asInt()).isEqualTo(ON_DISK);
      assertThat(bounded(rig, "?q=app-00321").path("repositories").path(0).path("name").asText())
          .isEqualTo(name(321));
      assertThat(bounded(rig, "?q=app-00321").path("matching").asInt()).isEqualTo(1);
      assertThat(bounded(rig, "?q=no%20such%20thing").path("repositories")).isEmpty();
      List<String> all = new ArrayList<>();
      String last = "";
      do {
        JsonNode page = bounded(rig, "?n=200&last=" + last);
        page.path("repositories").forEach(each -> all.add(each.path("name").asText()));
        last = page.path("next").asText("");
      } while (!last.isEmpty());
      assertThat(all).hasSize(ON_DISK).doesNotHaveDuplicates();
      assertThat(rig.get("-", "/ui/data/standing").body().length).isLessThan(MOST_BYTES);
    }
  }

  @Test
  void tenThousandAreFoundInAMomentAndAPageOfThemIsSmall() throws IOException {
    ManifestDocument document = ManifestDocument
        .parse(Pictures.bytes(Pictures.manifest(Pictures.bytes("{}"), Pictures.bytes("layer"), "many")));
    Holdings holdings = WholeHoldings.filled(all -> IntStream.range(0, MANY).forEach(
        i -> all.manifestKept(RepositoryName.parse(name(i)), Digest.sha256(Pictures.bytes("image " + i)), Keeping.OWNED,
            document)));
    Repositories repositories = new Repositories(Content.of(new InMemoryObjectStore()), holdings, true,
        System::nanoTime, Runnable::run);
    Set<String> all = new HashSet<>();
    for (String last = ""; last != null;) {
      long begun = System.nanoTime();
      Repositories.View page = repositories.list(question("", last));
      assertThat(System.nanoTime() - begun).isLessThan(LONGEST.toNanos());
      assertThat(new ObjectMapper().writeValueAsBytes(page).length).isLessThan(MOST_BYTES);
      assertThat(page.matching()).isEqualTo(MANY);
      page.repositories().forEach(row -> assertThat(all.add(row.name())).isTrue());
      last = page.next();
    }
    assertThat(all).hasSize(MANY);
    assertThat(repositories.list(question("app-07654", "")).repositories()).extracting(Repositories.Row::name)
        .containsExactly(name(7654));
  }

  private static Question question(String search, String last) {
    return new Question(new Visitor("-", false, false, true, name -> true, first -> true),
        Map.of("q", search, "last", last, "n", "200"),
        "weir");
  }

  @Test
  void aWalkBeforeTheyAreKnownGivesTheSameInTheSameOrder() throws IOException {
    fill();
    try (Rig rig = Rig.open(folder)) {
      List<String> walked = names(rig, 200);
      rig.known();
      assertThat(names(rig, 200)).isEqualTo(walked);
    }
  }

  private static List<String> names(Rig rig, int rows) {
    JsonNode page = bounded(rig, "?n=" + rows);
    return page.path("repositories").valueStream().map(each -> each.path("name").asText()).toList();
  }
}
