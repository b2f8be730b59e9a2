package dev.weir.server.keep;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.weir.storage.Content;
import dev.weir.storage.Digest;
import dev.weir.storage.InMemoryObjectStore;
import dev.weir.storage.Manifest;
import dev.weir.storage.RepositoryName;
import dev.weir.storage.Tag;

import static org.assertj.core.api.Assertions.assertThat;

class AdoptionTest {
  private static final RepositoryName NAME = RepositoryName.parse("library/alpine");
  private static final Tag LATEST = Tag.parse("latest");
  private static final Tag OTHER = Tag.parse("own");
  private static final byte[] LAYER = Pusher.bytes(1, 100);
  private static final Manifest FETCHED = Pusher.image(LAYER);
  private static final Manifest PUSHED = Pusher.image(LAYER, LAYER);

  @TempDir Path root;

  private final Content content = Content.of(new InMemoryObjectStore());

  private void hold() throws IOException {
    Files.createDirectories(root.resolve("weir"));
    content.manifests().putOwned(NAME, FETCHED);
    content.manifests().putOwned(NAME, PUSHED);
    content.tags().setOwned(NAME, LATEST, FETCHED.digest());
    content.tags().setOwned(NAME, OTHER, PUSHED.digest());
  }

  private static String entry(String key, int type) {
    return "\"" + key + "\":{\"Key\":\"" + key + "\",\"ExpiryData\":\"2026-11-27T23:04:05.123456789Z\",\"EntryType\":"
        + type + "}";
  }

  @Test
  void whatAProxyFetchedIsCachedFromNowOnAndTheFileIsOutOfHarmsWay() throws IOException {
    hold();
    Files.writeString(root.resolve("scheduler-state.json"), "{" + entry(NAME + "@" + FETCHED.digest(), 1) + ","
        + entry(NAME + "@" + Digest.sha256(LAYER), 0) + "," + entry("gone/image@" + PUSHED.digest(), 1) + "}");

    new Adoption(content, root).adopt();

    assertThat(content.manifests().isCached(NAME, FETCHED.digest())).isTrue();
    assertThat(content.tags().isCached(NAME, LATEST, FETCHED.digest())).isTrue();
    assertThat(content.manifests().isCached(NAME, PUSHED.digest())).isFalse();
    assertThat(content.tags().isCached(NAME, OTHER, PUSHED.digest())).isFalse();
    assertThat(content.manifests().isCached(RepositoryName.parse("gone/image"), PUSHED.digest())).isFalse();
    assertThat(root.resolve("scheduler-state.json")).doesNotExist();
    assertThat(root.resolve("weir/scheduler-state.json.adopted")).exists();
  }

  @Test
  void aFileThatNobodyUnderstandsIsMovedAllTheSame() throws IOException {
    hold();
    Files.writeString(root.resolve("scheduler-state.json"), "{\"a");
    new Adoption(content, root).adopt();
    assertThat(root.resolve("scheduler-state.json")).doesNotExist();
    assertThat(content.manifests().isCached(NAME, FETCHED.digest())).isFalse();
  }

  @Test
  void whereThereWasNoProxyNothingHappens() throws IOException {
    hold();
    new Adoption(content, root).adopt();
    assertThat(content.manifests().isCached(NAME, FETCHED.digest())).isFalse();
  }
}
