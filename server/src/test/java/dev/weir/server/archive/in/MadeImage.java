package dev.weir.server.archive.in;

import java.util.List;
import java.util.Random;

import dev.weir.storage.Digest;
import dev.weir.storage.MediaTypes;
import dev.weir.storage.RepositoryName;

import static java.nio.charset.StandardCharsets.UTF_8;

/** A small image, with every byte known: a manifest, a configuration and two layers. */
@SuppressWarnings("ArrayRecordComponent") // never compared
record MadeImage(RepositoryName name, String tag, byte[] manifest, List<byte[]> blobs) {

  /** The same bytes for the same seed; the first layer is the same for all. */
  static MadeImage of(String name, String tag, int seed) {
    byte[] shared = new byte[5000];
    new Random(0).nextBytes(shared);
    byte[] own = new byte[3000];
    new Random(seed).nextBytes(own);
    byte[] config = ("{\"architecture\":\"amd64\",\"os\":\"linux\",\"seed\":" + seed + "}").getBytes(UTF_8);
    String manifest = """
        {"schemaVersion": 2, "mediaType": "%s", "config": %s, "layers": [%s, %s]}
        """.formatted(MediaTypes.OCI_MANIFEST, descriptor("application/vnd.oci.image.config.v1+json", config),
        descriptor("application/vnd.oci.image.layer.v1.tar+gzip", shared),
        descriptor("application/vnd.oci.image.layer.v1.tar+gzip", own));
    return new MadeImage(RepositoryName.parse(name), tag, manifest.getBytes(UTF_8), List.of(config, shared, own));
  }

  private static String descriptor(String type, byte[] content) {
    return "{\"mediaType\": \"%s\", \"digest\": \"%s\", \"size\": %d}".formatted(type, Digest.sha256(content),
        content.length);
  }

  Digest digest() {
    return Digest.sha256(manifest);
  }

  /** The layer that no other image has. */
  Digest own() {
    return Digest.sha256(blobs.get(2));
  }
}
