package dev.weir.server.push;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import org.jspecify.annotations.Nullable;

import dev.weir.server.cache.HashedFile;
import dev.weir.server.cache.NoRoom;
import dev.weir.server.cache.Space;
import dev.weir.server.oci.ErrorCode;
import dev.weir.server.oci.RegistryException;
import dev.weir.storage.BlobStore;
import dev.weir.storage.Digest;

/**
 * One upload session: bytes that grow, request by request, until they are a blob. Its file stays open between requests so
 * that its hash need not be made again; after a restart it is read once.
 *
 * <p>Thread-safe: one request at a time writes; another waits a while, since a client that lost its connection comes back
 * before weir has noticed.
 */
public final class Upload {
  private static final long LONGEST_WAIT_SECONDS = 10;
  private static final long ROOM_STEP = 1 << 20;

  private final String session;
  private final Path path;
  private final Space space;
  private final Optional<SharedHalf> shared;
  /** Of all uploads together. */
  private final AtomicInteger openFiles;
  private final ReentrantLock lock = new ReentrantLock();
  @GuardedBy("lock") private @Nullable HashedFile file;
  /** Set once. Whoever writes looks at it between two pieces, so that an upload can be ended in the middle of one. */
  private volatile boolean ended;
  private volatile Instant touched;
  /** Set once: its file belongs to another object. */
  @GuardedBy("lock") private boolean left;

  /**
   * An upload that is asked for now.
   *
   * @param shared what other processes know of it, where there are any
   */
  Upload(String session, Path path, Space space, Optional<SharedHalf> shared, AtomicInteger openFiles, Instant now) {
    this.touched = now;
    this.session = session;
    this.space = space;
    this.shared = shared;
    this.path = path;
    this.openFiles = openFiles;
  }

  /** Its name in the address. */
  public String session() {
    return session;
  }

  /** How many bytes there are. Opens no file, and reads none again: many sessions are begun and never written to. */
  public long size() throws IOException {
    return shared.isPresent() ? locked(HashedFile::written) : localSize();
  }

