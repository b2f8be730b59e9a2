package dev.weir.server.replicas;

import java.io.IOException;
import java.util.Optional;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.weir.server.cache.Replicas;
import dev.weir.server.cache.Source;
import dev.weir.server.cache.StoreSource;
import dev.weir.storage.BlobStore;
import dev.weir.storage.Digest;

/**
 * One download among those that several weirs have of one blob: it fetches, or follows the one that does. With the first
 * trouble it is alone, and fetches as if there were no others.
 */
final class SharedTurn implements Replicas.Turn {
  private static final Logger LOG = LoggerFactory.getLogger(SharedTurn.class);
  /** A blob whose holders change more often is not worth it. */
  private static final int MOST_CHANGES = 16;

  private final Digest digest;
  private final Board board;
  private final BlobStore blobs;
  private final Replicas.Growth growth;
  private final SharedFetches.Manner manner;
  private final SharedFetches fetches;
  private final Rest rest = new Rest();
  private final Wish wish;
  private boolean isAlone;
  private boolean hasGiven;
  /** What lies there may be of this download. */
  private boolean hasHeld;
  private boolean isFoundStored;
  private int changes;
  /** The number of the last holder that is lost. */
  private int lost;
  private @Nullable Holding held;
  private @Nullable Watched watched;
  /** Since when a client may wait for others to say a size. By {@link System#nanoTime}. */
  private @Nullable Long waiting;

  SharedTurn(Digest digest, Board board, BlobStore blobs, Replicas.Growth growth, SharedFetches fetches) {
    this.digest = digest;
    this.board = board;
    this.blobs = blobs;
    this.growth = growth;
    this.fetches = fetches;
    this.manner = fetches.manner();
    this.wish = new Wish(board, manner.who());
  }

  @Override
  public Optional<Source> instead() {
    if (isAlone || held != null) {
      return Optional.empty();
    }
    try {
      return turn();
    } catch (IOException e) {
      alone(e);
      return Optional.empty();
    }
  }

  private void alone(IOException why) {
    LOG.info("pull {}: fetched here, whatever other weirs do: {}", digest, why.getMessage());
    isAlone = true;
    fetches.aside(digest, wish::end);
  }

  /** Whoever looks again after a holder was there looks for the blob first: that may have been its end. */
  private Optional<Source> turn() throws IOException {
    for (; changes < MOST_CHANGES; changes++) {
      if (changes > 0 && isInStore()) {
        return stored();
      }
      int holder = changes > 0 ? board.notes(manner.who()).holder() : 0;
      if (holder == 0 || holder == lost) {
        if (claim(holder + 1)) {
          return claimed(holder + 1);
        }
      } else {
        Optional<Source> other = other(holder);
        if (other.isPresent()) {
          return other;
        }
      }
    }
    throw new IOException("those who fetched it changed too often");
  }

  /** An error may hide that it is ours. */
  private boolean claim(int number) throws IOException {
    Said said = new Said(manner.who(), 0, -1, 0, 0);
    try {
      return board.claim(number, said);
    } catch (IOException e) {
      fetches.aside(digest, () -> board.takeBack(number, said));
      throw e;
    }
  }

  /** Somebody may have stored it just before. */
  private Optional<Source> claimed(int number) throws IOException {
    waiting = null;
    hasHeld = true;
    held = new Holding(digest, board, number, manner.who(), growth, manner.pace()).start();
    wish.end();
    if (!isInStore()) {
      return Optional.empty();
    }
    release(true);
    return stored();
  }

  private Optional<Source> stored() {
    isFoundStored = true;
    hasGiven = true;
    return Optional.of(new StoreSource(blobs, digest));
  }

  private boolean isInStore() throws IOException {
    return blobs.sizeForWriting(digest).isPresent();
  }

  /** Empty: there is none any more, or it is our own, of before. */
  private Optional<Source> other(int number) throws IOException {
    Optional<Said> said = board.said(number);
    if (said.isEmpty()) {
      return Optional.empty();
    }
    if (manner.who().isOurs(said.get().who())) {
      lost = number;
      return Optional.empty();
    }
    Watched followed = new Watched(board, number, said.get(), manner.pace());
    watched = followed;
    long since = waiting == null ? System.nanoTime() : waiting;
    waiting = since;
    LOG.debug("pull {}: another weir fetches it, and is followed", digest);
    return Optional.of(new Followed(board, wish, followed, manner.pace(), rest, since, this::given));
  }

  /** So the size is known, and the next holder's is waited for anew. */
  private void given() {
    hasGiven = true;
    waiting = null;
  }

  @Override
  public void left(IOException why) {
    changes++;
    if (!(why instanceof Followed.NoMore end)) {
      isFoundStored = false;
      alone(why);
      return;
    }
    switch (end.state()) {
      case ENDED -> LOG.debug("pull {}: {}", digest, why.getMessage());
      case LOST -> lost = watched == null ? 0 : watched.number();
      case FETCHES -> alone(why);
    }
  }

  @Override
  public boolean hasGiven() {
    return hasGiven;
  }

  @Override
  public void distrust() {
    alone(new IOException("what came was something else"));
    boolean isOurs = hasHeld && !hasGiven;
    hasGiven = false;
    isFoundStored = false;
    if (held != null) {
      release(true); // hands on no more before all of it goes
    } else {
      fetches.aside(digest, isOurs ? board::clearPieces : this::clearPiecesUnlessHeld);
    }
  }

  /** One that fetches puts none of them a second time, and others follow it: it takes them away in the end. */
  private void clearPiecesUnlessHeld() throws IOException {
    if (!isFetched()) {
      board.clearPieces();
    }
  }

  @Override
  public void pass() {
    Holding mine = held;
    held = null;
    if (mine != null) {
      try {
        mine.end(false);
      } catch (IOException e) {
        alone(e);
      }
    }
  }

  private void release(boolean stored) {
    Holding mine = held;
    held = null;
    if (mine != null) {
      fetches.aside(digest, () -> mine.end(stored));
    }
  }

  @Override
  public boolean isStored() {
    if (isFoundStored || !hasGiven || held != null || isAlone) {
      return isFoundStored;
    }
    try {
      return watched != null && isStoredBy(watched);
    } catch (IOException e) {
      LOG.debug("pull {}: stored here, too: {}", digest, e.getMessage());
      return false;
    }
  }

  private boolean isStoredBy(Watched holder) throws IOException {
    Watched.State state = holder.look();
    while (state == Watched.State.FETCHES && !isInStore() && rest.pause(manner.pace().look())) {
      state = holder.look();
    }
    lost = state == Watched.State.LOST ? holder.number() : lost;
    return isInStore();
  }

  @Override
  public void end(boolean stored) {
    rest.end();
    fetches.aside(digest, wish::end);
    if (held != null) {
      release(stored);
    } else if (stored && watched != null) {
      fetches.aside(digest, this::clearIfLast);
    }
  }

  /** What we said that we wanted may have been said when the other had just ended, and one that is lost clears nothing. */
  private void clearIfLast() throws IOException {
    if (!isFetched()) {
      board.clear();
    }
  }

  /** By one that is not lost. */
  private boolean isFetched() throws IOException {
    return board.notes(manner.who()).holder() > lost;
  }

  @Override
  public void stop() {
    rest.end();
  }
}
