package dev.weir.server.keep.shared;

import java.time.Duration;

/**
 * How long the weirs on one bucket take over what they tell each other. The same for all of them; each measures by its own
 * clock, which only goes on, and nobody compares two clocks.
 *
 * @param renewal how often an owner says that it is there
 * @param trust for so long after it has said so it may delete
 * @param takeover an owner that was not seen to say anything for so long is one no more; far longer than {@code trust}, since a
 *          request may be under way
 * @param settling for so long a new owner waits for others that may have taken the same place, where the store does not keep
 *          two writers apart; longer than any request takes
 * @param reading how old what a weir knows of the stage may be when it tells a client that a blob is there
 * @param patience for so long a client waits for the deletion of a portion to end; clients may not wait longer than 20 s for any
 *          answer
 * @param share looking through all manifests, for the sake of deleted images or of room, may take one part in so many of all time
 */
public record Tempo(Duration renewal, Duration trust, Duration takeover, Duration settling, Duration reading,
    Duration patience, int share) {
  public static final Tempo DEFAULT = new Tempo(Duration.ofSeconds(10), Duration.ofSeconds(20), Duration.ofSeconds(60),
      Duration.ofSeconds(20), Duration.ofSeconds(20), Duration.ofSeconds(15), 20);

  /** After a list was published nothing on it goes for so long: then whatever anybody said before it knew the list is over. */
  Duration notice(Duration grace) {
    return grace.plus(reading.multipliedBy(2));
  }
}
