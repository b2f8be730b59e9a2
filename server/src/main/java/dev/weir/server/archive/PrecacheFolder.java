package dev.weir.server.archive;

/** Names in a folder of factory-precaching-cli: an image is {@code <last element, the first colon as _>.tgz}, lists name it. Pure. */
public final class PrecacheFolder {
  /** What the discovery stage loads, one image a line. */
  public static final String AI_IMAGES = "ai-images.txt";
  /** What the installed cluster loads, one image a line. */
  public static final String OCP_IMAGES = "ocp-images.txt";
  /** {@code SOURCE=DESTINATION} a line. */
  public static final String MAPPING = "mapping.txt";
  /** What an artifact's file ends with. */
  public static final String ENDING = ".tgz";

  private PrecacheFolder() {}

  /** The directory in an image's tgz, and the name of that file without its ending. */
  public static String artifact(String image) {
    return image.substring(image.lastIndexOf('/') + 1).replaceFirst(":", "_");
  }
}
