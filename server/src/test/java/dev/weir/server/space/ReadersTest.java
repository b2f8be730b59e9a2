package dev.weir.server.space;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.Optional;

import org.junit.jupiter.api.Test;

import dev.weir.server.cache.BlobBody;
import dev.weir.server.cache.OpenBlob;
import dev.weir.storage.Digest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

class ReadersTest {
  private final Digest digest = Digest.sha256("a blob".getBytes(UTF_8));
  private final Readers readers = new Readers();

  /** One whose file can be kept open. */
  private static final class Lasting implements BlobBody {
    @Override
    public long size() {
      return 0;
    }

    @Override
    public FileChannel file() {
      throw new IllegalStateException("nobody looks into it");
    }

    @Override
    public long awaitBeyond(long offset) {
      return 0;
    }

    @Override
    public Optional<OpenBlob> keepOpen() {
      return Optional.of(new OpenBlob() {
        @Override
        public Optional<BlobBody> body() {
          return Optional.of(new NoBody());
        }

        @Override
        public void close() {}
      });
    }

    @Override
    public void close() {}
  }

  @Test
  void blobIsReadUntilItsLastReaderHasClosedIt() throws IOException {
    BlobBody one = readers.watch(digest, new NoBody());
    BlobBody other = readers.watch(digest, new NoBody());
    one.close();
    one.close();
    assertThat(readers.isRead(digest)).isTrue();
    other.close();
    assertThat(readers.isRead(digest)).isFalse();
  }

  @Test
  void blobThatIsOnlyKeptOpenMayGoAndOneThatIsSentFromThereMayNot() throws IOException {
    BlobBody body = readers.watch(digest, new Lasting());
    OpenBlob open = body.keepOpen().orElseThrow();
    body.close();
    assertThat(readers.isRead(digest)).isFalse();

    BlobBody further = open.body().orElseThrow();
    assertThat(readers.isRead(digest)).isTrue();
    open.close();
    assertThat(readers.isRead(digest)).isTrue();
    further.close();
    assertThat(readers.isRead(digest)).isFalse();
  }
}
