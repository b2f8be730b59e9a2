package dev.weir.server.openshift;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which OpenShift the text is for. */
public record ClusterVersion(int minor) {
  /** For whoever says nothing: all that is current. */
  public static final ClusterVersion CURRENT = new ClusterVersion(Integer.MAX_VALUE);
  private static final Pattern FORM = Pattern.compile("4\\.([0-9]{1,3})(?:\\..*)?");

  /** @throws IllegalArgumentException if it is no version of OpenShift 4; the message is a sentence */
  public static ClusterVersion parse(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      throw new IllegalArgumentException("'" + text + "' is no version of OpenShift 4, such as 4.16 or 4.16.17");
    }
    return new ClusterVersion(Integer.parseInt(form.group(1)));
  }

  boolean isBefore(int otherMinor) {
    return minor < otherMinor;
  }

  /** ImageDigestMirrorSet and ImageTagMirrorSet came with 4.13. */
  boolean hasMirrorSets() {
    return !isBefore(13);
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
