package dev.weir.server.cache;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import dev.weir.storage.Content;
import dev.weir.storage.Digest;
import dev.weir.storage.FaultyObjectStore;
import dev.weir.storage.InMemoryObjectStore;
import dev.weir.storage.ObjectKey;
import dev.weir.storage.RepositoryName;
import dev.weir.storage.StoreUnavailableException;
import dev.weir.storage.Tag;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class RememberedStoreTest {
  private static final ObjectKey LINK = new ObjectKey("a/link");
  private static final ObjectKey OTHER_LINK = new ObjectKey("b/link");
  private static final ObjectKey MARK = new ObjectKey("r/_manifests/revisions/sha256/00/cached");

  private final InMemoryObjectStore far = new InMemoryObjectStore();
  private final AtomicBoolean isDown = new AtomicBoolean();
  private final AtomicLong nanos = new AtomicLong(1);
  private final FaultyObjectStore line = new FaultyObjectStore(far).runBeforeAll(call -> isDown.get(), () -> {
    throw new StoreUnavailableException("does not answer", new IOException());
  });
  private final RememberedStore store = new RememberedStore(line, nanos::get);

  @BeforeEach
  void know() throws IOException {
    far.putBytes(LINK, new byte[]{1, 2});
    assertThat(store.get(LINK)).isPresent();
    assertThat(store.size(MARK)).isEmpty();
  }

  @Test
  void whatOthersWroteIsSeenAtOnceWhileTheStoreAnswers() throws IOException {
    far.putBytes(LINK, new byte[]{3});
    assertThat(store.get(LINK)).hasValue(new byte[]{3});
    far.delete(LINK);
    assertThat(store.get(LINK)).isEmpty();
    assertThat(store.size(LINK)).isEmpty();
  }

  @Test
  void whatWasSaidLastIsGivenWhileTheStoreDoesNotAnswer() throws IOException {
    isDown.set(true);
    assertThat(store.get(LINK)).hasValue(new byte[]{1, 2});
    assertThat(store.size(LINK)).hasValue(2);
    assertThat(store.size(MARK)).isEmpty();
    assertThatThrownBy(() -> store.get(OTHER_LINK)).isInstanceOf(StoreUnavailableException.class);
  }

  @Test
  void whatWeirNotesBesideAManifestIsTakenToBeMissing() throws IOException {
    isDown.set(true);
    assertThat(store.get(new ObjectKey("r/_manifests/revisions/sha256/11/mediatype"))).isEmpty();
    assertThatThrownBy(() -> store.get(new ObjectKey("r/_manifests/revisions/sha256/11/link")))
        .isInstanceOf(StoreUnavailableException.class);
    assertThatThrownBy(() -> store.get(new ObjectKey("weir/http.secret")))
        .isInstanceOf(StoreUnavailableException.class);
  }

  @Test
  void contentIsNeverSaidToBeMissingFromMemory() throws IOException {
    assertThat(store.get(OTHER_LINK)).isEmpty();
    isDown.set(true);
    assertThatThrownBy(() -> store.get(OTHER_LINK)).isInstanceOf(StoreUnavailableException.class);
    assertThatThrownBy(() -> store.size(OTHER_LINK)).isInstanceOf(StoreUnavailableException.class);
  }

  @Test
  void aSizeAloneDoesNotSayWhatTheContentIs() throws IOException {
    far.putBytes(OTHER_LINK, new byte[]{7});
    assertThat(store.size(OTHER_LINK)).hasValue(1);
    isDown.set(true);
    assertThat(store.size(OTHER_LINK)).hasValue(1);
    assertThatThrownBy(() -> store.get(OTHER_LINK)).isInstanceOf(StoreUnavailableException.class);
  }

  @Test
  void whoReadsAnObjectLearnsItsSizeForOthersAndWhetherTheStoreAnswers() throws IOException {
    far.putBytes(OTHER_LINK, new byte[]{7, 8, 9});
    store.open(OTHER_LINK, 0, Long.MAX_VALUE).orElseThrow().close();
    isDown.set(true);
    assertThatThrownBy(() -> store.open(OTHER_LINK, 0, Long.MAX_VALUE)).isInstanceOf(StoreUnavailableException.class);
    int asked = line.calls().size();
    assertThat(store.size(OTHER_LINK)).hasValue(3);
    assertThat(store.get(LINK)).isPresent();
    assertThat(line.calls()).as("left alone").hasSize(asked);
  }

  @Test
  void aStoreThatFailedIsAskedByOneNowAndThenUntilItAnswers() throws IOException {
    isDown.set(true);
    assertThat(store.get(LINK)).isPresent();
    int asked = line.calls().size();
    for (int i = 0; i < 10; i++) {
      assertThat(store.get(LINK)).isPresent();
    }
    assertThat(line.calls()).hasSize(asked);
    nanos.addAndGet(Duration.ofSeconds(3).toNanos());
    assertThat(store.get(LINK)).isPresent();
    assertThat(store.get(LINK)).isPresent();
    assertThat(line.calls()).hasSize(asked + 1);

    isDown.set(false);
    far.putBytes(LINK, new byte[]{9});
    nanos.addAndGet(Duration.ofSeconds(3).toNanos());
    assertThat(store.get(LINK)).hasValue(new byte[]{9});
    int answered = line.calls().size();
    assertThat(store.get(LINK)).isPresent();
    assertThat(line.calls()).hasSize(answered + 1);
  }

  @Test
  void whatWasDeletedHereIsNotRemembered() throws IOException {
    assertThat(store.delete(LINK)).isTrue();
    isDown.set(true);
    assertThatThrownBy(() -> store.get(LINK)).isInstanceOf(StoreUnavailableException.class);
  }

  /** Others moved the tag away and deleted the manifest while this process answers from memory after a moment's outage. */
  @Test
  void whatIsPushedIsWrittenThoughMemorySaysThatItStandsAlready() throws IOException {
    RepositoryName name = RepositoryName.parse("team/app");
    Tag tag = Tag.parse("v1");
    byte[] bytes = {1, 2, 3};
    Digest digest = Digest.sha256(bytes);
    Content content = Content.of(store);
    content.blobs().commit(digest, bytes);
    content.blobs().link(name, digest);
    content.tags().setOwned(name, tag, digest);
    Content others = Content.of(far);
    others.tags().delete(name, tag);
    others.blobs().delete(digest);
    others.blobs().unlink(name, digest);
    isDown.set(true);
    assertThat(store.get(LINK)).isPresent();
    isDown.set(false);
    content.blobs().commit(digest, bytes);
    content.blobs().link(name, digest);
    content.tags().setOwned(name, tag, digest);
    assertThat(others.tags().resolve(name, tag)).hasValue(digest);
    assertThat(others.blobs().size(digest)).hasValue(3);
    assertThat(others.blobs().isLinked(name, digest)).isTrue();
  }
}
