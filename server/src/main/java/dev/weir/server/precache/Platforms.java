package dev.weir.server.precache;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.weir.storage.Digest;

/**
 * Which images of an index are wanted.
 *
 * @param wanted as {@code linux/amd64} or {@code linux/arm64/v8}; none: all
 */
public record Platforms(List<String> wanted) {
  private static final ObjectMapper JSON = new ObjectMapper();

  public Platforms {
    wanted = List.copyOf(wanted);
  }

  /** Those of an index; each once. */
  public List<Digest> of(byte[] index) throws IOException {
    List<Digest> found = new ArrayList<>();
    for (JsonNode child : JSON.readTree(index).path("manifests")) {
      Digest digest = Digest.parse(child.path("digest").asText());
      if ((wanted.isEmpty() || isWanted(child.path("platform"))) && !found.contains(digest)) {
        found.add(digest);
      }
    }
    return List.copyOf(found);
  }

  /** The architecture of a child, such as {@code arm64}; empty: the index does not say. */
  static String architecture(byte[] index, Digest digest) throws IOException {
    for (JsonNode child : JSON.readTree(index).path("manifests")) {
      if (child.path("digest").asText().equals(digest.toString())) {
        return child.path("platform").path("architecture").asText("");
      }
    }
    return "";
  }

  /** What there is, for the sentence that says that nothing of it was wanted. */
  public static String in(byte[] index) throws IOException {
    List<String> all = new ArrayList<>();
    JSON.readTree(index).path("manifests").forEach(child -> all.add(name(child.path("platform"))));
    return String.join(", ", all);
  }

  private boolean isWanted(JsonNode platform) {
    String whole = name(platform);
    return wanted.stream().anyMatch(each -> whole.equals(each) || whole.startsWith(each + "/"));
  }

  private static String name(JsonNode platform) {
    String variant = platform.path("variant").asText("");
    return platform.path("os").asText("?") + "/" + platform.path("architecture").asText("?")
        + (variant.isEmpty() ? "" : "/" + variant);
  }
}
