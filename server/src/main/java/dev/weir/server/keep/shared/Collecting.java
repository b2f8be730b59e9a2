package dev.weir.server.keep.shared;

/**
 * What is being collected in a bucket, for people.
 *
 * @param owner the weir that collects; empty: none, or none was seen yet
 * @param isOurs whether this weir does
 * @param condemned blobs that are on the list in force
 * @param bytes that these come to
 * @param state a sentence
 * @param lastEnded when the last collection ended; empty: none has
 * @param lastBlobs that it took away
 * @param lastBytes that these came to
 */
public record Collecting(String owner, boolean isOurs, int condemned, long bytes, String state, String lastEnded,
    long lastBlobs, long lastBytes) {
  /** Where data lies in a directory, which no other weir writes to. */
  public static final Collecting NONE = new Collecting("", false, 0, 0, "", "", 0, 0);
}
