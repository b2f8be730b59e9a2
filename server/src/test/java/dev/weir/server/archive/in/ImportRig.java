package dev.weir.server.archive.in;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import dev.weir.storage.Content;
import dev.weir.storage.Digest;
import dev.weir.storage.StoredObject;
import dev.weir.storage.Tag;
import dev.weir.storage.fs.FsObjectStore;

import static org.assertj.core.api.Assertions.assertThat;

/** Imports into data at rest, in a directory of the test. */
final class ImportRig {
  final Path root;

  ImportRig(Path root) throws IOException {
    this.root = Files.createDirectories(root);
  }

  ImportReport run(Path... sources) throws IOException {
    return run(Naming.AS_IT_IS, Optional.empty(), sources);
  }

  ImportReport run(Naming naming, Optional<NamedImage> as, Path... sources) throws IOException {
    try (Target target = new StoreTarget(new FsObjectStore(root), root, () -> {})) {
      return new Import(target, naming, as, Watch.NONE, false)
          .of(Arrays.stream(sources).map(Path::toString).toList());
    }
  }

  void assertHas(MadeImage image) throws IOException {
    assertHas(image, image.tag());
  }

  void assertHas(MadeImage image, String tag) throws IOException {
    try (FsObjectStore store = new FsObjectStore(root)) {
      Content content = Content.of(store);
      assertThat(content.tags().resolve(image.name(), new Tag(tag))).contains(image.digest());
      assertThat(content.manifests().get(image.name(), image.digest()).orElseThrow().content())
          .isEqualTo(image.manifest());
      assertThat(content.manifests().isCached(image.name(), image.digest())).isFalse();
      for (byte[] blob : image.blobs()) {
        Digest digest = Digest.sha256(blob);
        assertThat(content.blobs().isLinked(image.name(), digest)).as("%s in %s", digest, image.name()).isTrue();
        try (StoredObject object = content.blobs().open(digest).orElseThrow(); var in = object.read()) {
          assertThat(in.readAllBytes()).isEqualTo(blob);
        }
      }
    }
  }

  void assertHasNot(MadeImage image) throws IOException {
    try (FsObjectStore store = new FsObjectStore(root)) {
      Content content = Content.of(store);
      assertThat(content.manifests().has(image.name(), image.digest())).isFalse();
      assertThat(content.tags().resolve(image.name(), new Tag(image.tag()))).isEmpty();
    }
  }

  /** What lies there is what its name says, and nothing lies where it should not. */
  void assertSound() throws IOException {
    try (Stream<Path> all = Files.walk(root)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        String path = root.relativize(file).toString();
        assertThat(path).startsWith("docker/registry/v2/").doesNotContain("staging");
        if (path.endsWith("/data")) {
          String hex = file.getName(file.getNameCount() - 2).toString();
          assertThat(Digest.sha256(Files.readAllBytes(file)).hex()).isEqualTo(hex);
        }
      }
    }
  }

  static List<String> reasons(ImportReport report) {
    return report.skipped().stream().map(each -> each.what() + ": " + each.reason()).toList();
  }
}
