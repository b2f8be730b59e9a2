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
 * @param room what is held, and what goes for want of room
 */
public record Collecting(String owner, boolean isOurs, int condemned, long bytes, String state, String lastEnded,
    long lastBlobs, long lastBytes, Room room) {
  /** Where data lies in a directory, which no other weir writes to. */
  public static final Collecting NONE = new Collecting("", false, 0, 0, "", "", 0, 0, Room.NONE);

  /**
   * How much a bucket is to hold, and does.
   *
   * @param bound {@code cache.maxsize}; 0: there is none
   * @param held bytes of blobs that manifests named when the owner looked
   * @param looked when that was; empty: never
   * @param condemned manifests of images that are on the list in force
   * @param lastEvicted when images went last; empty: never
   * @param lastImages that went then
   * @param lastBytes that nothing named without them
   */
  public record Room(long bound, long held, String looked, int condemned, String lastEvicted, long lastImages,
      long lastBytes) {
    static final Room NONE = new Room(0, 0, "", 0, "", 0, 0);
  }
}
