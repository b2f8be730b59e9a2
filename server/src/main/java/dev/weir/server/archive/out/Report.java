package dev.weir.server.archive.out;

import java.util.List;
import java.util.stream.Stream;

/**
 * What came of an export.
 *
 * @param to where it was written
 * @param images that were asked for and are here
 * @param bytes of all that they are made of
 * @param already of these, what the other side has
 * @param written to the folder by this run, in bytes; what was whole there is not written again
 * @param files that whoever carries it has to carry; empty: the whole folder
 * @param missing what is not in it and should be
 * @param remarks what a person should know
 */
public record Report(String to, int images, int blobs, long bytes, long already, long written, List<String> files,
    List<Missing> missing, List<String> remarks) {
  public Report {
    files = List.copyOf(files);
    missing = List.copyOf(missing);
    remarks = List.copyOf(remarks);
  }

  /** The same with more for a person to know. */
  public Report noting(List<String> more) {
    return new Report(to, images, blobs, bytes, already, written, files, missing,
        Stream.concat(remarks.stream(), more.stream()).toList());
  }

  /** Whether all that was asked for was written. */
  public boolean isComplete() {
    return missing.isEmpty();
  }
}
