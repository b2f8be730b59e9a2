package dev.weir.storage;

import java.nio.charset.StandardCharsets;

/** Things to store. */
final class Samples {
  static final RepositoryName NAME = new RepositoryName("quay.io/app");
  static final RepositoryName OTHER = new RepositoryName("quay.io/other");
  static final Tag TAG = new Tag("v1");
  static final Digest CONFIG = Digest.sha256("config".getBytes(StandardCharsets.UTF_8));
  static final Digest LAYER = Digest.sha256("layer".getBytes(StandardCharsets.UTF_8));

  private Samples() {}

  /** An image of {@link #CONFIG} and {@link #LAYER}; another seed, another digest. */
  static Manifest image(String seed) {
    return manifest(MediaTypes.OCI_MANIFEST,
        "{\"schemaVersion\":2,\"mediaType\":\"" + MediaTypes.OCI_MANIFEST + "\",\"config\":{\"digest\":\"" + CONFIG
            + "\"},\"layers\":[{\"digest\":\"" + LAYER + "\"}],\"annotations\":{\"seed\":\"" + seed + "\"}}");
  }

  static Manifest manifest(String mediaType, String json) {
    byte[] content = json.getBytes(StandardCharsets.UTF_8);
    return new Manifest(mediaType, Digest.sha256(content), content);
  }
}