  private long localSize() throws IOException {
    acquire();
    try {
      requireAlive();
      HashedFile open = file;
      return open == null ? Files.size(path) : open.written();
    } catch (NoSuchFileException e) {
      throw Uploads.unknown();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Takes a chunk to the end. If the client leaves in its middle, all of the chunk is taken back: clients begin it again.
   *
   * @param start where the client believes the chunk to begin; empty: it does not say
   * @return the size now, in bytes
   * @throws RegistryException RANGE_INVALID if {@code start} is not where the upload ends
   */
  public long append(UploadBody body, OptionalLong start) throws IOException {
    return locked(open -> {
      HashedFile.Mark before = open.mark();
      append(open, body, start);
      if (shared.isPresent()) {
        share(shared.get(), open, before);
      }
      return open.written();
    });
  }

  /** What is acknowledged is to be found by all. */
  private static void share(SharedHalf shared, HashedFile open, HashedFile.Mark before) throws IOException {
    try {
      shared.add(before.written(), open);
    } catch (IOException | RuntimeException e) {
      open.rollBackTo(before);
      throw e;
    }
  }

  private void append(HashedFile open, UploadBody body, OptionalLong start) throws IOException {
    if (start.isPresent() && start.getAsLong() != open.written()) {
      throw new RegistryException(ErrorCode.RANGE_INVALID,
          "the upload has " + open.written() + " bytes, and the chunk begins at " + start.getAsLong());
    }
    HashedFile.Mark before = open.mark();
    long taken = 0;
    try {
      for (Optional<ByteBuffer> next = body.next(); next.isPresent(); next = body.next()) {
        requireAlive();
        taken += room(open.written() - before.written() + next.get().remaining() - taken);
        open.append(next.get());
      }
      requireAlive();
      space.give(taken - (open.written() - before.written()));
    } catch (IOException | RuntimeException e) {
      open.rollBackTo(before);
      space.give(taken);
      throw e;
    }
  }

  /** Takes room for so many bytes, and for some more that are likely to follow. Returns how much. */
  private long room(long missing) throws NoRoom {
    if (missing <= 0) {
      return 0;
    }
    long step = Math.max(missing, ROOM_STEP);
    space.take(step);
    return step;
  }

  /** What becomes of a finished upload. */
  @FunctionalInterface
  interface Commit {
    /** @param bytes its size */
    void accept(Verified upload, long bytes) throws IOException;
  }

  /** An upload that is what its digest says. */
  @FunctionalInterface
  interface Verified {
    void storeIn(BlobStore blobs) throws IOException;
  }

  /**
   * Takes the last chunk, verifies all of it, and commits it, and nothing comes in between. If that fails for another reason
   * than the bytes, the upload is as it was before the chunk, so that the client can send it again.
   *
   * @throws RegistryException DIGEST_INVALID if the bytes are others, and the upload has ended
   */
  @SuppressWarnings("GuardedBy") // what is done within locked() has the lock
  void finish(UploadBody last, OptionalLong start, Digest digest, Commit commit) throws IOException {
    locked(open -> {
      HashedFile.Mark before = open.mark();
      append(open, last, start);
      requireDigest(open, digest);
      try {
        commit.accept(blobs -> {
          if (shared.isEmpty() || !shared.get().commit(digest, open.written())) {
            blobs.commit(digest, open.path());
          }
        }, open.written());
        ended = true;
      } catch (IOException | RuntimeException e) {
        takeBack(open, before);
        throw e;
      }
      return digest;
    });
  }

  private void requireDigest(HashedFile open, Digest digest) throws IOException {
    Digest actual = digest(open, digest.algorithm());
    if (!actual.equals(digest)) {
      ended = true;
      throw new RegistryException(ErrorCode.DIGEST_INVALID,
          "the upload's " + open.written() + " bytes have the digest " + actual + ", not " + digest);
    }
  }

  /** A file whose name has gone may be the blob by now, and is not written to again: what the upload had is copied from it. */
  @SuppressWarnings("GuardedBy") // called within locked()
  private void takeBack(HashedFile open, HashedFile.Mark before) throws IOException {
    space.give(open.written() - before.written());
    if (Files.exists(path)) {
      open.rollBackTo(before);
      return;
    }
    try {
      copyBeginning(open, before.written());
    } catch (IOException | RuntimeException e) {
      ended = true;
      throw e;
    } finally {
      rest();
    }
  }

  private void copyBeginning(HashedFile open, long bytes) throws IOException {
    try (FileChannel copy = FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      for (long at = 0; at < bytes;) {
        at += open.channel().transferTo(at, bytes - at, copy);
      }
    }
  }

  /** The hash that was made on the way, or for another algorithm the one read now. */
  private static Digest digest(HashedFile open, Digest.Algorithm algorithm) throws IOException {
    if (algorithm == Uploads.HASHED_ON_THE_WAY) {
      return open.digest();
    }
    try (HashedFile again = HashedFile.open(open.path(), algorithm)) {
      return again.digest();
    }
  }

  boolean hasEnded() {
    return ended;
  }

  /** Ends it, whatever state it is in: a request that writes to it stops at the next piece, a commit comes to its end. */
  void end() throws IOException {
    ended = true;
    lock.lock();
    try {
      rest();
    } finally {
      lock.unlock();
    }
  }

  /** Ends it if nobody has written to it since {@code before}, and no request is at it. True: it has ended. */
  boolean endIfUntouchedSince(Instant before) throws IOException {
    if (!lock.tryLock()) {
      return false;
    }
    try {
      if (Files.exists(path) && !Files.getLastModifiedTime(path).toInstant().isBefore(before)) {
        return false;
      }
      ended = true;
      rest();
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Somebody is about to ask it something. */
  void touch(Instant now) {
    touched = now;
  }

  /**
   * Throws its local file away, which can be made again, if nobody asked for it since {@code before}, and no request is at it.
   * True: this object is of no more use, and the upload goes on in another.
   */
  boolean leaveIfUntouchedSince(Instant before) throws IOException {
    if (!touched.isBefore(before) || !lock.tryLock()) {
      return false;
    }
    try {
      if (!touched.isBefore(before)) {
        return false;
      }
      left = true;
      rest();
      long bytes = Files.exists(path) ? Files.size(path) : 0;
      Files.deleteIfExists(path);
      space.give(bytes);
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Closes its file until the next request; skipped while one runs. */
  void restIfIdle() throws IOException {
    if (lock.tryLock()) {
      try {
        rest();
      } finally {
        lock.unlock();
      }
    }
  }

  @GuardedBy("lock")
  private void rest() throws IOException {
    if (file != null) {
      file.close();
      forgetFile();
    }
  }

  @GuardedBy("lock")
  private void forgetFile() {
    file = null;
    openFiles.decrementAndGet();
  }

  @GuardedBy("lock")
  private HashedFile open() throws IOException {
    HashedFile open = file;
    if (open == null) {
      open = HashedFile.open(path, Uploads.HASHED_ON_THE_WAY);
      openFiles.incrementAndGet();
      file = open;
    }
    return open;
  }

  private interface Step<T> {
    T on(HashedFile open) throws IOException;
  }

  private <T> T locked(Step<T> step) throws IOException {
    acquire();
    try {
      requireAlive();
      if (left) {
        throw new IOException(
            "upload " + session + " was put away just when it was asked for; the same can be sent again");
      }
      HashedFile open = open();
      if (shared.isPresent()) {
        shared.get().catchUp(open);
      }
      return step.on(open);
    } catch (ClosedChannelException e) {
      if (file != null) {
        forgetFile();
      }
      throw e;
    } finally {
      lock.unlock();
    }
  }

  private void requireAlive() throws RegistryException {
    if (ended) {
      throw Uploads.unknown();
    }
  }

  private void acquire() throws IOException {
    try {
      if (!lock.tryLock(LONGEST_WAIT_SECONDS, TimeUnit.SECONDS)) {
        throw new RegistryException(ErrorCode.BLOB_UPLOAD_INVALID, "another request is still writing to this upload");
      }
    } catch (InterruptedException e) {
      throw new IOException("stopped while waiting for an upload", e);
    }
  }
}
