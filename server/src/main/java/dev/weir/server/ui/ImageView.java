package dev.weir.server.ui;

import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * An image, an index or another artifact, as somebody made it: every text in it may say anything.
 *
 * @param size in bytes, of all that it names
 * @param pins what keeps it, by name
 * @param written when it came here; null: not known
 * @param subject the digest of what it refers to; null: nothing
 * @param config null: it has none that says anything
 * @param tags beside it that hold signatures and the like
 */
record ImageView(String repository, String reference, String digest, String mediaType, String kind,
    String artifactType, String keeping, List<String> pins, long size, long manifestSize, @Nullable String written,
    @Nullable String subject, Map<String, String> annotations, @Nullable Config config, List<Platform> platforms,
    List<Layer> layers, List<Referrer> referrers, List<SideTag> tags) {

  /** What the configuration says. */
  record Config(String digest, String mediaType, long size, String platform, String created, String author, String user,
      String workingDirectory, List<String> entrypoint, List<String> command, List<String> ports,
      Map<String, String> labels, List<Step> history) {}

  /** How a layer came about. */
  record Step(String by, String comment, boolean empty) {}

  /**
   * One image of an index.
   *
   * @param held whether it is here; null: there are too many to look for all
   * @param size of what it names itself; 0: not known
   */
  record Platform(String digest, String platform, String mediaType, long size, @Nullable Boolean held,
      Map<String, String> annotations) {}

  /**
   * One layer, or another blob.
   *
   * @param held whether its bytes are here; null: there are too many to look for all
   */
  record Layer(String digest, String mediaType, long size, @Nullable Boolean held, Map<String, String> annotations) {}

  /** What has it as its subject. */
  record Referrer(String digest, String type, long size, Map<String, String> annotations) {}

  /** What cosign keeps under a tag of its own: {@code sig}, {@code att} or {@code sbom}. */
  record SideTag(String tag, String what, String digest) {}
}
