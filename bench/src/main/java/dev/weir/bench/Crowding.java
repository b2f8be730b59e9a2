package dev.weir.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Fills a store with many small images, as registry:2 would have written them. */
final class Crowding {
  private static final int TAGS = 10;

  private Crowding() {}

  /** Repositories with ten tags each, every one of its own manifest and layer. */
  static void fill(Path data, int repositories) throws IOException {
    for (int i = 0; i < repositories; i++) {
      for (int j = 0; j < TAGS; j++) {
        image(data, "crowd/team-%d/app-%d".formatted(i % 10, i), "v1." + j);
      }
    }
  }

  private static void image(Path data, String repository, String tag) throws IOException {
    Blob layer = Blob.of(repository + " " + tag);
    Blob config = Blob
        .of("{\"architecture\":\"amd64\",\"os\":\"linux\",\"author\":\"" + repository + " " + tag + "\"}");
    Blob manifest = Content.manifest(config, List.of(layer));
    for (Blob blob : List.of(layer, config, manifest)) {
      write(data.resolve(Tree.blob(blob.digest())).resolve("data"), blob.bytes());
    }
    link(data.resolve(Tree.layer(repository, layer.digest())), layer);
    link(data.resolve(Tree.layer(repository, config.digest())), config);
    link(data.resolve(Tree.revision(repository, manifest.digest())), manifest);
    link(data.resolve(Tree.tag(repository, tag)).resolve("current"), manifest);
    link(data.resolve(Tree.tag(repository, tag)).resolve("index/sha256").resolve(Tree.hex(manifest.digest())),
        manifest);
  }

  private static void link(Path directory, Blob blob) throws IOException {
    write(directory.resolve("link"), Blob.of(blob.digest()).bytes());
  }

  private static void write(Path file, byte[] bytes) throws IOException {
    Files.createDirectories(file.getParent());
    Files.write(file, bytes);
  }
}
