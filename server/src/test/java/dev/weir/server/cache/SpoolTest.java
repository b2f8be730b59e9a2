package dev.weir.server.cache;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.weir.storage.Digest;

import static org.assertj.core.api.Assertions.assertThat;

final class SpoolTest {
  @TempDir Path directory;
  private final byte[] content = DownloadRig.content(5000);
  private final Digest digest = Digest.of(Digest.Algorithm.SHA512, content);

  private Path file() {
    return directory.resolve("partials/some");
  }

  @Test
  void itTakesUpWhatIsThereAndHashesItToo() throws Exception {
    Files.createDirectories(file().getParent());
    Files.write(file(), java.util.Arrays.copyOf(content, 3000));
    try (Spool spool = Spool.open(file(), digest)) {
      assertThat(spool.written()).isEqualTo(3000);
      assertThat(spool.matches()).isFalse();
      spool.append(ByteBuffer.wrap(content, 3000, 2000));
      assertThat(spool.matches()).isTrue();
    }
    assertThat(file()).hasBinaryContent(content);
  }

  @Test
  void anEmptyOneLeavesNoFile() throws Exception {
    Spool.open(file(), digest).close();
    assertThat(file()).doesNotExist();
  }

  @Test
  void theLastHolderClosesTheChannelAndNobodyComesAfter() throws Exception {
    Spool spool = Spool.open(file(), digest);
    assertThat(spool.retain()).isTrue();
    spool.close();
    assertThat(spool.channel().isOpen()).isTrue();
    spool.release();
    assertThat(spool.channel().isOpen()).isFalse();
    assertThat(spool.retain()).isFalse();
  }

  @Test
  void whatIsDiscardedIsGoneFromTheDirectory() throws Exception {
    try (Spool spool = Spool.open(file(), digest)) {
      spool.append(ByteBuffer.wrap(content));
      spool.discard();
      assertThat(file()).doesNotExist();
    }
  }
}
