package dev.weir.server.push;

import java.io.IOException;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.weir.server.oci.ErrorCode;
import dev.weir.server.oci.RegistryException;
import dev.weir.storage.Content;
import dev.weir.storage.Digest;
import dev.weir.storage.FaultyObjectStore;
import dev.weir.storage.FaultyObjectStore.Call;
import dev.weir.storage.InMemoryObjectStore;
import dev.weir.storage.IncompleteImages.Image;
import dev.weir.storage.Manifest;
import dev.weir.storage.MediaTypes;
import dev.weir.storage.RepositoryName;
import dev.weir.storage.Tag;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class PushedManifestsTest {
  private static final RepositoryName NAME = RepositoryName.parse("mirror/app");
  private static final Tag TAG = Tag.parse("v1");
  private static final byte[] LAYER = Body.random(1, 10);
  private static final Manifest IMAGE = Documents.image(LAYER);

  private final InMemoryObjectStore memory = new InMemoryObjectStore();
  private final FaultyObjectStore store = new FaultyObjectStore(memory);
  private final Content content = Content.of(store);
  private final FakeUpstream upstream = new FakeUpstream(content);
  private final Completion completion = new Completion(content, upstream, () -> true);
  private final PushedManifests manifests = new PushedManifests(content, upstream, completion);

  @AfterEach
  void stop() {
    completion.close();
  }

  private void hold(byte[] blob) throws IOException {
    content.blobs().commit(Digest.sha256(blob), blob);
    content.blobs().link(NAME, Digest.sha256(blob));
  }

  @Test
  void whatIsPushedBecomesOwnedAlsoIfItWasCached() throws IOException {
    content.manifests().putCached(NAME, IMAGE, "quay.io/x");
    content.tags().setCached(NAME, TAG, IMAGE.digest());
    hold(LAYER);
    manifests.put(NAME, TAG, IMAGE.mediaType(), IMAGE.content());
    assertThat(content.manifests().isCached(NAME, IMAGE.digest())).isFalse();
    assertThat(content.tags().isCached(NAME, TAG, IMAGE.digest())).isFalse();
    assertThat(content.tags().setCached(NAME, TAG, Documents.index().digest())).isFalse();
    assertThat(content.tags().resolve(NAME, TAG)).contains(IMAGE.digest());
  }

  @Test
  void aDeletedTagIsFreeForUpstream() throws IOException {
    hold(LAYER);
    manifests.put(NAME, TAG, "", IMAGE.content());
    manifests.delete(NAME, TAG);
    Manifest other = Documents.index();
    content.manifests().putCached(NAME, other, "quay.io/x");
    assertThat(content.tags().setCached(NAME, TAG, other.digest())).isTrue();
  }

  @Test
  void aDeletedManifestTakesTheTagsAlongThatPointToIt() throws IOException {
    hold(LAYER);
    Manifest other = Documents.index();
    for (String tag : List.of("a", "b")) {
      manifests.put(NAME, Tag.parse(tag), "", IMAGE.content());
    }
    manifests.put(NAME, Tag.parse("b"), "", other.content());
    manifests.delete(NAME, IMAGE.digest());
    assertThat(content.tags().resolve(NAME, Tag.parse("a"))).isEmpty();
    assertThat(content.tags().resolve(NAME, Tag.parse("b"))).contains(other.digest());
    assertThat(content.manifests().get(NAME, IMAGE.digest())).isEmpty();
    assertThatThrownBy(() -> manifests.delete(NAME, IMAGE.digest())).isInstanceOfSatisfying(RegistryException.class,
        e -> assertThat(e.code()).isEqualTo(ErrorCode.MANIFEST_UNKNOWN));
  }

  @Test
  void whatSomebodyElseHasNeedNotBeHere() throws IOException {
    upstream.has(LAYER);
    manifests.put(NAME, TAG, "", IMAGE.content());
    assertThat(content.tags().resolve(NAME, TAG)).contains(IMAGE.digest());
  }

  @Test
  void whatNobodyHasIsNamedAndNothingIsStored() throws IOException {
    byte[] held = Body.random(2, 2);
    hold(held);
    assertThatThrownBy(() -> manifests.put(NAME, TAG, "", Documents.image(LAYER, held, LAYER).content()))
        .isInstanceOfSatisfying(RegistryException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.MANIFEST_BLOB_UNKNOWN))
        .hasMessageEndingWith("[" + Digest.sha256(LAYER) + "]");
    assertThat(content.tags().resolve(NAME, TAG)).isEmpty();
    assertThat(content.incomplete().all()).isEmpty();
  }

  /** A crash at any write: what is stored and lacks something is known to lack it. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void noCrashHidesThatAnImageIsIncomplete(int nth) throws IOException {
    upstream.has(LAYER);
    upstream.keepsAtOnce = false;
    store.dieAt(nth, Call::isWrite);
    boolean acknowledged = isAcknowledged();
    Content after = Content.of(memory.copy());
    if (after.manifests().get(NAME, IMAGE.digest()).isPresent()) {
      assertThat(after.incomplete().all()).containsExactly(new Image(NAME, IMAGE.digest()));
    }
    if (after.tags().resolve(NAME, TAG).isPresent() || acknowledged) {
      assertThat(after.manifests().get(NAME, IMAGE.digest())).isPresent();
    }
  }

  private boolean isAcknowledged() {
    try {
      manifests.put(NAME, TAG, "", IMAGE.content());
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "application/json", "text/plain", "application/octet-stream", MediaTypes.OCI_MANIFEST})
  void aStatedTypeThatSaysNothingGivesWayToTheDocuments(String stated) throws IOException {
    hold(LAYER);
    manifests.put(NAME, IMAGE.digest(), stated, IMAGE.content());
    assertThat(content.manifests().get(NAME, IMAGE.digest()).orElseThrow().mediaType())
        .isEqualTo(MediaTypes.OCI_MANIFEST);
  }

  /** Another program may take a blob away just when the manifest that names it is stored. */
  @Test
  void aManifestWhoseBlobWentWhileItWasStoredIsNotAcknowledgedAndMovesNoTag() throws IOException {
    hold(LAYER);
    manifests.put(NAME, TAG, IMAGE.mediaType(), IMAGE.content());
    byte[] other = Body.random(77, 10);
    hold(other);
    Manifest next = Documents.image(other);
    store.runBefore(1, call -> call.isWrite() && call.key().value().contains("revisions/sha256/" + next.digest().hex()),
        () -> content.blobs().delete(Digest.sha256(other)));
    assertThatThrownBy(() -> manifests.put(NAME, TAG, next.mediaType(), next.content()))
        .isInstanceOfSatisfying(RegistryException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.MANIFEST_BLOB_UNKNOWN));
    assertThat(content.manifests().has(NAME, next.digest())).isFalse();
    assertThat(content.tags().resolve(NAME, TAG)).contains(IMAGE.digest());
  }
}
