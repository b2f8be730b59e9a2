package dev.weir.server.precache;

import java.util.List;
import java.util.Objects;

import dev.weir.server.space.Leeway;

/**
 * What came of a job. Scripts read this: what is here stays as it is.
 *
 * @param complete all that was asked for is here and stays servable without any upstream; of a dry run: it can be had, and fits
 * @param refused why nothing was fetched; empty: it was not refused
 * @param doubt of a dry run: why nobody can say whether it fits; empty: it is known
 * @param images that were asked for, those of releases among them
 * @param imagesHeld of these, those that are here as a whole now
 * @param blobs of all these images, each once
 * @param bytes of these blobs
 * @param fetchBlobs those that were not here; of a dry run, those that would be fetched
 * @param fetchBytes of these, without what had come of them before
 * @param readBytes fetched beside these, to find out what there is: the lists of releases, catalogs. They are kept, by a dry run, too
 * @param room as it was before they were fetched
 * @param pin the set that keeps the images; empty: none does
 * @param names further names that lead to images now
 */
public record Report(boolean complete, boolean dryRun, String refused, String doubt, int images, int imagesHeld,
    int blobs,
    long bytes, int fetchBlobs, long fetchBytes, long readBytes, Leeway room, List<Missing> missing,
    List<Release> releases, String pin,
    List<String> names) {

  /**
   * Something that is not here.
   *
   * @param image as it was asked for
   * @param what of it: a digest, or a name
   */
  public record Missing(String image, String what, String reason) {}

  /**
   * A release that was asked for.
   *
   * @param signedBy the key whose signature of it was checked; empty: none was
   */
  public record Release(String image, String digest, String version, int components, String signedBy) {}

  public Report {
    doubt = Objects.requireNonNullElse(doubt, ""); // not in the files of jobs that are older than it
    missing = List.copyOf(missing);
    releases = List.copyOf(releases);
    names = List.copyOf(names);
  }
}
