package dev.weir.server.archive.out;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.weir.server.archive.ImageLayout;
import dev.weir.storage.Digest;
import dev.weir.storage.MediaTypes;

/**
 * An image layout directory (OCI image-spec, image-layout.md), as skopeo and podman read it by {@code oci:FOLDER:NAME:TAG}. Signatures
 * lie in it as images of their own.
 */
public final class OciExport implements Export {
  private final Path folder;

  public OciExport(Path folder) {
    this.folder = folder;
  }

  @Override
  public Report write(Held held, Cargo cargo, Progress.Shown shown) throws IOException {
    Files.createDirectories(folder);
    SortedMap<String, Entry> entries = entries(cargo);
    refuseOthers(entries.keySet());
    List<Cargo.Piece> pieces = cargo.inOrder(Set.of());
    long lacking = 0;
    for (Cargo.Piece piece : pieces) {
      lacking += BlobFiles.isWhole(file(piece.digest()), piece) ? 0 : piece.size();
    }
    Room.require(folder, lacking);
    BlobFiles files = new BlobFiles(held, new Progress(cargo.bytes(), shown));
    Durable.write(folder.resolve(ImageLayout.OCI_MARK), ImageLayout.OCI_MARK_CONTENT);
    for (Cargo.Piece piece : pieces) {
      boolean _ = files.write(piece, file(piece.digest()));
    }
    Durable.write(folder.resolve(ImageLayout.OCI_INDEX), index(entries));
    return new Report("oci:" + folder, cargo.images().size(), pieces.size(), cargo.bytes(), 0, files.written(),
        List.of(), Stream.concat(cargo.missing().stream(), files.damaged().stream()).toList(), remarks(entries));
  }

  private static List<String> remarks(SortedMap<String, Entry> entries) {
    long docker = entries.values().stream().filter(entry -> entry.mediaType().contains(".docker.")).count();
    return docker == 0
        ? List.of()
        : List.of(docker + " images have manifests of docker's types, and go as they are: older skopeos, 1.9 for one,"
            + " find such an image only in a layout that holds nothing else");
  }

  private Path file(Digest digest) {
    return folder.resolve("blobs").resolve(digest.algorithm().toString()).resolve(digest.hex());
  }

  private record Entry(String mediaType, Digest digest, long size) {}

  /** By the names that they are found under: with a tag each; by digest what no tag leads to, and no index. */
  private static SortedMap<String, Entry> entries(Cargo cargo) {
    SortedMap<String, Entry> entries = new TreeMap<>();
    cargo.repositories().forEach((name, repository) -> {
      repository.tags().forEach((tag, digest) -> entries.put(name + ":" + tag, entry(cargo, repository, digest)));
    });
    Stream.concat(cargo.images().stream(), cargo.referrers().stream()).forEach(image -> {
      Cargo.Repository repository = cargo.repositories().get(image.name());
      if (repository != null && cargo.tags(image.name(), image.digest()).isEmpty()) {
        entries.put(image.toString(), entry(cargo, repository, image.digest()));
      }
    });
    return entries;
  }

  private static Entry entry(Cargo cargo, Cargo.Repository repository, Digest digest) {
    String mediaType = repository.manifests().getOrDefault(digest.toString(),
        new Cargo.Kind(MediaTypes.OCI_MANIFEST, true)).mediaType();
    return new Entry(mediaType, digest, cargo.piece(digest).map(Cargo.Piece::size).orElse(0L));
  }

  private static String index(SortedMap<String, Entry> entries) {
    ObjectNode index = Contents.JSON.createObjectNode().put("schemaVersion", 2).put("mediaType", MediaTypes.OCI_INDEX);
    ArrayNode manifests = index.putArray("manifests");
    entries.forEach((name, entry) -> {
      ObjectNode each = manifests.addObject().put("mediaType", entry.mediaType())
          .put("digest", entry.digest().toString()).put("size", entry.size());
      each.putObject("annotations").put(ImageLayout.OCI_NAME, name);
    });
    return index.toPrettyString() + "\n";
  }

  /** Its index is written anew, and what that does not name would be lost in it. */
  private void refuseOthers(Set<String> names) throws IOException {
    Path index = folder.resolve(ImageLayout.OCI_INDEX);
    if (!Files.exists(index)) {
      return;
    }
    List<String> others = new ArrayList<>();
    for (JsonNode each : Contents.JSON.readTree(Files.readAllBytes(index)).path("manifests")) {
      String name = each.path("annotations").path(ImageLayout.OCI_NAME).asText("");
      if (!names.contains(name)) {
        others.add(name);
      }
    }
    if (!others.isEmpty()) {
      throw new IOException("nothing was written: " + index + " names " + (others.getFirst().isEmpty()
          ? "images without a name"
          : others.getFirst()) + ", which is not exported now; name another folder, or empty this one");
    }
  }
}
