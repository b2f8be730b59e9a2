package dev.weir.storage.fs;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Optional;

import dev.weir.storage.StoredObject;

/** An object as an open file, which stays readable when its name is given to another or to none. */
record OpenFile(FileChannel channel, long size) implements StoredObject {
  @Override
  public Optional<FileChannel> file() {
    return Optional.of(channel);
  }

  @Override
  public InputStream read() {
    return new Bytes(channel, size);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  /** Reads by position, so that it neither moves the channel nor closes it. */
  private static final class Bytes extends InputStream {
    /** The JDK copies through a direct buffer of the length asked for, and keeps that buffer. */
    private static final int LONGEST_READ = 128 * 1024;

    private final FileChannel channel;
    private final long size;
    private long position;

    Bytes(FileChannel channel, long size) {
      this.channel = channel;
      this.size = size;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      if (length == 0) {
        return 0;
      }
      int count = channel.read(ByteBuffer.wrap(into, offset, Math.min(length, LONGEST_READ)), position);
      position += Math.max(count, 0);
      return count;
    }

    @Override
    public byte[] readAllBytes() throws IOException {
      return readNBytes(Math.toIntExact(size - position));
    }

    @Override
    public byte[] readNBytes(int length) throws IOException {
      byte[] content = new byte[Math.clamp(size - position, 0, length)];
      int count = readNBytes(content, 0, content.length);
      if (count < content.length) {
        throw new IOException("a stored file of " + size + " bytes ended at " + position);
      }
      return content;
    }

    @Override
    public long skip(long count) {
      long skipped = Math.clamp(count, 0, size - position);
      position += skipped;
      return skipped;
    }
  }
}
