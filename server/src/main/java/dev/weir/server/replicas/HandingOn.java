package dev.weir.server.replicas;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Optional;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.weir.server.cache.BlobBody;
import dev.weir.server.cache.Replicas.Growth;
import dev.weir.storage.Digest;

/** Puts what a download has into the store, piece by piece, as it comes; beside the download, which it never holds up. */
final class HandingOn {
  private static final Logger LOG = LoggerFactory.getLogger(HandingOn.class);
  private static final int LOOKS = 20;

  /** Told how much is there from the beginning on. */
  @FunctionalInterface
  interface Told {
    void shared(long to) throws IOException;
  }

  private final Digest digest;
  private final Board board;
  private final Growth growth;
  private final Pace pace;
  private final Rest rest;
  private final Told told;
  private final Path aside;
  /** The first byte that anybody wants. Only sinks. */
  private volatile long wanted;
  /** Its own thread's alone, as are the next. */
  private long begin = Long.MAX_VALUE;
  private long at;
  private boolean hasFailed;

  HandingOn(Digest digest, Board board, Growth growth, Pace pace, Rest rest, Told told, long wanted) {
    this.digest = digest;
    this.board = board;
    this.growth = growth;
    this.pace = pace;
    this.rest = rest;
    this.told = told;
    this.aside = growth.aside();
    this.wanted = wanted;
  }

  void from(long position) {
    wanted = position;
  }

  /** On a thread of its own, until the pauses are over. */
  void run() {
    try {
      Optional<BlobBody> reader = growth.reader();
      if (reader.isPresent()) {
        try (BlobBody body = reader.get()) {
          run(body);
        }
      }
    } catch (IOException e) {
      LOG.debug("{} is not handed on any more: {}", digest, e.getMessage());
    }
  }

  private void run(BlobBody body) throws IOException {
    try {
      while (!rest.isOver()) {
        tryNext(body);
      }
    } finally {
      Files.deleteIfExists(aside);
    }
  }

  /** Those who follow wait for as long as we say that we fetch: what fails once is tried again after a moment. */
  private void tryNext(BlobBody body) throws IOException {
    try {
      next(body);
    } catch (IOException e) {
      if (!rest.isOver()) {
        failed(e);
        rest.pause(pace.gathering());
      }
    }
  }

  private void failed(IOException how) {
    if (hasFailed) {
      LOG.debug("{}: not handed on to other weirs for now: {}", digest, how.getMessage());
    } else {
      LOG.info("pull {}: handing it on to other weirs failed at byte {}, and is tried again: {}", digest, at,
          how.getMessage());
    }
    hasFailed = true;
  }

  private void next(BlobBody body) throws IOException {
    beginWhereWanted();
    long until = gathered(body.size());
    if (until > at) {
      board.put(cut(body.file(), until), aside);
      at = until;
      told.shared(at);
    }
  }

  /** What lies there already, from one that was lost, too, need not be put there again. */
  private void beginWhereWanted() throws IOException {
    long first = wanted;
    if (first < begin) {
      begin = first;
      at = first;
      for (Piece piece : board.pieces(Optional.empty())) {
        at = piece.contains(at) ? piece.to() : at;
      }
      if (at > begin) {
        told.shared(at);
      }
    }
  }

  /** Up to where the next piece goes, after a moment in which more may come. */
  private long gathered(long size) throws IOException {
    Duration pause = pace.gathering().dividedBy(LOOKS);
    long until = visible();
    for (int looks = 0; looks < LOOKS && until < at + pace.pieceBytes() && until < size; looks++) {
      if (!rest.pause(pause)) {
        return at;
      }
      until = visible();
    }
    if (at >= size) {
      rest.pause(pause); // somebody may want what came before
    }
    return until;
  }

  private long visible() {
    return Math.min(growth.visible(), at + pace.pieceBytes());
  }

  /** Copies up to there. */
  private Piece cut(FileChannel file, long until) throws IOException {
    try (FileChannel out = FileChannel.open(aside, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING,
        StandardOpenOption.WRITE)) {
      for (long position = at; position < until;) {
        position += file.transferTo(position, until - position, out);
      }
    }
    return new Piece(at, until);
  }
}
