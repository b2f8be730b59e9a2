package dev.weir.server.archive.out;

import java.io.ByteArrayInputStream;
import java.io.IOException;

import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Headers as another reader reads them. */
class TarHeaderTest {
  @ParameterizedTest
  @CsvSource({"1, 1, 0, 512", "20, 5, 1, 512", "99, 1, 7, 512", "100, 1, 7, 512", "101, 1, 7, 1536", "60, 60, 7, 512",
      "155, 99, 7, 512", "154, 100, 7, 512", "156, 99, 7, 1536", "100, 101, 7, 1536", "255, 200, 511, 1536",
      "60, 60, 8589934591, 512", "60, 60, 8589934592, 1536", "3, 3, 1099511627776, 1536"})
  void saysNameAndSizeInAsLittleAsCanBe(int before, int behind, long size, int length) throws IOException {
    String path = "a".repeat(before) + (behind == 1 ? "" : "/" + "b".repeat(behind));
    byte[] header = TarHeader.file(path, size);
    assertThat(header).hasSize(length);
    try (TarArchiveInputStream tar = new TarArchiveInputStream(new ByteArrayInputStream(header))) {
      TarArchiveEntry entry = tar.getNextEntry();
      assertThat(entry.getName()).isEqualTo(path);
      assertThat(entry.getSize()).isEqualTo(size);
      assertThat(entry.isFile()).isTrue();
      assertThat(entry.getMode()).isEqualTo(0644);
    }
  }
}
