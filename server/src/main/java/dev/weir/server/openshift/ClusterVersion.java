package dev.weir.server.openshift;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which OpenShift the text is for.
 *
 * @param patch {@link #ANY} where only the minor version is known
 */
public record ClusterVersion(int minor, int patch) {
  static final int ANY = -1;
  /** For whoever says nothing: all that is current. */
  public static final ClusterVersion CURRENT = new ClusterVersion(Integer.MAX_VALUE, ANY);
  private static final Pattern FORM = Pattern.compile("4\\.([0-9]{1,3})(?:\\.([0-9]{1,4})(?:[-+].*)?)?");

  /** @throws IllegalArgumentException if it is no version of OpenShift 4; the message is a sentence */
  public static ClusterVersion parse(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      throw new IllegalArgumentException("'" + text + "' is no version of OpenShift 4, such as 4.16 or 4.16.17");
    }
    return new ClusterVersion(Integer.parseInt(form.group(1)),
        form.group(2) == null ? ANY : Integer.parseInt(form.group(2)));
  }

  boolean isBefore(int otherMinor) {
    return minor < otherMinor;
  }

  /** ImageDigestMirrorSet and ImageTagMirrorSet came with 4.13. */
  boolean hasMirrorSets() {
    return !isBefore(13);
  }

  /** Whether an ImageContentSourcePolicy may not be there beside the new kinds: so before 4.13.27 and 4.14.3. */
  boolean mayClashWithPolicies() {
    return switch (minor) {
      case 13 -> patch < 27;
      case 14 -> patch < 3;
      case Integer.MAX_VALUE -> true; // nobody said which
      default -> false;
    };
  }

  /** {@code imageDigestSources} came with 4.14. */
  boolean hasDigestSources() {
    return !isBefore(14);
  }

  /** ClusterCatalog as v1 came with 4.18. */
  boolean hasClusterCatalogs() {
    return !isBefore(18);
  }
}
