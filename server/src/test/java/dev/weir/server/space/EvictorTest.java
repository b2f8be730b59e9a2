package dev.weir.server.space;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import dev.weir.server.cache.NoRoom;
import dev.weir.server.cache.Space.Reserved;
import dev.weir.server.keep.Claims;
import dev.weir.server.keep.Removal;
import dev.weir.storage.Content;
import dev.weir.storage.Descriptor;
import dev.weir.storage.Digest;
import dev.weir.storage.FaultyObjectStore;
import dev.weir.storage.InMemoryObjectStore;
import dev.weir.storage.Inventory;
import dev.weir.storage.Manifest;
import dev.weir.storage.RepositoryName;
import dev.weir.storage.Tag;

import static dev.weir.server.space.Documents.blob;
import static dev.weir.server.space.Documents.bytes;
import static dev.weir.server.space.Documents.document;
import static dev.weir.server.space.Documents.image;
import static dev.weir.server.space.Documents.index;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class EvictorTest {
  private static final RepositoryName NAME = RepositoryName.parse("origin/app");
  private static final RepositoryName OTHER = RepositoryName.parse("alias/app");
  private static final long LARGE = 1L << 40;
  /** Of what is held: nine blobs of a block each. */
  private static final int HELD_BLOCKS = 9;

  private final InMemoryObjectStore memory = new InMemoryObjectStore();
  private final FaultyObjectStore store = new FaultyObjectStore(memory);
  private final AtomicLong now = new AtomicLong(1_000_000);
  private final Holdings holdings = new Holdings(() -> Instant.ofEpochMilli(now.get()));
  private final Content content = Content.of(store, holdings);
  private final Readers readers = new Readers();
  private final List<Long> freed = new ArrayList<>();
  private final SpaceEvents events = new SpaceEvents() {
    @Override
    public void evicted(long bytes) {
      freed.add(bytes);
    }

    @Override
    public void refused() {}
  };
  private final Evictor evictor = new Evictor(holdings, readers, events, () -> Instant.ofEpochMilli(now.get()));

  private final Manifest child = image("child", "layer", "shared");
  private final Manifest root = index(child, image("not pulled"));
  private final Manifest single = image("single", "shared", "other");

  /** Nobody claims anything. */
  private Removal removal() {
    return new Removal(holdings, new Claims(Duration.ofHours(1), () -> Instant.ofEpochMilli(now.get())),
        content.blobs());
  }

  private EvictorTest fill() throws IOException {
    for (String each : List.of("layer", "shared", "other", "config of child", "config of single")) {
      content.blobs().commit(blob(each), bytes(each));
    }
    for (RepositoryName name : List.of(NAME, OTHER)) {
      content.manifests().putCached(name, root, "origin");
      content.manifests().putCached(name, child, "origin");
      content.tags().setCached(name, Tag.parse("v1"), root.digest());
    }
    content.manifests().putCached(NAME, single, "origin");
    content.tags().setCached(NAME, Tag.parse("v2"), single.digest());
    content.blobs().commit(blob("nameless"), bytes("nameless"));
    new HoldingsWalk(content, holdings, new Stride(0)).walk();
    now.addAndGet(100_000);
    evictor.begin(new Evictor.Means(content, removal(), digest -> false));
    return this;
  }

  private boolean isHere(String seed) throws IOException {
    return content.blobs().size(blob(seed)).isPresent();
  }

  private void evictOne() {
    int before = freed.size();
    evictor.makeRoom(() -> freed.size() > before);
  }

  @Test
  void anImageGoesWholeAndFromEverywhere() throws IOException {
    fill();
    evictOne();
    assertThat(content.manifests().has(NAME, root.digest())).isFalse();
    assertThat(content.manifests().has(OTHER, child.digest())).isFalse();
    assertThat(content.tags().resolve(OTHER, Tag.parse("v1"))).isEmpty();
    assertThat(isHere("layer")).isFalse();
    assertThat(isHere("config of child")).isFalse();
    assertThat(content.blobs().size(root.digest())).isEmpty();
    assertThat(content.blobs().isLinked(OTHER, blob("layer"))).isFalse();
    assertThat(isHere("shared")).isTrue();
    assertThat(content.blobs().isLinked(NAME, blob("shared"))).isTrue();
    assertThat(content.manifests().get(NAME, single.digest())).isPresent();
    assertThat(content.tags().resolve(NAME, Tag.parse("v2"))).contains(single.digest());
    evictOne();
    assertThat(isHere("shared")).isFalse();
    assertThat(isHere("nameless")).as("no image's business").isTrue();
  }

  static IntStream instants() {
    return IntStream.rangeClosed(1, 60);
  }

  @ParameterizedTest
  @MethodSource("instants")
  void whereverItStopsNothingThatCanBeAskedForLacksItsBytes(int write) throws IOException {
    fill();
    store.dieAt(write, FaultyObjectStore.Call::isWrite);
    evictOne();
    Content after = Content.of(memory);
    for (RepositoryName name : List.of(NAME, OTHER)) {
      for (Inventory.Revision revision : after.inventory().revisions(name)) {
        Optional<Manifest> held = after.manifests().get(name, revision.digest());
        assertThat(held).isPresent();
        for (Descriptor each : document(held.get()).blobs()) {
          assertThat(after.blobs().size(each.digest())).as("%s of %s", each, revision).isPresent();
        }
      }
      try (Stream<Tag> tags = after.tags().list(name, "")) {
        for (Tag tag : tags.toList()) {
          assertThat(after.tags().resolve(name, tag)
              .filter(digest -> isHeld(after, name, digest))).as("%s in %s", tag, name).isPresent();
        }
      }
    }
  }

  private static boolean isHeld(Content content, RepositoryName name, Digest digest) {
    try {
      return content.manifests().get(name, digest).isPresent();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void whatIsBeingReadStays() throws IOException {
    fill();
    var body = readers.watch(blob("layer"), new NoBody());
    evictOne();
    assertThat(isHere("layer")).isTrue();
    assertThat(content.manifests().has(NAME, single.digest())).isFalse();
    body.close();
    evictOne();
    assertThat(isHere("layer")).isFalse();
  }

  @Test
  void whatWasPushedMeanwhileStaysThoughTheIndexWasNotTold() throws IOException {
    fill();
    Content elsewhere = Content.of(memory);
    elsewhere.manifests().putOwned(NAME, root);
    evictor.makeRoom(() -> false);
    assertThat(elsewhere.manifests().get(NAME, root.digest())).isPresent();
    assertThat(isHere("layer")).as("named by a child of what is owned").isTrue();
    assertThat(content.manifests().has(NAME, child.digest())).isTrue();
    assertThat(content.manifests().has(NAME, single.digest())).isFalse();
  }

  @Test
  void anImageThatIsNotWholeIsLeftAloneForAMomentAndInTheBackgroundAnyOther() throws IOException {
    fill();
    content.blobs().delete(blob("other"));
    holdings.used(root.digest());
    holdings.used(single.digest());
    evictor.tidy(() -> false);
    assertThat(freed).isEmpty();
    evictor.makeRoom(() -> false);
    assertThat(freed).hasSize(1);
    assertThat(content.manifests().has(NAME, single.digest())).isTrue();
    now.addAndGet(100_000);
    evictor.tidy(() -> false);
    assertThat(freed).hasSize(2);
  }

  private Room room(long bound) {
    return new Room(new Disk() {
      @Override
      public long total() {
        return LARGE;
      }

      @Override
      public long usable() {
        return LARGE;
      }
    }, new Marks(total -> bound, max -> max, max -> max), holdings, evictor, events);
  }

  @Test
  void roomThatIsReservedIsNobodyElses() throws IOException {
    fill();
    Room room = room(100 * Blocks.BYTES);
    assertThat(room.used()).isEqualTo(HELD_BLOCKS * Blocks.BYTES);
    Reserved reserved = room.reserve(blob("coming"), 85 * Blocks.BYTES, () -> 0);
    assertThat(freed).isEmpty();
    assertThatThrownBy(() -> room.reserve(blob("too large"), 20 * Blocks.BYTES, () -> 0)).isInstanceOf(NoRoom.class);
    assertThat(freed).as("everything that could go went for it").hasSize(2);
    reserved.end(0);
    room.reserve(blob("fits now"), 20 * Blocks.BYTES, () -> 0).end(Blocks.BYTES);
    assertThat(room.used()).isEqualTo(2 * Blocks.BYTES);
  }

  @Test
  void nothingGoesBeforeAllThatIsHeldIsKnown() throws IOException {
    content.manifests().putCached(NAME, single, "origin");
    evictor.begin(new Evictor.Means(content, removal(), digest -> false));
    evictor.makeRoom(() -> false);
    assertThat(freed).isEmpty();
  }
}
