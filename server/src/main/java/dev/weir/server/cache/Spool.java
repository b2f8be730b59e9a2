package dev.weir.server.cache;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;

import com.google.errorprone.annotations.concurrent.GuardedBy;

import dev.weir.storage.Digest;

/**
 * The growing file of one download, and the hash of what it holds. Written by the download's thread alone; read by
 * position by everybody who holds it. The channel closes when the last holder lets go, so that it outlives the file's
 * move into the store.
 */
final class Spool implements AutoCloseable {
  private static final int REHASH_BUFFER_BYTES = 1 << 20;

  private final Path file;
  private final FileChannel channel;
  private final Digest digest;
  private final Object lock = new Object();
  /** The download's thread alone. */
  private final MessageDigest hash;
  /** In bytes. The download's thread alone. */
  private long written;
  @GuardedBy("lock") private int holders = 1;

  private Spool(Path file, FileChannel channel, Digest digest) {
    this.file = file;
    this.channel = channel;
    this.digest = digest;
    this.hash = digest.algorithm().newHash();
  }

  /** Opens the file that an earlier download of the same digest left, or a new one; {@link #written()} says which. */
  static Spool open(Path file, Digest digest) throws IOException {
    Files.createDirectories(file.getParent());
    Spool spool = new Spool(file,
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE), digest);
    try {
      spool.hashWhatIsThere();
      return spool;
    } catch (IOException e) {
      spool.release();
      throw e;
    }
  }

  /** An earlier process may have ended between any two writes: what counts is what the file holds now. */
  private void hashWhatIsThere() throws IOException {
    if (channel.size() == 0) {
      return;
    }
    ByteBuffer buffer = ByteBuffer.allocateDirect(REHASH_BUFFER_BYTES);
    while (channel.read(buffer, written) > 0) {
      buffer.flip();
      written += buffer.remaining();
      hash.update(buffer);
      buffer.clear();
    }
  }

  long written() {
    return written;
  }

  FileChannel channel() {
    return channel;
  }

  Path file() {
    return file;
  }

  /** Takes the buffer's bytes to the end of the file and into the hash; when the disk fills, both hold the same. */
  void append(ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      ByteBuffer taken = bytes.duplicate();
      int count = channel.write(bytes, written);
      hash.update(taken.limit(taken.position() + count));
      written += count;
    }
  }

  /** Whether what was written so far has the digest. */
  boolean matches() {
    try {
      return Digest.of(digest.algorithm(), (MessageDigest) hash.clone()).equals(digest);
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException("every JDK's " + digest.algorithm() + " can be cloned", e);
    }
  }

  /** Gives the file's bytes up: it holds something else than it should. */
  void discard() throws IOException {
    written = 0;
    Files.deleteIfExists(file);
  }

  /** One more holder. False: too late, the channel is closed. */
  boolean retain() {
    synchronized (lock) {
      if (holders == 0) {
        return false;
      }
      holders++;
      return true;
    }
  }

  /** The download lets go. An empty file is of no use to the next. */
  @Override
  public void close() throws IOException {
    try {
      if (written == 0) {
        Files.deleteIfExists(file);
      }
    } finally {
      release();
    }
  }

  /** One holder less; the last closes the channel. */
  void release() throws IOException {
    synchronized (lock) {
      if (--holders > 0) {
        return;
      }
    }
    channel.close();
  }
}
