package dev.weir.server.keep.shared;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;

import org.junit.jupiter.api.Test;

import dev.weir.server.keep.shared.Replicas.Replica;
import dev.weir.storage.Digest;
import dev.weir.storage.Inventory.Revision;
import dev.weir.storage.Manifest;

import static dev.weir.server.keep.shared.Replicas.SIZE;
import static dev.weir.server.keep.shared.Replicas.image;
import static dev.weir.server.keep.shared.Replicas.layer;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

/** How much of a bucket goes where it is not as it was stated, as it was when the list was made, or cannot be kept bounded. */
final class SharedRoomTest {
  private static final Duration MOMENT = Duration.ofSeconds(5);

  private final Replicas all = Replicas.bounded();
  private final Replica a = all.start("a");
  private final Replica b = all.startServing("b");

  /** Of the same layer. */
  private static Manifest lie(long seed, long size) {
    byte[] json = new String(image(seed).content(), UTF_8).replace("\"size\":" + SIZE, "\"size\":" + size)
        .getBytes(UTF_8);
    return new Manifest(image(seed).mediaType(), Digest.sha256(json), json);
  }

  private void fill(int images) throws IOException {
    for (int seed = 1; seed <= images; seed++) {
      b.fetches(Replicas.APP, image(seed), layer(seed));
      all.pass(MOMENT);
    }
  }

  private void pushes(long first, long last) throws IOException {
    for (long seed = first; seed <= last; seed++) {
      b.takes(layer(seed));
      assertThat(b.stores(image(seed), layer(seed))).isTrue();
    }
  }

  private List<Long> held(long last) throws IOException {
    List<Digest> here = all.content.inventory().revisions(Replicas.APP).stream().map(Revision::digest).toList();
    return LongStream.rangeClosed(1, last).filter(seed -> here.contains(image(seed).digest())).boxed().toList();
  }

  private void until(boolean isCondemned) throws IOException {
    for (int moments = 0; all.keys("weir/gc/condemned").isEmpty() == isCondemned; moments++) {
      assertThat(moments).as("moments").isLessThan(3_000);
      all.pass(MOMENT);
    }
  }

  @Test
  void aManifestThatStatesAHugeSizeTakesNoRoomFromTheOthers() throws IOException {
    fill(6);
    for (long seed = 4; seed <= 6; seed++) {
      b.fetches(Replicas.APP, lie(seed, 1L << 62), layer(seed));
    }
    all.pass(Duration.ofHours(30));
    assertThat(held(6)).hasSize(6);
    assertThat(a.collector.state().room().held()).isBetween(6L * SIZE, 6L * SIZE + 4_000);
  }

  @Test
  void manifestsThatStateHugeOrNoSizesDoNotMakeRoomForMore() throws IOException {
    fill(9);
    for (long seed = 5; seed <= 9; seed++) {
      b.fetches(Replicas.APP, lie(seed, seed % 2 == 0 ? 1 : 1L << 62), layer(seed));
    }
    until(true);
    until(false);
    assertThat(held(9)).containsExactly(5L, 6L, 7L, 8L, 9L);
  }

  @Test
  void aListThatIsNoLongerNeededTakesNothing() throws IOException {
    pushes(20, 24);
    fill(5);
    until(true);
    for (long seed = 20; seed <= 24; seed++) {
      assertThat(all.content.manifests().delete(Replicas.APP, image(seed).digest())).isTrue();
    }
    until(false);
    assertThat(held(5)).hasSize(5);
  }

  @Test
  void aListOfWhichLessIsNeededByNowTakesTheOldestAlone() throws IOException {
    pushes(20, 23);
    fill(5);
    until(true);
    assertThat(b.collector.state().room().condemned()).isEqualTo(4);
    for (long seed = 20; seed <= 21; seed++) {
      assertThat(all.content.manifests().delete(Replicas.APP, image(seed).digest())).isTrue();
    }
    until(false);
    assertThat(held(5)).containsExactly(3L, 4L, 5L);
  }

  @Test
  void whereAllIsPushedItIsLookedThroughAnewOnlyWhenMoreWasStored() throws IOException {
    pushes(1, 12);
    all.pass(Duration.ofHours(3));
    String looked = a.collector.state().room().looked();
    all.pass(Duration.ofHours(6));
    assertThat(a.collector.state().room().looked()).isNotEmpty().isEqualTo(looked);
    b.fetches(Replicas.APP, image(13), layer(13));
    all.pass(Duration.ofHours(3));
    assertThat(a.collector.state().room().looked()).isGreaterThan(looked);
    assertThat(held(13)).doesNotContain(13L);
  }
}
