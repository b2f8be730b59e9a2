package dev.weir.server.release;

import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/**
 * What a release image says of itself, in {@code release-manifests/} of its last layer.
 *
 * @param previous the versions that can be updated to this one
 */
public record ReleasePayload(ImageReferences references, List<String> previous) {
  private static final LayerFiles FILES = new LayerFiles(1L << 30, 8 << 20);
  private static final String REFERENCES = "release-manifests/image-references";
  private static final String METADATA = "release-manifests/release-metadata";

  public ReleasePayload {
    previous = List.copyOf(previous);
  }

  public String version() {
    return references.version();
  }

  /**
   * Reads the last layer of a release image.
   *
   * @param layer whose bytes somebody has checked against its digest; read as far as needed, and not closed
   * @throws IOException if it is none; the message is a sentence
   */
  public static ReleasePayload read(InputStream layer) throws IOException {
    Map<String, byte[]> found = new HashMap<>();
    try {
      FILES.read(layer, (path, file) -> {
        if (file.isFile() && (path.equals(REFERENCES) || path.equals(METADATA))) {
          found.put(path, file.content());
        }
        return found.size() < 2;
      });
    } catch (IOException e) {
      throw new IOException("the last layer of the release image: " + e.getMessage(), e);
    }
    byte[] references = found.get(REFERENCES);
    if (references == null) {
      throw new IOException("no release image: its last layer holds no " + REFERENCES);
    }
    try {
      return new ReleasePayload(ImageReferences.parse(references), previous(found.get(METADATA)));
    } catch (IllegalArgumentException e) {
      throw new IOException("no release image: " + e.getMessage(), e);
    }
  }

  private static List<String> previous(byte @Nullable [] metadata) {
    if (metadata == null) {
      return List.of();
    }
    return ImageReferences.read("release-metadata", metadata).path("previous").valueStream().map(JsonNode::asText)
        .toList();
  }
}
