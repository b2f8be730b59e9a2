package dev.weir.server.push;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import dev.weir.server.oci.RegistryException;
import dev.weir.storage.Content;
import dev.weir.storage.Digest;
import dev.weir.storage.FaultyObjectStore;
import dev.weir.storage.FaultyObjectStore.Operation;
import dev.weir.storage.InMemoryObjectStore;
import dev.weir.storage.IncompleteImages.Image;
import dev.weir.storage.Manifest;
import dev.weir.storage.ManifestDocument;
import dev.weir.storage.RepositoryName;

import static org.assertj.core.api.Assertions.assertThat;

class CompletionTest {
  private static final RepositoryName NAME = RepositoryName.parse("mirror/app");
  private static final byte[] ONE = Body.random(1, 10);
  private static final byte[] TWO = Body.random(2, 20);

  private final InMemoryObjectStore memory = new InMemoryObjectStore();
  private final FaultyObjectStore store = new FaultyObjectStore(memory);
  private final Content content = Content.of(store);
  private final FakeUpstream upstream = new FakeUpstream(content);
  private final Completion completion = new Completion(content, upstream, () -> true);

  @AfterEach
  void stop() {
    completion.close();
  }

  private void complete(Manifest manifest) throws IOException {
    content.manifests().putOwned(NAME, manifest);
    completion.note(new Image(NAME, manifest.digest()));
    completion.start(new Image(NAME, manifest.digest()));
    awaitNonePending(completion);
  }

  private static void awaitNonePending(Completion completion) throws IOException {
    long deadline = System.nanoTime() + 60_000_000_000L;
    while (completion.pending() > 0) {
      assertThat(System.nanoTime()).as("it is completed in time").isLessThan(deadline);
      LockSupport.parkNanos(100_000);
    }
  }

  private void assertHeld(byte[]... blobs) throws IOException {
    for (byte[] blob : blobs) {
      assertThat(content.blobs().size(Digest.sha256(blob))).hasValue(blob.length);
    }
  }

  @Test
  void everythingThatAnImageNamesIsFetchedOnce() throws IOException {
    byte[] nothing = {};
    upstream.has(ONE, TWO, nothing);
    complete(Documents.image(ONE, TWO, ONE, nothing));
    assertHeld(ONE, TWO, nothing);
    assertThat(upstream.asked).containsExactlyInAnyOrder("blob " + Digest.sha256(ONE), "blob " + Digest.sha256(TWO),
        "blob " + Digest.sha256(nothing));
  }

  @Test
  void theChildrenOfAnIndexAreFetchedAndThoseThatNobodyHasAreLeftOut() throws IOException {
    Manifest child = Documents.image(ONE);
    Manifest inner = Documents.index(child.digest());
    Digest nowhere = Digest.sha256(Body.random(9, 9));
    upstream.has(ONE);
    upstream.has(child);
    upstream.has(inner);
    complete(Documents.index(nowhere, inner.digest()));
    assertHeld(ONE);
    assertThat(content.manifests().get(NAME, child.digest())).isPresent();
  }

  @Test
  void whatFailsIsTriedAgain() throws IOException {
    upstream.has(ONE);
    upstream.failures.add(RegistryException.badGateway("upstream is down", null));
    complete(Documents.image(ONE));
    assertHeld(ONE);
    assertThat(upstream.asked).hasSize(2);
  }

  @Test
  void anotherProcessGoesOnWithWhatOneLeft() throws IOException {
    Manifest image = Documents.image(ONE);
    content.manifests().putOwned(NAME, image);
    completion.note(new Image(NAME, image.digest()));
    upstream.has(ONE);
    try (Completion after = new Completion(content, upstream, () -> true)) {
      assertThat(after.pending()).isEqualTo(1);
      after.resume();
      awaitNonePending(after);
    }
    assertHeld(ONE);
  }

  @Test
  void whatIsNotThereAnyMoreNeedNotBeCompleted() throws IOException {
    completion.note(new Image(NAME, Digest.sha256(ONE)));
    completion.resume();
    awaitNonePending(completion);
    assertThat(upstream.asked).isEmpty();
  }

  /** Bytes can be read before the store has taken them: that is no reason to begin anew. */
  @Test
  void aBlobThatIsNotStoredYetIsWaitedFor() throws IOException {
    upstream.has(ONE);
    upstream.keepsAtOnce = false;
    String hex = Digest.sha256(ONE).hex();
    store.runBefore(3, call -> call.operation() == Operation.SIZE && call.key().value().contains(hex),
        () -> Content.of(memory).blobs().commit(Digest.sha256(ONE), ONE));
    complete(Documents.image(ONE));
    assertThat(upstream.asked).hasSize(1);
  }

  @Test
  @Timeout(300)
  void indexesThatNameEachOtherManyTimesCostNoMoreThanTheyAre() throws IOException {
    Manifest top = Documents.image(ONE);
    upstream.has(ONE);
    content.manifests().putOwned(NAME, top);
    for (int i = 0; i < 3_000; i++) {
      top = Documents.index(top.digest(), top.digest());
      content.manifests().putOwned(NAME, top);
    }
    assertThat(completion.isComplete(NAME, ManifestDocument.parse(top.content()))).isFalse();
    complete(top);
    assertHeld(ONE);
    assertThat(completion.isComplete(NAME, ManifestDocument.parse(top.content()))).isTrue();
  }

  @Test
  void completenessIsSeenFromWhatIsHeld() throws IOException {
    Manifest image = Documents.image(ONE);
    Manifest index = Documents.index(image.digest());
    assertThat(isComplete(index)).isFalse();
    content.manifests().putOwned(NAME, image);
    assertThat(List.of(isComplete(index), isComplete(image))).containsOnly(false);
    content.blobs().commit(Digest.sha256(ONE), ONE);
    assertThat(List.of(isComplete(index), isComplete(image))).containsOnly(true);
  }

  private boolean isComplete(Manifest manifest) throws IOException {
    return completion.isComplete(NAME, ManifestDocument.parse(manifest.content()));
  }
}
