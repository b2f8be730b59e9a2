package dev.weir.server.space;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.Test;

import dev.weir.storage.ContentListener.Keeping;
import dev.weir.storage.Digest;
import dev.weir.storage.Manifest;
import dev.weir.storage.RepositoryName;

import static dev.weir.server.space.Documents.blob;
import static dev.weir.server.space.Documents.digests;
import static dev.weir.server.space.Documents.document;
import static dev.weir.server.space.Documents.image;
import static dev.weir.server.space.Documents.index;
import static org.assertj.core.api.Assertions.assertThat;

class HoldingsTest {
  private static final RepositoryName ONE = RepositoryName.parse("quay.io/one");
  private static final RepositoryName OTHER = RepositoryName.parse("other");

  private final Holdings holdings = new Holdings(() -> Instant.ofEpochSecond(1));

  private void keep(RepositoryName name, Manifest manifest, Keeping keeping) {
    holdings.manifestKept(name, manifest.digest(), keeping, document(manifest));
    holdings.blobStored(manifest.digest(), manifest.content().length);
  }

  private Manifest cached(String seed, String... layers) {
    Manifest manifest = image(seed, layers);
    keep(ONE, manifest, Keeping.CACHED);
    return manifest;
  }

  private Optional<Digest> oldest() {
    return holdings.oldest(eviction -> false).map(Eviction::root);
  }

  private Eviction next() {
    return holdings.oldest(eviction -> false).orElseThrow();
  }

  private void evict(Eviction eviction) {
    eviction.manifests().forEach(
        victim -> victim.repositories().forEach(name -> holdings.manifestRemoved(name, victim.digest())));
    eviction.blobs().stream().filter(each -> !holdings.isNamed(each)).forEach(holdings::blobRemoved);
  }

  @Test
  void aBlobIsNamedAsLongAsAnImageThatNamesItIsHeld() {
    Manifest first = cached("first", "shared");
    Manifest second = cached("second", "shared");
    holdings.manifestRemoved(ONE, first.digest());
    assertThat(holdings.isNamed(blob("shared"))).isTrue();
    assertThat(holdings.isNamed(blob("config of first"))).isFalse();
    assertThat(holdings.imagesThatName(blob("shared"))).extracting(Holdings.Held::digest)
        .containsExactly(second.digest());
    holdings.manifestRemoved(ONE, second.digest());
    assertThat(holdings.isNamed(blob("shared"))).isFalse();
    assertThat(holdings.isNamed(second.digest())).isFalse();
  }

  @Test
  void aManifestIsNamedByTheRepositoriesThatHaveIt() {
    Manifest image = cached("image");
    keep(OTHER, image, Keeping.CACHED);
    holdings.manifestRemoved(ONE, image.digest());
    assertThat(holdings.isNamed(image.digest())).isTrue();
    holdings.manifestRemoved(OTHER, image.digest());
    assertThat(holdings.isNamed(image.digest())).isFalse();
  }

  @Test
  void whatAnIndexNamesIsNamedThoughItIsNotHeld() {
    Manifest child = image("child", "layer");
    keep(ONE, index(child), Keeping.CACHED);
    assertThat(holdings.isNamed(child.digest())).isTrue();
    assertThat(holdings.isNamed(blob("layer"))).isFalse();
  }

  @Test
  void theLeastRecentlyUsedImageGoesFirst() {
    Manifest first = cached("first");
    Manifest second = cached("second");
    Manifest third = cached("third");
    holdings.used(first.digest());
    assertThat(oldest()).contains(second.digest());
    evict(next());
    assertThat(oldest()).contains(third.digest());
    evict(next());
    assertThat(oldest()).contains(first.digest());
    evict(next());
    assertThat(oldest()).isEmpty();
    assertThat(holdings.totals()).isEqualTo(new Holdings.Totals(0, 0, 1, 0, 0));
  }

