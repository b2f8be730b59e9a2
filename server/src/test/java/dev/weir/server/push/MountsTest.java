package dev.weir.server.push;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import dev.weir.server.cache.RememberedStore;
import dev.weir.storage.BlobStore;
import dev.weir.storage.Digest;
import dev.weir.storage.FaultyObjectStore;
import dev.weir.storage.InMemoryObjectStore;
import dev.weir.storage.RepositoryName;
import dev.weir.storage.StoreUnavailableException;

import static org.assertj.core.api.Assertions.assertThat;

class MountsTest {
  private static final RepositoryName HERE = RepositoryName.parse("team/here");
  private static final RepositoryName THERE = RepositoryName.parse("team/there");
  private static final byte[] BLOB = {1, 2, 3};
  private static final Digest DIGEST = Digest.sha256(BLOB);

  private final BlobStore blobs = new BlobStore(new InMemoryObjectStore());
  private final Mounts mounts = new Mounts(blobs);

  @BeforeEach
  void store() throws IOException {
    blobs.commit(DIGEST, BLOB);
  }

  @Test
  void aBlobIsTakenOverFromARepositoryThatHasIt() throws IOException {
    blobs.link(THERE, DIGEST);
    assertThat(mounts.mount(HERE, DIGEST, Optional.of(THERE))).isTrue();
    assertThat(blobs.isLinked(HERE, DIGEST)).isTrue();
  }

  @Test
  void whatTheRepositoryHasItselfNeedsNoSource() throws IOException {
    blobs.link(HERE, DIGEST);
    assertThat(mounts.mount(HERE, DIGEST, Optional.empty())).isTrue();
    assertThat(mounts.mount(HERE, DIGEST, Optional.of(THERE))).isTrue();
  }

  @Test
  void thatABlobIsSomewhereGivesNobodyARightToIt() throws IOException {
    blobs.link(THERE, DIGEST);
    assertThat(mounts.mount(HERE, DIGEST, Optional.empty())).isFalse();
    assertThat(mounts.mount(HERE, DIGEST, Optional.of(RepositoryName.parse("team/third")))).isFalse();
    assertThat(blobs.isLinked(HERE, DIGEST)).isFalse();
  }

  /** A cached manifest's links stand before its blobs come. */
  @Test
  void aLinkWithoutBytesCannotBeMounted() throws IOException {
    Digest absent = Digest.sha256(new byte[]{9});
    blobs.link(THERE, absent);
    assertThat(mounts.mount(HERE, absent, Optional.of(THERE))).isFalse();
  }

  @Test
  void whatABucketIsOnlyRememberedToHaveIsNotMounted() throws IOException {
    InMemoryObjectStore bucket = new InMemoryObjectStore();
    AtomicBoolean isDown = new AtomicBoolean();
    BlobStore remembered = new BlobStore(
        new RememberedStore(new FaultyObjectStore(bucket).runBeforeAll(call -> isDown.get(), () -> {
          throw new StoreUnavailableException("does not answer", new IOException());
        }), () -> 1));
    remembered.commit(DIGEST, BLOB);
    remembered.link(HERE, DIGEST);
    assertThat(remembered.isLinked(HERE, DIGEST)).isTrue();
    isDown.set(true);
    assertThat(remembered.size(DIGEST)).hasValue(BLOB.length);
    isDown.set(false);
    new BlobStore(bucket).delete(DIGEST);
    assertThat(remembered.size(DIGEST)).as("for a moment").hasValue(BLOB.length);
    assertThat(new Mounts(remembered).mount(HERE, DIGEST, Optional.empty())).isFalse();
  }
}
