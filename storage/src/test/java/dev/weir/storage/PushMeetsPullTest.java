package dev.weir.storage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static dev.weir.storage.Samples.NAME;
import static dev.weir.storage.Samples.TAG;
import static org.assertj.core.api.Assertions.assertThat;

/** A push that comes while a pull of the same name is at its n-th call of the store. */
class PushMeetsPullTest {
  private static final Manifest PUSHED = Samples.image("pushed");
  private static final Manifest PULLED = Samples.image("pulled");

  private final InMemoryObjectStore memory = new InMemoryObjectStore();
  private final FaultyObjectStore store = new FaultyObjectStore(memory);
  private final ManifestStore manifests = new ManifestStore(store, new BlobStore(store), new Changes());
  private final TagStore tags = new TagStore(store, new Changes());
  private final List<Thread> pushes = new ArrayList<>();

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  void aManifestThatIsPushedWhileItIsPulledIsOwned(int nth) throws Exception {
    store.runBefore(nth, call -> true, () -> push(() -> manifests.putOwned(NAME, PULLED)));
    manifests.putCached(NAME, PULLED, "quay.io");
    awaitPush();
    assertThat(manifests.get(NAME, PULLED.digest())).isPresent();
    assertThat(manifests.isCached(NAME, PULLED.digest())).isFalse();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6})
  void aTagThatIsPushedWhileItIsPulledIsThePushedOne(int nth) throws Exception {
    manifests.putOwned(NAME, PUSHED);
    store.runBefore(nth, call -> true, () -> push(() -> tags.setOwned(NAME, TAG, PUSHED.digest())));
    tags.setCached(NAME, TAG, PULLED.digest());
    awaitPush();
    assertThat(tags.resolve(NAME, TAG)).contains(PUSHED.digest());
    assertThat(tags.isCached(NAME, TAG, PUSHED.digest())).isFalse();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6})
  void aTagThatIsPushedWhileAnotherImageIsToHaveItUnlessItIsPushedIsThePushedOne(int nth) throws Exception {
    manifests.putOwned(NAME, PUSHED);
    store.runBefore(nth, call -> true, () -> push(() -> tags.setOwned(NAME, TAG, PUSHED.digest())));
    var _ = tags.setOwnedUnlessPushed(NAME, TAG, PULLED.digest());
    awaitPush();
    assertThat(tags.resolve(NAME, TAG)).contains(PUSHED.digest());
    assertThat(tags.setOwnedUnlessPushed(NAME, TAG, PULLED.digest())).contains(PUSHED.digest());
  }

  /** It has locks of its own. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  void aManifestThatAnotherProcessPushesWhileItIsPulledIsOwned(int nth) throws Exception {
    ManifestStore others = new ManifestStore(memory, new BlobStore(memory), new Changes());
    store.runBefore(nth, call -> true, () -> others.putOwned(NAME, PULLED));
    manifests.putCached(NAME, PULLED, "quay.io");
    assertThat(manifests.get(NAME, PULLED.digest())).isPresent();
    assertThat(manifests.isCached(NAME, PULLED.digest())).isFalse();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  void aManifestThatAnotherProcessPullsWhileItIsPulledIsCached(int nth) throws Exception {
    ManifestStore others = new ManifestStore(memory, new BlobStore(memory), new Changes());
    store.runBefore(nth, call -> call.isWrite(), () -> others.putCached(NAME, PULLED, "quay.io"));
    manifests.putCached(NAME, PULLED, "quay.io");
    assertThat(manifests.isCached(NAME, PULLED.digest())).isTrue();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9})
  void aTagThatAnotherProcessPushesWhileItIsPulledIsThePushedOne(int nth) throws Exception {
    manifests.putOwned(NAME, PUSHED);
    Manifest older = Samples.image("older");
    manifests.putCached(NAME, older, "quay.io");
    tags.setCached(NAME, TAG, older.digest());
    TagStore others = new TagStore(memory, new Changes());
    store.runBefore(nth, call -> true, () -> others.setOwned(NAME, TAG, PUSHED.digest()));
    tags.setCached(NAME, TAG, PULLED.digest());
    assertThat(tags.resolve(NAME, TAG)).contains(PUSHED.digest());
    assertThat(tags.isCached(NAME, TAG, PUSHED.digest())).isFalse();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6})
  void aTagThatAnotherProcessPullsWhileItIsPushedIsThePushedOne(int nth) throws Exception {
    manifests.putOwned(NAME, PUSHED);
    TagStore others = new TagStore(memory, new Changes());
    store.runBefore(nth, call -> true, () -> others.setCached(NAME, TAG, PULLED.digest()));
    tags.setOwned(NAME, TAG, PUSHED.digest());
    assertThat(tags.resolve(NAME, TAG)).contains(PUSHED.digest());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6})
  void aTagThatIsPushedWhileItsOldManifestIsDeletedStays(int nth) throws Exception {
    tags.setOwned(NAME, TAG, PULLED.digest());
    store.runBefore(nth, call -> true, () -> push(() -> tags.setOwned(NAME, TAG, PUSHED.digest())));
    tags.deleteIfAt(NAME, TAG, PULLED.digest());
    awaitPush();
    assertThat(tags.resolve(NAME, TAG)).contains(PUSHED.digest());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  void aTagThatAnotherProcessPushesWhileItsOldImageIsEvictedIsThePushedOne(int nth) throws Exception {
    pushWhileEvicting(nth);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  void aTagThatIsPushedBackWhileItsImageIsEvictedIsThePushedOne(int nth) throws Exception {
    manifests.putCached(NAME, PUSHED, "quay.io");
    tags.setCached(NAME, TAG, PUSHED.digest());
    pushWhileEvicting(nth);
  }

  private void pushWhileEvicting(int nth) throws IOException {
    manifests.putCached(NAME, PULLED, "quay.io");
    tags.setCached(NAME, TAG, PULLED.digest());
    ManifestStore manifestsThere = new ManifestStore(memory, new BlobStore(memory), new Changes());
    TagStore tagsThere = new TagStore(memory, new Changes());
    store.runBefore(nth, call -> true, () -> {
      manifestsThere.putOwned(NAME, PUSHED);
      tagsThere.setOwned(NAME, TAG, PUSHED.digest());
    });
    tags.evict(NAME, PULLED.digest());
    assertThat(tags.resolve(NAME, TAG)).contains(PUSHED.digest());
    assertThat(tags.isCached(NAME, TAG, PUSHED.digest())).isFalse();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void aTagThatIsPulledWhileAnotherProcessEvictsItsManifestStaysUpstreams(int nthWrite) throws Exception {
    ManifestStore others = new ManifestStore(memory, new BlobStore(memory), new Changes());
    manifests.putCached(NAME, PULLED, "quay.io");
    store.runBefore(nthWrite, FaultyObjectStore.Call::isWrite,
        () -> assertThat(others.evict(NAME, PULLED.digest())).isTrue());
    assertThat(tags.setCached(NAME, TAG, PULLED.digest())).isTrue();
    manifests.putCached(NAME, PULLED, "quay.io");
    assertThat(tags.isCached(NAME, TAG, PULLED.digest())).isTrue();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18})
  void aTagThatUpstreamMovesWhileAnotherProcessEvictsItsOldImageIsNobodysPush(int nth) throws Exception {
    Manifest older = Samples.image("older");
    manifests.putCached(NAME, older, "quay.io");
    manifests.putCached(NAME, PULLED, "quay.io");
    tags.setCached(NAME, TAG, older.digest());
    TagStore others = new TagStore(memory, new Changes());
    store.runBefore(nth, call -> true, () -> others.evict(NAME, older.digest()));
    var _ = tags.setCached(NAME, TAG, PULLED.digest()); // where it is gone, the next pull sets it
    Digest now = tags.resolve(NAME, TAG).orElse(PULLED.digest());
    assertThat(now).isEqualTo(PULLED.digest());
    assertThat(tags.resolve(NAME, TAG).isEmpty() || tags.isCached(NAME, TAG, now)).isTrue();
  }

  @Test
  void aTagThatPointsElsewhereIsNotDeleted() throws Exception {
    tags.setOwned(NAME, TAG, PUSHED.digest());
    assertThat(tags.deleteIfAt(NAME, TAG, PULLED.digest())).isFalse();
    assertThat(tags.resolve(NAME, TAG)).contains(PUSHED.digest());
    assertThat(tags.deleteIfAt(NAME, TAG, PUSHED.digest())).isTrue();
    assertThat(tags.resolve(NAME, TAG)).isEmpty();
  }

  /** Starts the push and gives it every chance to overtake: until it is done or waits for the pull. */
  private void push(FaultyObjectStore.Action push) {
    Thread thread = Thread.ofVirtual().start(() -> {
      try {
        push.run();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    });
    pushes.add(thread);
    while (thread.isAlive() && thread.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
  }

  private void awaitPush() throws InterruptedException {
    assertThat(pushes).as("the pull made that many calls").hasSize(1);
    pushes.getFirst().join();
  }
}
