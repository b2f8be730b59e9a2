package dev.weir.server.keep.shared;

import java.io.IOException;
import java.util.List;

import org.junit.jupiter.api.Test;

import dev.weir.server.cache.RememberedStore;
import dev.weir.server.keep.Pusher;
import dev.weir.server.space.Pruning.Found;
import dev.weir.storage.Content;
import dev.weir.storage.ContentListener.Keeping;
import dev.weir.storage.InMemoryObjectStore;
import dev.weir.storage.Manifest;
import dev.weir.storage.ObjectKey;
import dev.weir.storage.ObjectStore;
import dev.weir.storage.StoreUnavailableException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** An image that somebody pushes, without a word, after the last look at it. */
final class GoodbyeTest {
  private static final Manifest IMAGE = Pusher.image(Pusher.bytes(1, 100));
  private static final Found FOUND = new Found(IMAGE.digest(), List.of(Replicas.APP), List.of(IMAGE.digest()), true,
      1);
  private static final Deleting.Right RIGHT = new Deleting.Right() {
    @Override
    public void require() {}

    @Override
    public void confirm() {}
  };

  private final InMemoryObjectStore bucket = new InMemoryObjectStore();
  private final Content others = Content.of(bucket);
  private final SharedStore own = new SharedStore(bucket);

  private List<?> takes(ObjectStore through) throws IOException {
    own.on((operation, key, isOver) -> {
      if (operation.equals("list") && key.endsWith("/cached-tags") && !isOver) {
        others.manifests().putOwned(Replicas.APP, IMAGE);
      }
    });
    return new Goodbye(new Docket(own), Content.of(own), Content.of(through), RIGHT).take(List.of(FOUND));
  }

  private void assertStaysOwned() throws IOException {
    assertThat(others.manifests().get(Replicas.APP, IMAGE.digest())).isPresent();
    assertThat(others.manifests().keeping(Replicas.APP, IMAGE.digest())).isEqualTo(Keeping.OWNED);
  }

  @Test
  void doesNotCountAsGone() throws IOException {
    others.manifests().putCached(Replicas.APP, IMAGE, "quay.io");
    assertThat(takes(own)).isEmpty();
    assertStaysOwned();
  }

  @Test
  void staysAlsoWhereAMemoryHasItThatUpstreamSentIt() throws IOException {
    RememberedStore remembered = new RememberedStore(own, () -> 1);
    Content.of(remembered).manifests().putCached(Replicas.APP, IMAGE, "quay.io");
    assertThat(remembered.size(mark())).isPresent();
    own.on((operation, key, isOver) -> {
      throw new StoreUnavailableException("does not answer", new IOException());
    });
    assertThatThrownBy(() -> remembered.size(new ObjectKey("other"))).isInstanceOf(StoreUnavailableException.class);
    assertThat(takes(remembered)).isEmpty();
    assertStaysOwned();
  }

  private ObjectKey mark() {
    return bucket.keys().filter(key -> key.value().contains("/_manifests/revisions/")
        && !key.value().endsWith("/link")).findFirst().orElseThrow();
  }
}
