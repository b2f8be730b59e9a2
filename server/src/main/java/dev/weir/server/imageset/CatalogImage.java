package dev.weir.server.imageset;

import java.io.IOException;
import java.io.InputStream;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;

import dev.weir.server.release.LayerFiles;
import dev.weir.server.release.PullSpec;
import dev.weir.storage.Descriptor;
import dev.weir.storage.Digest;
import dev.weir.storage.ManifestDocument;

/** Reads the catalog out of an index image: the files below one folder, as its layers leave them, one on top of the other. */
final class CatalogImage {
  private static final LayerFiles FILES = new LayerFiles(16L << 30, 1 << 20);
  private static final long MOST_TOKENS = 500_000;
  private static final ObjectMapper JSON = JsonMapper.builder(JsonFactory.builder()
      .streamReadConstraints(StreamReadConstraints.builder().maxTokenCount(MOST_TOKENS).build()).build()).build();
  private static final String LABEL = "operators.operatorframework.io.index.configs.v1";
  private static final String USUAL = "/configs";
  private static final String GONE = ".wh.";
  private static final String ALL_GONE = ".wh..wh..opq";
  private static final int LARGEST_CONFIG = 8 << 20;

  private final Source source;
  private final PullSpec image;
  /** By file, so that a file of a later layer takes the place of an earlier one. */
  private final Map<String, List<CatalogBlob>> files = new LinkedHashMap<>();

  private final Room room = new Room();

  private CatalogImage(Source source, PullSpec image) {
    this.source = source;
    this.image = image;
  }

  /**
   * What the index says.
   *
   * @param architecture of which the catalog is read where there are several; they say the same
   * @throws IOException if it cannot be had, or is none; the message is a sentence
   */
  static CatalogContent read(Source source, PullSpec image, String architecture) throws IOException {
    CatalogImage reading = new CatalogImage(source, image);
    ManifestDocument manifest = reading.manifest(architecture);
    if (manifest.blobs().isEmpty()) {
      throw new IOException("it is no image with layers");
    }
    String folder = reading.folder(manifest.blobs().getFirst().digest());
    for (Descriptor layer : manifest.blobs().subList(1, manifest.blobs().size())) {
      reading.layer(layer.digest(), folder);
    }
    CatalogContent content = new CatalogContent();
    reading.files.values().forEach(blobs -> blobs.forEach(content::add));
    if (content.operators().isEmpty()) {
      throw new IOException("it holds no file-based catalog below /" + folder);
    }
    return content;
  }

  private ManifestDocument manifest(String architecture) throws IOException {
    byte[] bytes = source.manifest(image);
    ManifestDocument document = parsed(bytes);
    if (document.manifests().isEmpty()) {
      return document;
    }
    Digest child = child(JSON.readTree(bytes), architecture)
        .orElseGet(() -> document.manifests().getFirst().digest());
    return parsed(source.manifest(
        new PullSpec(image.registry(), image.repository(), Optional.empty(), Optional.of(child))));
  }

  private static Optional<Digest> child(JsonNode index, String architecture) {
    return index.path("manifests").valueStream()
        .filter(each -> each.at("/platform/architecture").asText().equals(architecture))
        .map(each -> Digest.parse(each.path("digest").asText())).findFirst();
  }

  private static ManifestDocument parsed(byte[] manifest) throws IOException {
    try {
      return ManifestDocument.parse(manifest);
    } catch (IllegalArgumentException e) {
      throw new IOException("its manifest cannot be read: " + e.getMessage(), e);
    }
  }

  /** Where the catalog is, without slashes at its ends. */
  private String folder(Digest config) throws IOException {
    try (InputStream bytes = source.blob(image, config)) {
      String label = JSON.readTree(bytes.readNBytes(LARGEST_CONFIG)).at("/config/Labels").path(LABEL).asText(USUAL);
      return label.replaceAll("^/+|/+$", "");
    }
  }

  private void layer(Digest layer, String folder) throws IOException {
    String prefix = folder + "/";
    Set<String> gone = new HashSet<>();
    Map<String, List<CatalogBlob>> fresh = new LinkedHashMap<>();
    try (InputStream bytes = source.blob(image, layer)) {
      FILES.read(bytes, (path, file) -> {
        String name = path.substring(path.lastIndexOf('/') + 1);
        if (name.startsWith(GONE)) {
          String whole = name.equals(ALL_GONE)
              ? path.substring(0, Math.max(0, path.lastIndexOf('/')))
              : path.substring(0, path.lastIndexOf('/') + 1) + name.substring(GONE.length());
          if (concerns(whole, folder)) {
            gone.add(room.kept(whole));
          }
        } else if (path.startsWith(prefix) && file.isFile() && CatalogReader.isCatalogFile(path)) {
          fresh.put(room.kept(path), CatalogReader.read(path, file.stream(), room));
        }
        return true;
      });
    }
    files.keySet().removeIf(held -> isBelowOne(held, gone));
    files.putAll(fresh);
  }

  /** Whether one of them is the other, or below it. */
  private static boolean concerns(String gone, String folder) {
    return gone.startsWith(folder + "/") || (folder + "/").startsWith(gone + "/");
  }

  private static boolean isBelowOne(String path, Set<String> gone) {
    for (int end = path.length(); end > 0; end = path.lastIndexOf('/', end - 1)) {
      if (gone.contains(path.substring(0, end))) {
        return true;
      }
    }
    return false;
  }
}
