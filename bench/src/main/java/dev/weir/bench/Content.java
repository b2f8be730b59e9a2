package dev.weir.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What all servers hold: one image, as large as those of an OpenShift release are.
 *
 * @param manifest the digest of its manifest
 * @param blobs digests by their sizes in MiB
 */
record Content(String repository, String tag, String manifest, Map<Integer, String> blobs) {
  static final int MEBIBYTE = 1 << 20;
  private static final int SMALL_LAYERS = 5;

  /** Pushes it. */
  static Content push(Pusher pusher) throws IOException, InterruptedException {
    String repository = "bench/app";
    Blob config = Blob
        .of("{\"architecture\":\"amd64\",\"os\":\"linux\",\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[]}}");
    Map<Integer, Blob> large = Map.of(4, Blob.random(4 * MEBIBYTE, 4), 64, Blob.random(64 * MEBIBYTE, 64));
    List<Blob> layers = new ArrayList<>(large.values());
    for (int i = 0; i < SMALL_LAYERS; i++) {
      layers.add(Blob.random(1000 + i, 1000 + i));
    }
    pusher.push(repository, config);
    for (Blob layer : layers) {
      pusher.push(repository, layer);
    }
    Blob manifest = manifest(config, layers);
    pusher.putManifest(repository, "latest", manifest);
    return new Content(repository, "latest", manifest.digest(),
        large.entrySet().stream().collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue().digest())));
  }

  static Blob manifest(Blob config, List<Blob> layers) {
    String listed = layers.stream().map(layer -> descriptor("layer.v1.tar+gzip", layer))
        .collect(Collectors.joining(","));
    return Blob.of("{\"schemaVersion\":2,\"mediaType\":\"%s\",\"config\":%s,\"layers\":[%s]}".formatted(Pusher.MANIFEST,
        descriptor("config.v1+json", config), listed));
  }

  private static String descriptor(String type, Blob blob) {
    return "{\"mediaType\":\"application/vnd.oci.image.%s\",\"size\":%d,\"digest\":\"%s\"}".formatted(type,
        blob.bytes().length, blob.digest());
  }

  String manifestByDigest() {
    return manifestPath(manifest);
  }

  String manifestByTag() {
    return manifestPath(tag);
  }

  private String manifestPath(String reference) {
    return "/v2/" + repository + "/manifests/" + reference;
  }

  String blob(int mebibytes) {
    return "/v2/" + repository + "/blobs/" + blobs.getOrDefault(mebibytes, "none-of-" + mebibytes);
  }
}
