package dev.weir.server.realclient;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

import static org.assertj.core.api.Assertions.assertThat;

/** What {@code skopeo copy … dir:} wrote: every manifest and blob of an image in a file named by its digest. */
record DirImage(Path directory) {

  /** The top manifest, every child and every blob are there, byte for byte. */
  void assertHolds(TestImage image) {
    assertThat(directory.resolve("manifest.json")).hasBinaryContent(image.top().bytes());
    for (TestManifest child : image.children()) {
      assertThat(directory.resolve(child.digest().hex() + ".manifest.json")).hasBinaryContent(child.bytes());
    }
    for (TestBlob blob : image.blobs()) {
      assertThat(mismatch(directory.resolve(blob.digest().hex()), blob.file())).as("first difference in %s", blob)
          .isEqualTo(-1);
    }
  }

  private static long mismatch(Path actual, Path expected) {
    try {
      return Files.mismatch(actual, expected);
    } catch (IOException e) {
      throw new UncheckedIOException("compare " + actual + " with " + expected, e);
    }
  }
}
