package dev.weir.server.keep;

import java.util.List;

/**
 * What is here and what is not.
 *
 * @param images manifests that were looked at, in each repository that has them
 * @param blobs that were read, manifests among them
 * @param bytes of these
 * @param missing named by an image, and not here
 * @param damaged here, and something else than they should be; what could be brought back is not in this list
 * @param healed were damaged, and are here again
 * @param partial indexes of which only some platforms are here, as is usual where nobody asked for the others
 * @param dangling tags that lead to nothing
 * @param incomplete images that are still being completed from upstream
 * @param unknown images that were asked for and are not held
 * @param intact all that was asked for is here and as it should be
 * @param unpluggable all of it can be served without any upstream
 */
public record VerifyReport(long images, long blobs, long bytes, List<Finding> missing, List<Finding> damaged,
    List<Finding> healed, List<String> partial, List<String> dangling, List<String> incomplete, List<String> unknown,
    boolean intact, boolean unpluggable) {

  /**
   * One blob.
   *
   * @param image one of those that name it
   */
  public record Finding(String digest, String image, String reason) {}

  public VerifyReport {
    missing = List.copyOf(missing);
    damaged = List.copyOf(damaged);
    healed = List.copyOf(healed);
    partial = List.copyOf(partial);
    dangling = List.copyOf(dangling);
    incomplete = List.copyOf(incomplete);
    unknown = List.copyOf(unknown);
  }
}
