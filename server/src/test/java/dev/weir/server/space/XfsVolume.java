package dev.weir.server.space;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

/** An xfs of its own, in a file, mounted for one test. */
final class XfsVolume implements AutoCloseable {
  /** Smaller ones mkfs.xfs refuses. */
  static final long SMALLEST_BYTES = 300L << 20;

  private final Path directory;

  private XfsVolume(Path directory) {
    this.directory = directory;
  }

  /** Skips the test where nobody may mount. */
  static XfsVolume in(Path folder, long bytes) throws IOException {
    assumeThat(Files.getAttribute(Path.of("/proc/self"), "unix:uid")).as("only uid 0 may mount").isEqualTo(0);
    Path image = folder.resolve("xfs.img");
    try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
      file.setLength(bytes);
    }
    assertThat(run("mkfs.xfs", "-q", image.toString())).isZero();
    Path directory = Files.createDirectory(folder.resolve("xfs"));
    assumeThat(run("mount", "-o", "loop", image.toString(), directory.toString())).as("a loop mount was refused")
        .isZero();
    return new XfsVolume(directory);
  }

  Path directory() {
    return directory;
  }

  static int run(String... command) {
    try {
      Process process = new ProcessBuilder(List.of(command)).redirectErrorStream(true).start();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      int status = process.waitFor();
      if (status != 0) {
        System.err.println(String.join(" ", command) + ": " + said);
      }
      return status;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    assertThat(run("umount", directory.toString())).isZero();
  }
}
