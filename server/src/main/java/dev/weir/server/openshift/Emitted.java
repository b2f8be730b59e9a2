package dev.weir.server.openshift;

/**
 * One file.
 *
 * @param path   below the folder that all go into
 * @param secret whether only its owner may read it
 */
public record Emitted(String path, String text, boolean secret) {
  static Emitted open(String path, String text) {
    return new Emitted(path, text, false);
  }

  /** Whether {@code oc apply} takes it: those have a number, by which they are to be applied in order. */
  public boolean isManifest() {
    return Character.isDigit(path.charAt(path.lastIndexOf('/') + 1)) && path.endsWith(".yaml");
  }

  /** The same in a folder of its own, out of the way of whoever applies all files at once. */
  Emitted in(String folder) {
    String inside = folder + "/" + path;
    return new Emitted(inside, text.replace(path, inside), secret);
  }
}
