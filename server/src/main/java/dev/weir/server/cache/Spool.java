package dev.weir.server.cache;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;

import dev.weir.storage.Digest;

/**
 * The growing file of one download. Its beginning is written by the download's thread alone, what lies {@link #ahead} by
 * further streams; read by position by everybody who holds it.
 * It closes when the last holder lets go, so that it outlives the file's move into the store.
 */
final class Spool implements AutoCloseable {
  private final HashedFile file;
  private final Ahead ahead;
  private final Digest digest;
  private final Holders holders = new Holders();

  private Spool(HashedFile file, Digest digest) {
    this.file = file;
    this.ahead = new Ahead(file.path(), file.channel());
    this.digest = digest;
  }

  /** Opens the file that an earlier download of the same digest left, or a new one; {@link #written()} says which. */
  static Spool open(Path path, Digest digest) throws IOException {
    HashedFile file = HashedFile.openUnread(path, digest.algorithm());
    try {
      Spool spool = new Spool(file, digest);
      file.takeIn(spool.ahead.recover());
      return spool;
    } catch (IOException e) {
      file.close();
      throw e;
    }
  }

  /** What further streams write ahead of the beginning. */
  Ahead ahead() {
    return ahead;
  }

  /** In bytes. */
  long written() {
    return file.written();
  }

  FileChannel channel() {
    return file.channel();
  }

  Path file() {
    return file.path();
  }

  /** As much of the bytes as there is room before the next stretch that another stream writes, or wrote. */
  void append(ByteBuffer bytes) throws SpoolFailure {
    int count = ahead.stretches().reserve(bytes.remaining());
    ByteBuffer mine = bytes.slice(bytes.position(), count);
    bytes.position(bytes.position() + count);
    try {
      file.append(mine);
      ahead.stretches().wrote(file.written());
      ahead.wrote(count);
    } catch (IOException e) {
      throw new SpoolFailure(e);
    }
  }

  /** Takes in what others wrote and what now joins on to the beginning; at most so many bytes. Returns how many. */
  long takeIn(long most) throws SpoolFailure {
    long count = Math.min(most, ahead.stretches().joined() - file.written());
    try {
      file.takeIn(file.written() + count);
      if (count > 0) {
        ahead.stretches().wrote(file.written());
        ahead.wrote(0);
      }
      return count;
    } catch (IOException e) {
      throw new SpoolFailure(e);
    }
  }

  /** Whether what was written so far has the digest. */
  boolean matches() {
    return file.digest().equals(digest);
  }

  /** Gives the file's bytes up: it holds something else than it should. */
  void discard() throws IOException {
    Files.deleteIfExists(file.path());
    ahead.forget();
  }

  /** Forgets everything that was written; nobody may have read any of it. */
  void clear() throws SpoolFailure {
    try {
      file.clear();
      ahead.forget();
    } catch (IOException e) {
      throw new SpoolFailure(e);
    }
  }

  /** Whether anybody reads it beside the download. */
  boolean isWanted() {
    return holders.isShared();
  }

  /** One more holder. False: too late, the file is closed. */
  boolean retain() {
    return holders.retain();
  }

  /** The download lets go. An empty file is of no use to the next. */
  @Override
  public void close() throws IOException {
    try {
      if (file.written() == 0 && ahead.stretches().isEmpty()) {
        discard();
      } else {
        ahead.settle();
      }
    } finally {
      release();
    }
  }

  /** One holder less; the last closes the file. */
  void release() throws IOException {
    if (holders.release()) {
      file.close();
    }
  }
}
