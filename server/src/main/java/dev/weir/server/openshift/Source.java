package dev.weir.server.openshift;

import java.util.List;

/**
 * A registry, or part of one, as clusters name it, and where weir has its images.
 *
 * @param location such as {@code quay.io} or {@code quay.io/openshift-release-dev/ocp-release}
 * @param paths    here, in the order in which they are to be asked; without the door
 */
public record Source(String location, List<String> paths) {
  public Source {
    paths = List.copyOf(paths);
  }

  /** Whether {@code image}, a repository with its registry, is of this source. */
  boolean holds(String image) {
    return image.startsWith(location)
        && (image.length() == location.length() || image.charAt(location.length()) == '/');
  }
}
