package dev.weir.server.space;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.weir.storage.Digest;
import dev.weir.storage.Manifest;
import dev.weir.storage.ManifestDocument;

/** Manifests to be held. */
final class Documents {
  private static final String IMAGE = "application/vnd.oci.image.manifest.v1+json";
  private static final String INDEX = "application/vnd.oci.image.index.v1+json";

  private Documents() {}

  static byte[] bytes(String seed) {
    return seed.getBytes(StandardCharsets.UTF_8);
  }

  static Digest blob(String seed) {
    return Digest.sha256(bytes(seed));
  }

  /** An image with a config of its own, and these layers. */
  static Manifest image(String seed, String... layers) {
    String list = Stream.of(layers).map(layer -> descriptor(blob(layer))).collect(Collectors.joining(","));
    return manifest(IMAGE, "\"config\":" + descriptor(blob("config of " + seed)) + ",\"layers\":[" + list + "]");
  }

  static Manifest index(Manifest... children) {
    return manifest(INDEX, "\"manifests\":["
        + Stream.of(children).map(child -> descriptor(child.digest())).collect(Collectors.joining(",")) + "]");
  }

  static ManifestDocument document(Manifest manifest) {
    return ManifestDocument.parse(manifest.content());
  }

  private static Manifest manifest(String type, String rest) {
    byte[] content = bytes("{\"schemaVersion\":2,\"mediaType\":\"" + type + "\"," + rest + "}");
    return new Manifest(type, Digest.sha256(content), content);
  }

  private static String descriptor(Digest digest) {
    return "{\"digest\":\"" + digest + "\",\"size\":9}";
  }

  static List<Digest> digests(Manifest... manifests) {
    return Stream.of(manifests).map(Manifest::digest).toList();
  }
}
