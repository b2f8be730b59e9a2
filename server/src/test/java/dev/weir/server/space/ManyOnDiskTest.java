package dev.weir.server.space;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.weir.server.pullthrough.TestWeir;
import dev.weir.storage.Digest;
import dev.weir.storage.MediaTypes;

import static dev.weir.server.space.Documents.blob;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * A directory with many blobs and repositories; {@code -Dweir.manyondisk.repositories=10000} makes it 200,000 blobs. The
 * bytes of layers are holes.
 */
class ManyOnDiskTest {
  private static final int REPOSITORIES = Integer.getInteger("weir.manyondisk.repositories", 100);
  private static final int IMAGES = 2;
  private static final int BLOBS = 9;
  private static final int LAYER_BYTES = 1 << 20;
  private static final int ROUNDS = 5;

  @TempDir private Path folder;

  private void fill(Path root) throws IOException {
    Path registry = root.resolve("docker/registry/v2");
    for (int repository = 0; repository < REPOSITORIES; repository++) {
      Path at = registry.resolve("repositories/origin/organisation/repository-" + repository);
      for (int image = 0; image < IMAGES; image++) {
        String seed = repository + "." + image;
        String json = "{\"schemaVersion\":2,\"mediaType\":\"" + MediaTypes.OCI_MANIFEST + "\",\"config\":"
            + descriptor(blob(seed + ".0")) + ",\"layers\":["
            + IntStream.range(1, BLOBS).mapToObj(each -> descriptor(blob(seed + "." + each)))
                .collect(Collectors.joining(","))
            + "]}";
        for (int each = 0; each < BLOBS; each++) {
          hole(data(registry, blob(seed + "." + each)));
          link(at.resolve("_layers/sha256"), blob(seed + "." + each));
        }
        Digest manifest = Digest.sha256(json.getBytes(StandardCharsets.UTF_8));
        Files.writeString(data(registry, manifest), json);
        link(at.resolve("_layers/sha256"), manifest);
        link(at.resolve("_manifests/revisions/sha256"), manifest);
        Files.writeString(at.resolve("_manifests/revisions/sha256/" + manifest.hex() + "/cached"), "origin");
        Path tag = Files.createDirectories(at.resolve("_manifests/tags/v" + image + "/current"));
        Files.writeString(tag.resolve("link"), manifest.toString());
      }
    }
  }

  private static String descriptor(Digest digest) {
    return "{\"digest\":\"" + digest + "\",\"size\":" + LAYER_BYTES + "}";
  }

  private static Path data(Path registry, Digest digest) throws IOException {
    return Files.createDirectories(
        registry.resolve("blobs/sha256/" + digest.hex().substring(0, 2) + "/" + digest.hex())).resolve("data");
  }

  private static void hole(Path file) throws IOException {
    try (RandomAccessFile data = new RandomAccessFile(file.toFile(), "rw")) {
      data.setLength(LAYER_BYTES);
    }
  }

  private static void link(Path below, Digest digest) throws IOException {
    Files.writeString(Files.createDirectories(below.resolve(digest.hex())).resolve("link"), digest.toString());
  }

  /** From nothing to the first answer. */
  private Duration start(Path root) {
    long begun = System.nanoTime();
    try (TestWeir weir = TestWeir.in(root).start()) {
      assertThat(weir.client().get("/v2/").status()).isEqualTo(200);
      return Duration.ofNanos(System.nanoTime() - begun);
    }
  }

  private Duration median(Path root) {
    start(root);
    return IntStream.range(0, ROUNDS).mapToObj(round -> start(root)).sorted().toList().get(ROUNDS / 2);
  }

  @Test
  void servingBeginsWithinASecondOfWhatAnEmptyDirectoryTakes() throws Exception {
    Path full = folder.resolve("full");
    fill(full);
    Duration empty = median(folder.resolve("empty"));
    Duration many = median(full);
    System.out.println("start with nothing: " + empty.toMillis() + " ms, with " + REPOSITORIES + " repositories: "
        + many.toMillis() + " ms");
    assertThat(many).isLessThan(empty.plusSeconds(1));

    try (TestWeir weir = TestWeir.in(full).start()) {
      long begun = System.nanoTime();
      while (weir.metric("weir_held_known") < 1) {
        Thread.sleep(50); // until the walk in the background is over
      }
      System.out.println("all known after " + Duration.ofNanos(System.nanoTime() - begun).toMillis() + " ms");
      assertThat(weir.metric("weir_held_blobs")).isEqualTo((double) REPOSITORIES * IMAGES * (BLOBS + 1));
      assertThat(weir.metric("weir_held_images")).isEqualTo((double) REPOSITORIES * IMAGES);
    }
  }
}
