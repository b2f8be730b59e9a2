package dev.weir.storage;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

import org.junit.jupiter.api.Test;

import dev.weir.storage.IncompleteImages.Image;

import static dev.weir.storage.Samples.LAYER;
import static dev.weir.storage.Samples.NAME;
import static org.assertj.core.api.Assertions.assertThat;

class IncompleteImagesTest {
  private final InMemoryObjectStore store = new InMemoryObjectStore();
  private final IncompleteImages images = new IncompleteImages(store);

  @Test
  void eachIsRememberedOnceUntilItIsRemoved() throws IOException {
    Image one = new Image(NAME, LAYER);
    Image longName = new Image(RepositoryName.parse("a/".repeat(127) + "a"), Samples.CONFIG);
    images.add(one);
    images.add(one);
    images.add(longName);
    assertThat(new IncompleteImages(store).all()).containsExactlyInAnyOrder(one, longName);
    images.remove(one);
    images.remove(one);
    assertThat(images.all()).containsExactly(longName);
  }

  @Test
  void whatIsDamagedIsLeftOut() throws IOException {
    images.add(new Image(NAME, LAYER));
    store.putBytes(new ObjectKey("weir/incomplete/empty"), new byte[0]);
    store.putBytes(new ObjectKey("weir/incomplete/half"), "a/b@sha256:12".getBytes(StandardCharsets.UTF_8));
    assertThat(images.all()).containsExactly(new Image(NAME, LAYER));
  }
}
