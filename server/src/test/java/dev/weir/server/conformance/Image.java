package dev.weir.server.conformance;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;

import dev.weir.storage.Digest;
import dev.weir.storage.MediaTypes;

/** A manifest and the blobs that it names. Another seed, other digests. */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Image(String type, byte[] content, List<Blob> blobs) {
  record Blob(byte[] bytes) {
    Digest digest() {
      return Digest.sha256(bytes);
    }
  }

  Digest digest() {
    return Digest.sha256(content);
  }

  static Image oci(String seed) {
    return of(MediaTypes.OCI_MANIFEST, "application/vnd.oci.image.config.v1+json", seed, "");
  }

  static Image docker(String seed) {
    return of(MediaTypes.DOCKER_MANIFEST, "application/vnd.docker.container.image.v1+json", seed, "");
  }

  /** What refers to {@code subject}, with a type of its own. */
  static Image artifact(String seed, String artifactType, Digest subject) {
    return of(MediaTypes.OCI_MANIFEST, "application/vnd.oci.empty.v1+json", seed,
        ",\"artifactType\":\"" + artifactType + "\",\"subject\":" + descriptor(MediaTypes.OCI_MANIFEST, subject, 2)
            + ",\"annotations\":{\"made-for\":\"" + seed + "\"}");
  }

  private static Image of(String type, String configType, String seed, String more) {
    Blob config = new Blob(("{\"seed\":\"" + seed + "\"}").getBytes(StandardCharsets.UTF_8));
    Blob layer = new Blob(random(seed.hashCode(), 3000));
    String json = "{\"schemaVersion\":2,\"mediaType\":\"" + type + "\",\"config\":" + descriptor(configType, config)
        + ",\"layers\":[" + descriptor("application/vnd.oci.image.layer.v1.tar+gzip", layer) + "]" + more + "}";
    return new Image(type, json.getBytes(StandardCharsets.UTF_8), List.of(config, layer));
  }

  /** A list or an index. */
  static Image index(String type, Digest... children) {
    String list = List.of(children).stream().map(child -> descriptor(MediaTypes.OCI_MANIFEST, child, 300))
        .collect(Collectors.joining(","));
    return new Image(type, ("{\"schemaVersion\":2,\"mediaType\":\"" + type + "\",\"manifests\":[" + list + "]}")
        .getBytes(StandardCharsets.UTF_8), List.of());
  }

  static String descriptor(String type, Blob blob) {
    return descriptor(type, blob.digest(), blob.bytes().length);
  }

  static String descriptor(String type, Digest digest, int size) {
    return "{\"mediaType\":\"" + type + "\",\"digest\":\"" + digest + "\",\"size\":" + size + "}";
  }

  static byte[] random(long seed, int size) {
    byte[] bytes = new byte[size];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }
}
