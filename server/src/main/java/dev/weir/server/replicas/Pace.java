package dev.weir.server.replicas;

import java.time.Duration;

/**
 * How often weirs on one store look at each other.
 *
 * @param renewal in which whoever fetches says that it still does, and looks whether others want the bytes
 * @param lost after so long without a word from it, by the other's own clock, another takes its place
 * @param unanswered after so long without a word of the size, of whichever fetches, others fetch by themselves: their
 * clients have no answer yet
 * @param stalled after so long without a byte from it, others fetch by themselves
 * @param look how often others look whether there is more, at most; more often as long as there was a moment ago
 * @param gathering for which bytes are collected before they are handed on
 * @param pieceBytes handed on at once, at most
 */
public record Pace(Duration renewal, Duration lost, Duration unanswered, Duration stalled, Duration look,
    Duration gathering, int pieceBytes) {
  /** A client that sees nothing new for ten seconds may give up, so all of it stays below that. */
  public static final Pace DEFAULT = new Pace(Duration.ofSeconds(2), Duration.ofSeconds(6), Duration.ofSeconds(3),
      Duration.ofSeconds(5), Duration.ofSeconds(1), Duration.ofSeconds(1), 4 << 20);
}