  @Test
  void anIndexGoesWithItsChildrenAndUseOfAChildIsUseOfTheIndex() {
    Manifest child = image("child", "layer");
    Manifest root = index(child, image("never pulled"));
    keep(ONE, root, Keeping.CACHED);
    keep(ONE, child, Keeping.CACHED);
    Manifest other = cached("other");
    holdings.used(child.digest());
    assertThat(oldest()).contains(other.digest());
    evict(next());
    assertThat(next().manifests()).extracting(Eviction.Victim::digest).containsExactly(root.digest(), child.digest());
    assertThat(next().blobs()).contains(root.digest(), child.digest(), blob("layer"), blob("config of child"));
    evict(next());
    assertThat(holdings.nameless()).isEmpty();
    assertThat(oldest()).isEmpty();
  }

  @Test
  void aChildThatAnotherIndexNamesStays() {
    Manifest child = image("child");
    Manifest first = index(child, image("a"));
    Manifest second = index(child, image("b"));
    for (Manifest each : List.of(first, second, child)) {
      keep(ONE, each, Keeping.CACHED);
    }
    holdings.used(second.digest());
    assertThat(next().manifests()).extracting(Eviction.Victim::digest).isEqualTo(digests(first));
    evict(next());
    assertThat(next().manifests()).extracting(Eviction.Victim::digest).isEqualTo(digests(second, child));
  }

  @Test
  void whatAPersonOwnsOrPinnedAnywhereStaysWithAllThatItNames() {
    Manifest child = image("child", "layer");
    Manifest root = index(child);
    keep(ONE, child, Keeping.CACHED);
    keep(OTHER, root, Keeping.OWNED);
    assertThat(oldest()).isEmpty();
    keep(OTHER, root, Keeping.CACHED);
    assertThat(oldest()).contains(root.digest());
    holdings.keepingChanged(OTHER, root.digest(), Keeping.PINNED);
    assertThat(oldest()).isEmpty();
    holdings.keepingChanged(OTHER, root.digest(), Keeping.CACHED);
    holdings.manifestRemoved(OTHER, root.digest());
    assertThat(oldest()).contains(child.digest());
  }

  @Test
  void anImageThatIsSparedLetsTheNextGo() {
    Manifest first = cached("first");
    Manifest second = cached("second");
    assertThat(holdings.oldest(eviction -> eviction.root().equals(first.digest())).map(Eviction::root))
        .contains(second.digest());
    assertThat(holdings.oldest(eviction -> true)).isEmpty();
  }

  @Test
  void aRepositoryKeepsItsRightToWhatAnotherOfItsImagesNames() {
    Manifest first = cached("first", "shared", "own");
    cached("second", "shared");
    keep(OTHER, first, Keeping.CACHED);
    holdings.used(blob("nothing"));
    Eviction eviction = holdings.oldest(each -> !each.root().equals(first.digest())).orElseThrow();
    assertThat(eviction.links()).contains(new Eviction.Link(ONE, blob("own")), new Eviction.Link(OTHER, blob("shared")),
        new Eviction.Link(OTHER, first.digest())).doesNotContain(new Eviction.Link(ONE, blob("shared")));
  }

  @Test
  void sharesTellOwnedFromCached() {
    cached("first", "layer");
    keep(OTHER, image("mine", "layer"), Keeping.OWNED);
    holdings.blobStored(blob("layer"), 1_000_000);
    assertThat(holdings.shares()).filteredOn(share -> share.name().equals(ONE)).singleElement()
        .satisfies(share -> {
          assertThat(share.cached()).isEqualTo(1);
          assertThat(share.owned()).isZero();
          assertThat(share.cachedBytes()).isBetween(1_000_000L, 1_001_000L);
          assertThat(share.ownedBytes()).isZero();
        });
    assertThat(holdings.shares()).filteredOn(share -> share.name().equals(OTHER)).singleElement()
        .satisfies(share -> assertThat(share.ownedBytes()).isBetween(1_000_000L, 1_001_000L));
  }
}
