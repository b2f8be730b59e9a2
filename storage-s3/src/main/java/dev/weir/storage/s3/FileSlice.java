package dev.weir.storage.s3;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

import software.amazon.awssdk.core.sync.RequestBody;

/** A stretch of a file, read by position. It neither moves the channel nor closes it. For one thread. */
final class FileSlice extends InputStream {
  /** The client asks for a few KiB at a time. */
  private static final int BUFFER_BYTES = 64 << 10;

  private final FileChannel channel;
  private final long end;
  private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES).limit(0);
  /** Of the next byte that is not in the buffer. */
  private long position;

  private FileSlice(FileChannel channel, long from, long end) {
    this.channel = channel;
    this.position = from;
    this.end = end;
  }

  /** As the body of a request, which reads it again for each try. */
  static RequestBody body(FileChannel channel, long from, long end) {
    return RequestBody.fromContentProvider(() -> new FileSlice(channel, from, end), end - from,
        "application/octet-stream");
  }

  @Override
  public int read() throws IOException {
    return fill() ? buffer.get() & 0xff : -1;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (!fill()) {
      return -1;
    }
    int count = Math.min(length, buffer.remaining());
    buffer.get(into, offset, count);
    return count;
  }

  /** False: the end is reached. */
  private boolean fill() throws IOException {
    if (buffer.hasRemaining() || position == end) {
      return buffer.hasRemaining();
    }
    buffer.clear().limit((int) Math.min(buffer.capacity(), end - position));
    int count = channel.read(buffer, position);
    buffer.flip();
    if (count <= 0) {
      throw new EOFException("the file became shorter while it was sent: it ends at " + position);
    }
    position += count;
    return true;
  }

  @Override
  public int available() {
    return (int) Math.min(Integer.MAX_VALUE, buffer.remaining() + end - position);
  }
}
