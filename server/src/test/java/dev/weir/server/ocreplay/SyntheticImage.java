package dev.weir.server.ocreplay;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import dev.weir.storage.Digest;
import dev.weir.storage.MediaTypes;

import static java.util.stream.Collectors.joining;

/**
 * An image of a release, as docker's schema 2 has it.
 *
 * @param tag under which a mirror keeps it
 * @param component its name within the release
 */
public record SyntheticImage(String tag, String component, SyntheticBlob config, List<SyntheticBlob> layers) {
  public static final String MEDIA_TYPE = MediaTypes.DOCKER_MANIFEST;

  public byte[] manifest() {
    String text = """
        {
           "schemaVersion": 2,
           "mediaType": "%s",
           "config": %s,
           "layers": [%s]
        }""".formatted(MEDIA_TYPE, config.json(), layers.stream().map(SyntheticBlob::json).collect(joining(", ")));
    return text.getBytes(StandardCharsets.UTF_8);
  }

  public Digest digest() {
    return Digest.sha256(manifest());
  }

  /** Configuration and layers. */
  public List<SyntheticBlob> blobs() {
    List<SyntheticBlob> all = new ArrayList<>(layers);
    all.addFirst(config);
    return all;
  }

  @Override
  public String toString() {
    return tag;
  }
}
