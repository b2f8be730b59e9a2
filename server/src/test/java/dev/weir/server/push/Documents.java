package dev.weir.server.push;

import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.weir.storage.Digest;
import dev.weir.storage.Manifest;
import dev.weir.storage.MediaTypes;

/** Manifests to push. */
final class Documents {
  private Documents() {}

  static Manifest image(byte[]... blobs) {
    String layers = Stream.of(blobs).map(blob -> "{\"digest\":\"" + Digest.sha256(blob) + "\"}")
        .collect(Collectors.joining(","));
    return manifest(MediaTypes.OCI_MANIFEST, "\"layers\":[" + layers + "]");
  }

  static Manifest index(Digest... children) {
    String list = Stream.of(children).map(child -> "{\"digest\":\"" + child + "\"}").collect(Collectors.joining(","));
    return manifest(MediaTypes.OCI_INDEX, "\"manifests\":[" + list + "]");
  }

  private static Manifest manifest(String type, String field) {
    byte[] content = ("{\"schemaVersion\":2,\"mediaType\":\"" + type + "\"," + field + "}")
        .getBytes(StandardCharsets.UTF_8);
    return new Manifest(type, Digest.sha256(content), content);
  }
}
