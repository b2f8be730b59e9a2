package dev.weir.server.imageset;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

import dev.weir.server.ocreplay.Ustar;
import dev.weir.server.release.PullSpec;
import dev.weir.storage.Digest;
import dev.weir.storage.MediaTypes;

import static java.nio.charset.StandardCharsets.UTF_8;

/** Graphs and index images that a test made. */
final class FakeSource implements Source {
  private final Map<String, byte[]> graphs = new HashMap<>();
  private final Map<String, byte[]> manifests = new HashMap<>();
  private final Map<Digest, byte[]> blobs = new HashMap<>();

  FakeSource graph(String channel, String architecture, String json) {
    graphs.put(channel + " " + architecture, json.getBytes(UTF_8));
    return this;
  }

  /** An index for two architectures, of which the second has no layers that anybody could read. */
  FakeSource index(String image, String folder, List<Map<String, String>> layers) throws IOException {
    List<String> parts = new ArrayList<>();
    for (Map<String, String> layer : layers) {
      parts.add(blob(Ustar.gzip(tar(layer))));
    }
    String config = blob(("{\"config\": {\"Labels\": {\"operators.operatorframework.io.index.configs.v1\": \"" + folder
        + "\"}}}").getBytes(UTF_8));
    byte[] manifest = ("{\"schemaVersion\": 2, \"mediaType\": \"" + MediaTypes.OCI_MANIFEST + "\", \"config\": "
        + config
        + ", \"layers\": [" + String.join(", ", parts) + "]}").getBytes(UTF_8);
    String repository = image.substring(0, image.lastIndexOf(':'));
    manifests.put(repository + "@" + Digest.sha256(manifest), manifest);
    manifests.put(image, ("{\"schemaVersion\": 2, \"mediaType\": \"" + MediaTypes.OCI_INDEX + "\", \"manifests\": ["
        + "{\"mediaType\": \"x/y\", \"digest\": \"" + Digest.sha256(new byte[]{1})
        + "\", \"size\": 1, \"platform\": {\"architecture\": \"arm64\", \"os\": \"linux\"}},"
        + "{\"mediaType\": \"x/y\", \"digest\": \"" + Digest.sha256(manifest)
        + "\", \"size\": 1, \"platform\": {\"architecture\": \"amd64\", \"os\": \"linux\"}}]}").getBytes(UTF_8));
    return this;
  }

  private String blob(byte[] content) {
    blobs.put(Digest.sha256(content), content);
    return "{\"mediaType\": \"x/y\", \"digest\": \"" + Digest.sha256(content) + "\", \"size\": " + content.length + "}";
  }

  static Map<String, String> files(String... namesAndContents) {
    Map<String, String> files = new LinkedHashMap<>();
    for (int i = 0; i < namesAndContents.length; i += 2) {
      files.put(namesAndContents[i], namesAndContents[i + 1]);
    }
    return files;
  }

  private static byte[] tar(Map<String, String> files) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
      for (Map.Entry<String, String> file : files.entrySet()) {
        TarArchiveEntry entry = new TarArchiveEntry(file.getKey());
        entry.setSize(file.getValue().getBytes(UTF_8).length);
        tar.putArchiveEntry(entry);
        tar.write(file.getValue().getBytes(UTF_8));
        tar.closeArchiveEntry();
      }
    }
    return bytes.toByteArray();
  }

  @Override
  public byte[] graph(String channel, String architecture) throws IOException {
    byte[] graph = graphs.get(channel + " " + architecture);
    if (graph == null) {
      throw new IOException("504 from the graph's server");
    }
    return graph;
  }

  @Override
  public byte[] manifest(PullSpec image) throws IOException {
    byte[] manifest = manifests.get(image.toString());
    if (manifest == null) {
      throw new IOException(image + " is not there");
    }
    return manifest;
  }

  @Override
  public InputStream blob(PullSpec image, Digest blob) throws IOException {
    byte[] content = blobs.get(blob);
    if (content == null) {
      throw new IOException("blob " + blob + " is not there");
    }
    return new ByteArrayInputStream(content);
  }
}
