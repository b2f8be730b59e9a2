package dev.weir.bench;

import java.nio.file.Path;

/** Where things lie in registry:2's layout, below the root. */
final class Tree {
  private static final Path ROOT = Path.of("docker/registry/v2");

  private Tree() {}

  /** The directory of a blob's data. */
  static Path blob(String digest) {
    String hex = hex(digest);
    return ROOT.resolve("blobs/sha256").resolve(hex.substring(0, 2)).resolve(hex);
  }

  static Path layer(String repository, String digest) {
    return repository(repository).resolve("_layers/sha256").resolve(hex(digest));
  }

  static Path revision(String repository, String digest) {
    return repository(repository).resolve("_manifests/revisions/sha256").resolve(hex(digest));
  }

  static Path tag(String repository, String tag) {
    return repository(repository).resolve("_manifests/tags").resolve(tag);
  }

  private static Path repository(String name) {
    return ROOT.resolve("repositories").resolve(name);
  }

  static String hex(String digest) {
    return digest.substring("sha256:".length());
  }
}
