package dev.weir.server.archive.in;

import java.util.List;

/**
 * What came of an import.
 *
 * @param target  where it went
 * @param dryRun  nothing was written
 * @param images  by their repositories, in order
 * @param blobs   that were sent
 * @param bytes   of these
 * @param present blobs that were there already
 * @param signatures of releases that were kept
 * @param skipped what did not go in
 * @param remarks what one should know, though all went in
 */
public record ImportReport(String target, boolean dryRun, List<Repository> images, int blobs, long bytes, int present,
    int signatures, List<Skipped> skipped, List<String> remarks) {
  public ImportReport {
    images = List.copyOf(images);
    skipped = List.copyOf(skipped);
    remarks = List.copyOf(remarks);
  }

  /**
   * What a repository got.
   *
   * @param name     at the target
   * @param imported manifests that were put there
   * @param present  manifests that were there already
   * @param tags     that point now where the source has them
   * @param bytes    of all that its imported images name, each blob once
   */
  public record Repository(String name, int imported, int present, List<String> tags, long bytes) {
    public Repository {
      tags = List.copyOf(tags);
    }
  }

  /** One thing, and why it did not go in. */
  public record Skipped(String what, String reason) {}

  /** Whether all that was found went in, or was there. */
  public boolean complete() {
    return skipped.isEmpty();
  }

  /** Manifests that were put. */
  public int imported() {
    return images.stream().mapToInt(Repository::imported).sum();
  }

  /** Manifests that were there. */
  public int held() {
    return images.stream().mapToInt(Repository::present).sum();
  }
}
