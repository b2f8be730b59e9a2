package dev.weir.storage;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.Test;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

class ChangesTest {
  private static final RepositoryName NAME = RepositoryName.parse("team/app");

  private final ObjectStore store = new InMemoryObjectStore();
  private final Content content = Content.of(store);
  private final byte[] bytes = "a blob".getBytes(UTF_8);
  private final Digest digest = Digest.sha256(bytes);

  private long count() {
    return content.changes().count();
  }

  @Test
  void blobThatComesChangesNothingThatCouldBeRead() throws IOException {
    content.blobs().commit(digest, bytes);
    content.blobs().link(NAME, digest);
    assertThat(count()).isZero();
  }

  @Test
  void blobThatGoesIsCountedWhicheverWay() throws IOException {
    content.blobs().commit(digest, bytes);
    content.blobs().link(NAME, digest);

    content.blobs().unlink(NAME, digest);
    assertThat(count()).isEqualTo(1);
    assertThat(new DamagedBlobs(store, ContentListener.NONE, content.changes()).setAside(digest)).isTrue();
    assertThat(count()).isEqualTo(2);
    content.blobs().commit(digest, bytes);
    content.blobs().delete(digest);
    assertThat(count()).isEqualTo(3);
  }

  @Test
  void whoeverListensIsToldOnceItIsCountedAndBeforeWhoeverMadeItGoesOn() throws IOException {
    AtomicLong heard = new AtomicLong();
    content.blobs().commit(digest, bytes);
    content.changes().listen(() -> {
      assertThat(isHeld()).isFalse();
      heard.set(count());
    });
    content.blobs().delete(digest);
    assertThat(heard).hasValue(1);
  }

  private boolean isHeld() {
    try {
      return content.blobs().size(digest).isPresent();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
