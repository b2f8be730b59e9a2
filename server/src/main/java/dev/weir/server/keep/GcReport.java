package dev.weir.server.keep;

import java.util.List;

/**
 * What was collected, or would be.
 *
 * @param dryRun nothing was deleted
 * @param manifests that stay
 * @param named blobs that stay since a manifest names them, manifests among them
 * @param untagged manifests that went, as {@code NAME@DIGEST}
 * @param blobs that went; the first of them
 * @param blobCount how many
 * @param bytes of these
 * @param links to blobs that a repository had no more use for
 * @param spared blobs that nothing names and that stay for now: touched lately, or too young
 * @param unreadable manifests that are damaged; as long as there are such, no blob goes, since it may be theirs
 * @param later what is to become of the order, where another weir carries it out; empty: it was done
 */
public record GcReport(boolean dryRun, long manifests, long named, List<String> untagged, List<String> blobs,
    long blobCount, long bytes, long links, long spared, List<String> unreadable, String later) {
  public GcReport {
    untagged = List.copyOf(untagged);
    blobs = List.copyOf(blobs);
    unreadable = List.copyOf(unreadable);
  }

  /** Nothing was done yet. */
  public static GcReport later(String sentence) {
    return new GcReport(false, 0, 0, List.of(), List.of(), 0, 0, 0, 0, List.of(), sentence);
  }
}
