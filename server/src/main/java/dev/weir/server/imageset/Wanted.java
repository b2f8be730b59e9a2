package dev.weir.server.imageset;

import dev.weir.server.release.PullSpec;

/**
 * An image of the set.
 *
 * @param reason what it was asked for by, such as {@code release 4.16.17 (amd64)} or {@code ptp-operator.v4.16.0}
 */
public record Wanted(Kind kind, PullSpec image, String reason) {

  /** What is to be done for it. */
  public enum Kind {
    /** A release image: all images that it names belong to the set, too, and its signatures. */
    RELEASE,
    /** A catalog of operators, to be kept whole and as it is. */
    CATALOG,
    /** An operator's bundle, or an image that one names. */
    OPERATOR,
    /** Named one by one. */
    ADDITIONAL
  }
}
