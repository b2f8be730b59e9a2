package dev.weir.server.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

import dev.weir.storage.Content;
import dev.weir.storage.Descriptor;
import dev.weir.storage.Digest;
import dev.weir.storage.Manifest;
import dev.weir.storage.MediaTypes;
import dev.weir.storage.RepositoryName;
import dev.weir.storage.Tag;
import dev.weir.storage.fs.FsObjectStore;

/** An OCI image of a config and one layer, as a push would have left it in a store. */
record DemoImage(RepositoryName repository, Tag tag, Digest digest, Descriptor layer) {
  private static final RepositoryName REPOSITORY = RepositoryName.parse("demo/hello");
  private static final Tag TAG = new Tag("1.0");
  private static final String CONFIG_TYPE = "application/vnd.oci.image.config.v1+json";

  /** Makes the image and puts it into the store at {@code root}, which no weir serves yet. */
  static DemoImage storeIn(Path root, Path scratch, long payloadBytes) throws IOException {
    DemoLayer layer = DemoLayer.write(scratch, payloadBytes);
    byte[] config = config(layer.descriptor().digest());
    byte[] document = document(config, layer.descriptor());
    Manifest manifest = new Manifest(MediaTypes.OCI_MANIFEST, Digest.sha256(document), document);
    try (FsObjectStore store = new FsObjectStore(root)) {
      Content content = Content.of(store);
      content.blobs().commit(layer.descriptor().digest(), layer.file());
      content.blobs().link(REPOSITORY, layer.descriptor().digest());
      content.blobs().commit(Digest.sha256(config), config);
      content.blobs().link(REPOSITORY, Digest.sha256(config));
      content.manifests().putOwned(REPOSITORY, manifest);
      content.tags().setOwned(REPOSITORY, TAG, manifest.digest());
    }
    return new DemoImage(REPOSITORY, TAG, manifest.digest(), layer.descriptor());
  }

  private static byte[] config(Digest layer) {
    return """
        {"architecture":"amd64","os":"linux","config":{},"rootfs":{"type":"layers","diff_ids":["%s"]}}
        """.formatted(layer).getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] document(byte[] config, Descriptor layer) {
    return """
        {"schemaVersion":2,"mediaType":"%s","config":%s,"layers":[%s]}
        """.formatted(MediaTypes.OCI_MANIFEST, json(new Descriptor(CONFIG_TYPE, Digest.sha256(config), config.length)),
        json(layer)).getBytes(StandardCharsets.UTF_8);
  }

  private static String json(Descriptor part) {
    return """
        {"mediaType":"%s","digest":"%s","size":%d}""".formatted(part.mediaType(), part.digest(), part.size());
  }
}
