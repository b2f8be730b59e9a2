package dev.weir.server.registry;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

import dev.weir.server.keep.Pusher;
import dev.weir.storage.Content;
import dev.weir.storage.Digest;
import dev.weir.storage.InMemoryObjectStore;
import dev.weir.storage.Manifest;
import dev.weir.storage.RepositoryName;
import dev.weir.storage.Tag;

import static org.assertj.core.api.Assertions.assertThat;

final class HeldManifestsTest {
  private static final RepositoryName NAME = RepositoryName.parse("quay.io/team/app");
  private static final Tag TAG = Tag.parse("latest");
  private static final Manifest IMAGE = Pusher.image(Pusher.bytes(1, 100));

  private final Content content = Content.of(new InMemoryObjectStore());

  /** What lets the manifest go elsewhere comes to its end while the word is given. */
  private final class Word implements WrappedCare {
    final List<Digest> named = new ArrayList<>();

    @Override
    public BlobCare other() {
      return BlobCare.NONE;
    }

    @Override
    public void named(Digest manifest) throws IOException {
      named.add(manifest);
      content.tags().evict(NAME, manifest);
      assertThat(content.manifests().evict(NAME, manifest)).isTrue();
    }
  }

  @Test
  void aTagIsSetToAManifestThatOthersHaveWordOfOnceAndIsUpstreamsThen() throws IOException {
    Word word = new Word();
    HeldManifests held = new HeldManifests(content.manifests(), content.tags(), new StatedSizes(), word);
    content.manifests().putCached(NAME, IMAGE, "quay.io");
    held.point(NAME, TAG, IMAGE);
    assertThat(content.tags().resolve(NAME, TAG)).contains(IMAGE.digest());
    assertThat(content.tags().isCached(NAME, TAG, IMAGE.digest())).isTrue();
    held.point(NAME, TAG, IMAGE);
    assertThat(word.named).as("a tag that stays where it is costs nothing").containsExactly(IMAGE.digest());
  }
}
