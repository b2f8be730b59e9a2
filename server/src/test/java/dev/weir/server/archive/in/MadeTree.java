package dev.weir.server.archive.in;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.zip.GZIPOutputStream;

import com.github.luben.zstd.ZstdOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

import dev.weir.server.archive.DistributionTree;
import dev.weir.server.archive.OcTree;
import dev.weir.storage.Digest;
import dev.weir.storage.Tag;

import static java.nio.charset.StandardCharsets.UTF_8;

/** Files and links as another tool would have written them, into a directory or a tar. */
final class MadeTree {
  final Map<String, byte[]> files = new LinkedHashMap<>();
  final Map<String, String> links = new LinkedHashMap<>();
  final Map<String, String> hardLinks = new LinkedHashMap<>();

  /** Bytes of a header that stands before nothing, at the end of a tar. */
  int header;

  MadeTree file(String path, String content) {
    files.put(path, content.getBytes(UTF_8));
    return this;
  }

  MadeTree file(String path, byte[] content) {
    files.put(path, content);
    return this;
  }

  /** @param before where in the tree registry:2's begins */
  MadeTree distribution(String before, MadeImage image) {
    for (byte[] blob : image.blobs()) {
      Digest digest = Digest.sha256(blob);
      file(before + DistributionTree.blob(digest), blob);
      file(before + DistributionTree.layer(image.name(), digest), digest.toString());
    }
    file(before + DistributionTree.blob(image.digest()), image.manifest());
    file(before + DistributionTree.revision(image.name(), image.digest()), image.digest().toString());
    file(before + DistributionTree.tag(image.name(), new Tag(image.tag())), image.digest().toString());
    file(before + DistributionTree.tagIndex(image.name(), new Tag(image.tag()), image.digest()),
        image.digest().toString());
    return this;
  }

  /** As oc writes it on Linux. */
  MadeTree oc(String before, MadeImage image) {
    for (byte[] blob : image.blobs()) {
      file(before + OcTree.blob(image.name(), Digest.sha256(blob)), blob);
    }
    file(before + OcTree.blob(image.name(), image.digest()), image.manifest());
    hardLinks.put(before + OcTree.revision(image.name(), image.digest()),
        before + OcTree.blob(image.name(), image.digest()));
    links.put(before + OcTree.tag(image.name(), new Tag(image.tag())), image.digest().toString());
    return this;
  }

  /** As skopeo writes it. */
  MadeTree dir(String before, MadeImage image) {
    file(before + "version", "Directory Transport Version: 1.1\n");
    for (byte[] blob : image.blobs()) {
      file(before + Digest.sha256(blob).hex(), blob);
    }
    return file(before + "manifest.json", image.manifest());
  }

  /** As skopeo writes it. */
  MadeTree oci(MadeImage image) {
    for (byte[] blob : image.blobs()) {
      file("blobs/sha256/" + Digest.sha256(blob).hex(), blob);
    }
    file("blobs/sha256/" + image.digest().hex(), image.manifest());
    file("oci-layout", "{\"imageLayoutVersion\":\"1.0.0\"}");
    return file("index.json", """
        {"schemaVersion": 2, "manifests": [{"mediaType": "application/vnd.oci.image.manifest.v1+json",
          "digest": "%s", "size": %d, "annotations": {"org.opencontainers.image.ref.name": "%s:%s"}}]}
        """.formatted(image.digest(), image.manifest().length, image.name(), image.tag()));
  }

  /** Changes the bytes of each file whose path holds {@code part}. */
  MadeTree spoil(String part, UnaryOperator<byte[]> change) {
    files.replaceAll((path, content) -> path.contains(part) ? change.apply(content) : content);
    return this;
  }

  MadeTree without(String part) {
    files.keySet().removeIf(path -> path.contains(part));
    links.keySet().removeIf(path -> path.contains(part));
    hardLinks.keySet().removeIf(path -> path.contains(part));
    return this;
  }

  /** Into a directory that need not exist. */
  Path into(Path directory) throws IOException {
    Files.createDirectories(directory);
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      Files.write(parented(directory.resolve(file.getKey())), file.getValue());
    }
    for (Map.Entry<String, String> link : hardLinks.entrySet()) {
      Files.createLink(parented(directory.resolve(link.getKey())), directory.resolve(link.getValue()));
    }
    for (Map.Entry<String, String> link : links.entrySet()) {
      Files.createSymbolicLink(parented(directory.resolve(link.getKey())), Path.of(link.getValue()));
    }
    return directory;
  }

  private static Path parented(Path file) throws IOException {
    Files.createDirectories(Objects.requireNonNull(file.getParent()));
    return file;
  }

  byte[] tar() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
      tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
      for (Map.Entry<String, byte[]> file : files.entrySet()) {
        TarArchiveEntry entry = new TarArchiveEntry(file.getKey(), true);
        entry.setSize(file.getValue().length);
        tar.putArchiveEntry(entry);
        tar.write(file.getValue());
        tar.closeArchiveEntry();
      }
      put(tar, hardLinks, TarConstants.LF_LINK);
      put(tar, links, TarConstants.LF_SYMLINK);
      if (header > 0) {
        TarArchiveEntry entry = new TarArchiveEntry("header", TarConstants.LF_PAX_EXTENDED_HEADER_LC);
        entry.setSize(header);
        tar.putArchiveEntry(entry);
        tar.write(new byte[header]);
        tar.closeArchiveEntry();
      }
    }
    return bytes.toByteArray();
  }

  private static void put(TarArchiveOutputStream tar, Map<String, String> links, byte type) throws IOException {
    for (Map.Entry<String, String> link : links.entrySet()) {
      TarArchiveEntry entry = new TarArchiveEntry(link.getKey(), type, true);
      entry.setLinkName(link.getValue());
      tar.putArchiveEntry(entry);
      tar.closeArchiveEntry();
    }
  }

  /** What an archive is packed with; by its file's ending. */
  static byte[] packed(byte[] content, String ending) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out = ending.endsWith("gz")
        ? new GZIPOutputStream(bytes)
        : ending.endsWith("zst") ? new ZstdOutputStream(bytes) : bytes) {
      out.write(content);
    }
    return bytes.toByteArray();
  }

  Path into(Path directory, String archive) throws IOException {
    return Files.write(directory.resolve(archive), packed(tar(), archive));
  }
}
