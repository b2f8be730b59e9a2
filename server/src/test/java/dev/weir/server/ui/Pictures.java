package dev.weir.server.ui;

import java.nio.charset.StandardCharsets;

import dev.weir.storage.Digest;
import dev.weir.storage.MediaTypes;

/** Images to push, small ones that say much. */
final class Pictures {
  static final String MARKUP = "<script>document.title='got in'</script><img src=x onerror=\"document.title='got in'\">";
  static final String CONFIG_TYPE = "application/vnd.oci.image.config.v1+json";
  static final String LAYER_TYPE = "application/vnd.oci.image.layer.v1.tar+gzip";

  private Pictures() {}

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** A text as it stands in JSON. */
  static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  static String config(String architecture, String said) {
    return """
        {"architecture":%s,"os":"linux","created":"2024-05-06T07:08:09Z","author":%s,
         "config":{"Labels":{"org.opencontainers.image.title":%s,%s:"as a key"},"Entrypoint":["/bin/app"],"Cmd":[%s],
         "User":"1001","WorkingDir":"/srv","ExposedPorts":{"8080/tcp":{}}},
         "rootfs":{"type":"layers","diff_ids":[]},"history":[{"created_by":%s},{"created_by":"ENV","empty_layer":true}]}"""
        .formatted(quoted(architecture), quoted(said), quoted(said), quoted(said), quoted(said), quoted(said));
  }

  static String manifest(byte[] config, byte[] layer, String said) {
    return """
        {"schemaVersion":2,"mediaType":"%s","config":{"mediaType":"%s","digest":"%s","size":%d},
         "layers":[{"mediaType":"%s","digest":"%s","size":%d,"annotations":{"title":%s}}],"annotations":{"said":%s}}"""
        .formatted(MediaTypes.OCI_MANIFEST, CONFIG_TYPE, Digest.sha256(config), config.length, LAYER_TYPE,
            Digest.sha256(layer), layer.length, quoted(said), quoted(said));
  }

  static String index(Digest image, int size, String architecture) {
    return """
        {"schemaVersion":2,"mediaType":"%s","manifests":[{"mediaType":"%s","digest":"%s","size":%d,
         "platform":{"os":"linux","architecture":%s}},
         {"mediaType":"%s","digest":"sha256:%s","size":7,"platform":{"os":"linux","architecture":"s390x"}}]}"""
        .formatted(MediaTypes.OCI_INDEX, MediaTypes.OCI_MANIFEST, image, size, quoted(architecture),
            MediaTypes.OCI_MANIFEST, "0".repeat(64));
  }

  static String referrer(Digest subject, byte[] config, String type) {
    return """
        {"schemaVersion":2,"mediaType":"%s","artifactType":"%s","config":{"mediaType":"application/vnd.oci.empty.v1+json",
         "digest":"%s","size":%d},"layers":[],"subject":{"mediaType":"%s","digest":"%s","size":1}}"""
        .formatted(MediaTypes.OCI_MANIFEST, type, Digest.sha256(config), config.length, MediaTypes.OCI_MANIFEST,
            subject);
  }

  /** An image whose texts all say {@code said}, under a tag. */
  static Digest push(Rig rig, String user, String repository, String tag, String said) {
    byte[] config = bytes(config("amd64", said));
    byte[] layer = bytes("layer of " + repository + ":" + tag);
    rig.pushBlob(user, repository, config);
    rig.pushBlob(user, repository, layer);
    return rig.pushManifest(user, repository, tag, MediaTypes.OCI_MANIFEST, manifest(config, layer, said));
  }
}
