package dev.weir.server.cache;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;

import dev.weir.storage.Digest;

/**
 * A file that only grows, and the hash of what it holds, so that nothing is read again to know its digest. For one thread
 * at a time; the channel may be read by position by anybody meanwhile.
 */
public final class HashedFile implements AutoCloseable {
  private static final int REHASH_BUFFER_BYTES = 1 << 20;

  private final Path path;
  private final FileChannel channel;
  private final Digest.Algorithm algorithm;
  private MessageDigest hash;
  /** In bytes. */
  private long written;

  private HashedFile(Path path, FileChannel channel, Digest.Algorithm algorithm) {
    this.path = path;
    this.channel = channel;
    this.algorithm = algorithm;
    this.hash = algorithm.newHash();
  }

  /**
   * Opens the file, new or as somebody left it: an earlier process may have ended between any two writes, so what counts
   * is what it holds now, which is read once.
   */
  public static HashedFile open(Path path, Digest.Algorithm algorithm) throws IOException {
    HashedFile file = openUnread(path, algorithm);
    try {
      file.takeIn(file.channel.size());
      return file;
    } catch (IOException e) {
      file.close();
      throw e;
    }
  }

  /** The same, of which nothing counts yet. */
  public static HashedFile openUnread(Path path, Digest.Algorithm algorithm) throws IOException {
    Files.createDirectories(path.getParent());
    return new HashedFile(path,
        FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE),
        algorithm);
  }

  /** What somebody else wrote behind the end counts now, up to there. */
  void takeIn(long upTo) throws IOException {
    if (upTo == written) {
      return;
    }
    ByteBuffer buffer = ByteBuffer.allocateDirect((int) Math.min(REHASH_BUFFER_BYTES, upTo - written));
    while (written < upTo) {
      buffer.clear().limit((int) Math.min(buffer.capacity(), upTo - written));
      if (channel.read(buffer, written) <= 0) {
        throw new EOFException(path + " ends at " + written + " instead of " + upTo);
      }
      buffer.flip();
      written += buffer.remaining();
      hash.update(buffer);
    }
  }

  public Path path() {
    return path;
  }

  public FileChannel channel() {
    return channel;
  }

  /** In bytes. */
  public long written() {
    return written;
  }

  /** Takes the buffer's bytes to the end of the file and into the hash; when the disk fills, both hold the same. */
  public void append(ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      ByteBuffer taken = bytes.duplicate();
      int count = channel.write(bytes, written);
      hash.update(taken.limit(taken.position() + count));
      written += count;
    }
  }

  /** Of what was written so far. */
  public Digest digest() {
    return Digest.of(algorithm, copyOf(hash));
  }

  /** A point to come back to. */
  public record Mark(long written, MessageDigest hash) {}

  /** Where the file ends now. */
  public Mark mark() {
    return new Mark(written, copyOf(hash));
  }

  /** Takes back whatever was written since. */
  public void rollBackTo(Mark mark) throws IOException {
    channel.truncate(mark.written());
    written = mark.written();
    hash = copyOf(mark.hash());
  }

  /** Takes back everything. */
  public void clear() throws IOException {
    rollBackTo(new Mark(0, algorithm.newHash()));
  }

  private static MessageDigest copyOf(MessageDigest hash) {
    try {
      return (MessageDigest) hash.clone();
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException("every JDK's " + hash.getAlgorithm() + " can be cloned", e);
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
