package dev.weir.storage;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static dev.weir.storage.Samples.CONFIG;
import static dev.weir.storage.Samples.LAYER;
import static dev.weir.storage.Samples.NAME;
import static dev.weir.storage.Samples.OTHER;
import static dev.weir.storage.Samples.TAG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class ManifestStoreTest {
  private static final Manifest IMAGE = Samples.image("a");

  private final InMemoryObjectStore store = new InMemoryObjectStore();
  private final BlobStore blobs = new BlobStore(store);
  private final ManifestStore manifests = new ManifestStore(store, blobs, new Changes());

  @AfterEach
  void nothingStaysOpen() {
    assertThat(store.openObjects()).isZero();
  }

  @Test
  void aPushedManifestComesBackAndIsOwned() throws IOException {
    manifests.putOwned(NAME, IMAGE);
    assertIsImage(manifests.get(NAME, IMAGE.digest()).orElseThrow());
    assertThat(manifests.isCached(NAME, IMAGE.digest())).isFalse();
    assertThat(manifests.get(OTHER, IMAGE.digest())).isEmpty();
  }

  @Test
  void whatIsPinnedByTwoStaysUntilBothGiveItUp() throws IOException {
    assertThat(manifests.pin(NAME, IMAGE.digest(), "a")).as("what is not here").isFalse();
    manifests.putCached(NAME, IMAGE, "quay.io");
    assertThat(manifests.pin(NAME, IMAGE.digest(), "a")).isTrue();
    assertThat(manifests.pin(NAME, IMAGE.digest(), "b")).isTrue();
    assertThat(manifests.pins(NAME, IMAGE.digest())).containsExactly("a", "b");
    assertThat(manifests.unpin(NAME, IMAGE.digest(), "c")).isFalse();
    assertThat(manifests.unpin(NAME, IMAGE.digest(), "a")).isTrue();
    assertThat(manifests.evict(NAME, IMAGE.digest())).isFalse();
    assertThat(manifests.unpin(NAME, IMAGE.digest(), "b")).isTrue();
    assertThat(manifests.isPinned(NAME, IMAGE.digest())).isFalse();
    assertThat(manifests.evict(NAME, IMAGE.digest())).isTrue();
  }

  @Test
  void aMarkThatAPersonMadeByHandStaysBesideThoseWithNames() throws IOException {
    manifests.putCached(NAME, IMAGE, "quay.io");
    store.putBytes(Layout.pinnedMark(NAME, IMAGE.digest()), new byte[]{'\n'});
    manifests.pin(NAME, IMAGE.digest(), "a");
    manifests.unpin(NAME, IMAGE.digest(), "a");
    assertThat(manifests.isPinned(NAME, IMAGE.digest())).isTrue();
  }

  @Test
  void aPulledManifestIsCachedUntilItIsPushed() throws IOException {
    manifests.putCached(NAME, IMAGE, "quay.io");
    assertIsImage(manifests.get(NAME, IMAGE.digest()).orElseThrow());
    assertThat(manifests.isCached(NAME, IMAGE.digest())).isTrue();
    manifests.putOwned(NAME, IMAGE);
    assertThat(manifests.isCached(NAME, IMAGE.digest())).isFalse();
  }

  @Test
  void aPushedManifestStaysOwnedWhenItIsPulled() throws IOException {
    manifests.putOwned(NAME, IMAGE);
    manifests.putCached(NAME, IMAGE, "quay.io");
    assertThat(manifests.isCached(NAME, IMAGE.digest())).isFalse();
  }

  @Test
  void aPushedManifestStaysOwnedWhenItsBytesAreBroughtBack() throws IOException {
    manifests.putOwned(NAME, IMAGE);
    store.delete(Layout.blob(IMAGE.digest()));
    manifests.putCached(NAME, IMAGE, "quay.io");
    assertIsImage(manifests.get(NAME, IMAGE.digest()).orElseThrow());
    assertThat(manifests.isCached(NAME, IMAGE.digest())).isFalse();
  }

  @Test
  void onlyAPullGrantsWhatTheManifestNames() throws IOException {
    manifests.putOwned(NAME, IMAGE);
    assertThat(blobs.isLinked(NAME, LAYER)).isFalse();
    manifests.putCached(OTHER, IMAGE, "quay.io");
    assertThat(blobs.isLinked(OTHER, LAYER)).isTrue();
    assertThat(blobs.isLinked(OTHER, CONFIG)).isTrue();
  }

  @Test
  void damagedBytesAreAbsentAndHealed() throws IOException {
    manifests.putCached(NAME, IMAGE, "quay.io");
    byte[] damaged = IMAGE.content().clone();
    damaged[20] ^= 1;
    store.putBytes(Layout.blob(IMAGE.digest()), damaged);
    assertThat(manifests.get(NAME, IMAGE.digest())).isEmpty();
    manifests.putCached(NAME, IMAGE, "quay.io");
    assertIsImage(manifests.get(NAME, IMAGE.digest()).orElseThrow());
    assertThat(manifests.isCached(NAME, IMAGE.digest())).isTrue();
  }

  @Test
  void anEmptyLinkIsAbsent() throws IOException {
    manifests.putOwned(NAME, IMAGE);
    store.putBytes(Layout.revisionLink(NAME, IMAGE.digest()), new byte[0]);
    assertThat(manifests.get(NAME, IMAGE.digest())).isEmpty();
  }

  @Test
  void aBlobThatIsNoManifestIsAbsentThoughLinkedAsOne() throws IOException {
    byte[] content = "[]".getBytes(StandardCharsets.UTF_8);
    Digest digest = Digest.sha256(content);
    blobs.commit(digest, content);
    store.putBytes(Layout.revisionLink(NAME, digest), digest.toString().getBytes(StandardCharsets.UTF_8));
    assertThat(manifests.get(NAME, digest)).isEmpty();
  }

  @Test
  void whatDistributionCannotParseHasAMediatypeInPlaceOfALink() throws IOException {
    for (Manifest strange : new Manifest[]{
        Samples.manifest(MediaTypes.DOCKER_SCHEMA1_SIGNED, "{\"schemaVersion\":1,\"fsLayers\":[],\"signatures\":[]}"),
        Samples.manifest(MediaTypes.OCI_ARTIFACT, "{\"mediaType\":\"" + MediaTypes.OCI_ARTIFACT + "\"}"),
        Samples.manifest("application/x-new", "{\"schemaVersion\":2,\"mediaType\":\"application/x-new\"}"),
        Samples.manifest(MediaTypes.OCI_MANIFEST, "{\"mediaType\":\"" + MediaTypes.OCI_MANIFEST + "\"}")}) {
      manifests.putOwned(NAME, strange);
      assertThat(store.size(Layout.revisionLink(NAME, strange.digest()))).isEmpty();
      assertThat(store.size(Layout.mediaType(NAME, strange.digest()))).isPresent();
      assertThat(manifests.get(NAME, strange.digest()).orElseThrow().mediaType()).isEqualTo(strange.mediaType());
    }
  }

  @Test
  void aTypeThatWasGivenWrongOnceIsPutRight() throws IOException {
    manifests.putOwned(NAME, new Manifest("text/plain", IMAGE.digest(), IMAGE.content()));
    assertThat(manifests.get(NAME, IMAGE.digest()).orElseThrow().mediaType()).isEqualTo("text/plain");
    manifests.putOwned(NAME, IMAGE);
    assertIsImage(manifests.get(NAME, IMAGE.digest()).orElseThrow());
  }

  @Test
  void theRepositoryOfAnIndexAloneIsSeenByDistribution() throws IOException {
    Manifest index = Samples.manifest(MediaTypes.OCI_INDEX, "{\"schemaVersion\":2,\"manifests\":[]}");
    manifests.putOwned(NAME, index);
    assertThat(store.size(Layout.layerLink(NAME, index.digest()))).isPresent();
    assertThat(store.size(Layout.revisionLink(NAME, index.digest()))).isPresent();
  }

  @Test
  void garbageIsRefusedBeforeAnythingIsWritten() {
    Manifest garbage = Samples.manifest(MediaTypes.OCI_MANIFEST, "<html>");
    assertThatIllegalArgumentException().isThrownBy(() -> manifests.putOwned(NAME, garbage));
    assertThatIllegalArgumentException().isThrownBy(() -> manifests.putCached(NAME, garbage, "quay.io"));
    assertThat(store.keys()).isEmpty();
  }

  @Test
  void aRepositoryHoldsOwnedManifestsOnceOneWasPushed() throws IOException {
    manifests.putCached(NAME, IMAGE, "quay.io");
    store.putBytes(Layout.revisions(NAME, Digest.Algorithm.SHA256).resolve("rubbish/link"), new byte[71]);
    store.putBytes(Layout.revisionLink(NAME, LAYER), new byte[0]);
    assertThat(manifests.holdsOwned(NAME)).isFalse();
    manifests.putOwned(NAME, Samples.image("b"));
    assertThat(manifests.holdsOwned(NAME)).isTrue();
    assertThat(manifests.holdsOwned(OTHER)).isFalse();
  }

  @Test
  void aDeletedManifestLeavesOnlyItsBytesAndWhatItNamed() throws IOException {
    manifests.putCached(NAME, IMAGE, "quay.io");
    store.putBytes(Layout.cachedTagMark(NAME, IMAGE.digest(), TAG), new byte[0]);
    assertThat(manifests.delete(NAME, IMAGE.digest())).isTrue();
    assertThat(manifests.delete(NAME, IMAGE.digest())).isFalse();
    assertThat(manifests.get(NAME, IMAGE.digest())).isEmpty();
    assertThat(store.keys()).containsExactlyInAnyOrder(Layout.blob(IMAGE.digest()), Layout.layerLink(NAME, LAYER),
        Layout.layerLink(NAME, CONFIG));
  }

  private static void assertIsImage(Manifest found) {
    assertThat(found.mediaType()).isEqualTo(IMAGE.mediaType());
    assertThat(found.digest()).isEqualTo(IMAGE.digest());
    assertThat(found.content()).isEqualTo(IMAGE.content());
  }
}
