package dev.weir.server.space;

import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import dev.weir.storage.ContentListener.Keeping;
import dev.weir.storage.Digest;
import dev.weir.storage.ManifestDocument;
import dev.weir.storage.MediaTypes;
import dev.weir.storage.RepositoryName;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

/** Whoever looks at all images lets those in between who pull and push: after each step one of these does. */
class LookInStepsTest {
  private static final int REPOSITORIES = 10_000;
  private static final int IMAGES = 2 * REPOSITORIES;
  private static final RepositoryName ONE = name(7_654);
  private static final Digest SHARED = digest("layer of all");

  private final AtomicInteger steps = new AtomicInteger();
  private final Holdings holdings = new Holdings(InstantSource.system(), this::somebodyPulls);

  private static RepositoryName name(int number) {
    return RepositoryName.parse("team/app-" + number);
  }

  private static Digest digest(String text) {
    return Digest.sha256(text.getBytes(UTF_8));
  }

  private void somebodyPulls() {
    steps.incrementAndGet();
    CompletableFuture.runAsync(() -> holdings.used(digest("image 0"))).orTimeout(20, TimeUnit.SECONDS).join();
  }

  @BeforeEach
  void fill() {
    holdings.blobStored(SHARED, 1000);
    for (int i = 0; i < IMAGES; i++) {
      Digest image = digest("image " + i);
      holdings.blobStored(image, 10);
      holdings.manifestKept(name(i % REPOSITORIES), image, i < REPOSITORIES ? Keeping.OWNED : Keeping.CACHED,
          ManifestDocument.parse(manifest(SHARED, digest("layer " + i))));
    }
  }

  private static byte[] manifest(Digest... layers) {
    StringBuilder all = new StringBuilder();
    for (Digest layer : layers) {
      all.append(all.isEmpty() ? "" : ",").append("{\"mediaType\":\"l\",\"size\":1,\"digest\":\"").append(layer)
          .append("\"}");
    }
    return ("{\"schemaVersion\":2,\"mediaType\":\"" + MediaTypes.OCI_MANIFEST + "\",\"layers\":[" + all + "]}")
        .getBytes(UTF_8);
  }

  @Test
  void overSharesOfTenThousandRepositories() {
    List<Share> shares = holdings.shares();

    assertThat(shares).hasSize(REPOSITORIES).contains(new Share(ONE, 1, 1, 1010, 10));
    assertThat(steps.get()).isGreaterThanOrEqualTo(2 * IMAGES / Holdings.AT_ONCE);
  }

  @Test
  void overTheImagesOfOneRepository() {
    assertThat(holdings.imagesIn(ONE)).extracting(Holdings.Used::digest)
        .containsExactlyInAnyOrder(digest("image 7654"), digest("image 17654"));
    assertThat(steps.get()).isGreaterThanOrEqualTo(IMAGES / Holdings.AT_ONCE);
  }

  @Test
  void overTheImagesThatNameSeveralBlobsOnceForAll() {
    Digest layer = digest("layer 17654");
    Map<Digest, List<Holdings.Held>> found = holdings.imagesThatName(Set.of(layer, digest("image 3"), digest("none")));

    assertThat(found).containsOnlyKeys(layer, digest("image 3"));
    assertThat(found.get(layer)).containsExactly(new Holdings.Held(ONE, digest("image 17654"), Keeping.CACHED));
    assertThat(steps.get()).isBetween(IMAGES / Holdings.AT_ONCE, 4 * IMAGES / Holdings.AT_ONCE);
  }
}
