package dev.weir.server.space;

import java.io.IOException;

import org.junit.jupiter.api.Test;

import dev.weir.server.cache.BlobBody;
import dev.weir.server.cache.OpenBlob;
import dev.weir.storage.Digest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

class ReadersTest {
  private final Digest digest = Digest.sha256("a blob".getBytes(UTF_8));
  private final Readers readers = new Readers();

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
    BlobBody body = readers.watch(digest, new NoBody());
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
