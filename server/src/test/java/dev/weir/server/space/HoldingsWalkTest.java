package dev.weir.server.space;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

import org.junit.jupiter.api.Test;

import dev.weir.server.keep.Claims;
import dev.weir.server.keep.Removal;
import dev.weir.storage.Content;
import dev.weir.storage.ContentListener.Keeping;
import dev.weir.storage.Digest;
import dev.weir.storage.InMemoryObjectStore;
import dev.weir.storage.Manifest;
import dev.weir.storage.ObjectKey;
import dev.weir.storage.RepositoryName;
import dev.weir.storage.Tag;

import static dev.weir.server.space.Documents.blob;
import static dev.weir.server.space.Documents.bytes;
import static dev.weir.server.space.Documents.image;
import static dev.weir.server.space.Documents.index;
import static org.assertj.core.api.Assertions.assertThat;

class HoldingsWalkTest {
  private static final RepositoryName CACHED = RepositoryName.parse("quay.io/cached");
  private static final RepositoryName OWNED = RepositoryName.parse("owned");

  private final InMemoryObjectStore store = new InMemoryObjectStore();
  /** Another process, which tells us nothing. */
  private final Content elsewhere = Content.of(store);
  private final Holdings holdings = new Holdings(() -> Instant.ofEpochSecond(1));
  private final Content content = Content.of(store, holdings);
  private final HoldingsWalk walk = new HoldingsWalk(content, holdings, new Stride(0));
  private final Manifest child = image("child", "layer");
  private final Manifest root = index(child);

  private void fill(Content by) throws IOException {
    for (String each : new String[]{"layer", "config of child", "of nobody"}) {
      by.blobs().commit(blob(each), bytes(each));
    }
    by.manifests().putCached(CACHED, child, "quay.io/cached");
    by.manifests().putCached(CACHED, root, "quay.io/cached");
    by.tags().setCached(CACHED, Tag.parse("v1"), root.digest());
    by.manifests().putOwned(OWNED, image("mine", "layer"));
  }

  private void assertKnown() {
    assertThat(holdings.isNamed(blob("layer"))).isTrue();
    assertThat(holdings.isNamed(child.digest())).isTrue();
    assertThat(holdings.size(blob("layer"))).hasValue(5);
    assertThat(holdings.nameless()).containsExactly(blob("of nobody"));
    assertThat(holdings.imagesThatName(blob("layer"))).extracting(Holdings.Held::keeping)
        .containsExactlyInAnyOrder(Keeping.CACHED, Keeping.OWNED);
    assertThat(holdings.totals().images()).isEqualTo(3);
  }

  @Test
  void whatAManifestMentionsThatCannotBeReadIsNamed() throws IOException {
    fill(elsewhere);
    byte[] strange = ("{\"schemaVersion\":2,\"LAYERS\":[{\"digest\":\"" + blob("of nobody") + "\"}]}")
        .getBytes(StandardCharsets.UTF_8);
    Digest digest = Digest.sha256(strange);
    elsewhere.blobs().commit(digest, strange);
    store.putBytes(new ObjectKey("docker/registry/v2/repositories/owned/_manifests/revisions/sha256/" + digest.hex()
        + "/link"), digest.toString().getBytes(StandardCharsets.UTF_8));
    walk.walk();
    assertThat(holdings.isNamed(blob("of nobody"))).isTrue();
    assertThat(holdings.nameless()).isEmpty();
  }

  @Test
  void whatIsInTheTreeIsKnownAfterAWalk() throws IOException {
    fill(elsewhere);
    assertThat(holdings.isWhole()).isFalse();
    walk.walk();
    assertThat(holdings.isWhole()).isTrue();
    assertKnown();
  }

  @Test
  void whatIsDoneHereIsKnownWithoutAWalk() throws IOException {
    fill(content);
    assertKnown();
    Holdings.Totals before = holdings.totals();
    walk.walk();
    assertThat(holdings.totals()).isEqualTo(before);
  }

  @Test
  void whatAnotherProgramTookIsForgottenByTheNextWalk() throws IOException {
    fill(content);
    walk.walk();
    elsewhere.manifests().delete(OWNED, image("mine", "layer").digest());
    elsewhere.manifests().delete(CACHED, root.digest());
    elsewhere.manifests().delete(CACHED, child.digest());
    elsewhere.blobs().delete(blob("of nobody"));
    walk.walk();
    assertThat(holdings.isNamed(blob("layer"))).isFalse();
    assertThat(holdings.size(blob("of nobody"))).isEmpty();
    assertThat(holdings.totals().images()).isZero();
    assertThat(holdings.nameless()).contains(blob("layer"), root.digest());
  }

  @Test
  void whatIsPinnedIsKnownAsSuch() throws IOException {
    fill(elsewhere);
    elsewhere.manifests().pin(CACHED, root.digest(), "site");
    walk.walk();
    assertThat(holdings.oldest(each -> false)).isEmpty();
    assertThat(content.manifests().evict(CACHED, root.digest())).isFalse();
    content.manifests().unpin(CACHED, root.digest(), "site");
    assertThat(holdings.oldest(each -> false).map(Eviction::root)).contains(root.digest());
  }

  @Test
  void nothingIsRemovedBeforeTheFirstWalkIsOver() throws IOException {
    fill(elsewhere);
    BlobRemoval removal = new Removal(holdings, new Claims(Duration.ofHours(1), InstantSource.system()),
        content.blobs());
    assertThat(removal.remove(blob("of nobody"))).isFalse();
    walk.walk();
    assertThat(removal.remove(blob("of nobody"))).isTrue();
    assertThat(removal.remove(blob("layer"))).isFalse();
    assertThat(content.blobs().size(blob("of nobody"))).isEmpty();
  }
}
