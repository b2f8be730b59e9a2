package dev.weir.server.archive.out;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import dev.weir.server.keep.Pusher;
import dev.weir.server.precache.Commands;
import dev.weir.storage.Content;
import dev.weir.storage.Digest;
import dev.weir.storage.Manifest;
import dev.weir.storage.ManifestDocument;
import dev.weir.storage.MediaTypes;
import dev.weir.storage.RepositoryName;
import dev.weir.storage.Tag;
import dev.weir.storage.fs.FsObjectStore;

import static java.nio.charset.StandardCharsets.UTF_8;

/** Data of a weir that does not run, and its commands. */
final class Site implements AutoCloseable {
  final Path root;
  final FsObjectStore store;
  final Content content;
  final Commands commands;

  /** @param folder gets the data and its configuration */
  Site(Path folder) {
    try {
      root = folder.resolve("data");
      Files.createDirectories(folder);
      Files.writeString(folder.resolve("data.yml"),
          "version: 0.1\nstorage: {filesystem: {rootdirectory: '" + root + "'}}\n");
      store = new FsObjectStore(root);
      content = Content.of(store);
      commands = new Commands(root);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * {@code weir export}.
   *
   * @param to as in {@code --to}
   * @return the exit status
   */
  int export(String to, String... words) {
    List<String> all = new ArrayList<>(List.of("export"));
    all.addAll(List.of(words));
    all.addAll(List.of("--to", to));
    return commands.run(all.toArray(String[]::new));
  }

  /** All that the last command wrote. */
  String said() {
    return commands.out() + commands.err();
  }

  /** An image of these blobs, the first its configuration. */
  Manifest push(String name, String tag, byte[]... blobs) throws IOException {
    Manifest image = Pusher.image(blobs);
    for (byte[] blob : blobs) {
      blob(name, blob);
    }
    put(name, tag, image);
    return image;
  }

  void blob(String name, byte[] blob) throws IOException {
    content.blobs().commit(Digest.sha256(blob), blob);
    content.blobs().link(RepositoryName.parse(name), Digest.sha256(blob));
  }

  /** @param tag empty: none */
  void put(String name, String tag, Manifest manifest) throws IOException {
    content.manifests().putOwned(RepositoryName.parse(name), manifest);
    if (!tag.isEmpty()) {
      content.tags().setOwned(RepositoryName.parse(name), Tag.parse(tag), manifest.digest());
    }
  }

  static Manifest index(Manifest... children) {
    List<String> all = List.of(children).stream()
        .map(child -> "{\"mediaType\":\"" + child.mediaType() + "\",\"digest\":\"" + child.digest() + "\",\"size\":"
            + child.content().length + "}")
        .toList();
    return manifest("{\"schemaVersion\":2,\"mediaType\":\"" + MediaTypes.OCI_INDEX + "\",\"manifests\":["
        + String.join(",", all) + "]}");
  }

  static Manifest manifest(String json) {
    byte[] bytes = json.getBytes(UTF_8);
    return new Manifest(ManifestDocument.parse(bytes).mediaType(), Digest.sha256(bytes), bytes);
  }

  /** Where a blob's bytes lie. */
  Path data(Digest digest) {
    return root.resolve("docker/registry/v2/blobs/" + digest.algorithm() + "/" + digest.hex().substring(0, 2) + "/"
        + digest.hex() + "/data");
  }

  @Override
  public void close() throws IOException {
    store.close();
  }
}
