package dev.weir.server.archive.in;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/** A file, of which what is skipped is not read. Reads ahead a little: headers lie between things that are skipped. */
final class FileInput extends InputStream {
  private final FileChannel channel;
  private final long size;
  private final ByteBuffer ahead = ByteBuffer.allocate(8 << 10).limit(0);

  FileInput(Path file) throws IOException {
    this.channel = FileChannel.open(file);
    this.size = channel.size();
  }

  @Override
  public int read() throws IOException {
    return fill() ? ahead.get() & 0xff : -1;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    if (!ahead.hasRemaining() && length >= ahead.capacity()) {
      return channel.read(ByteBuffer.wrap(into, offset, length));
    }
    if (!fill()) {
      return -1;
    }
    int count = Math.min(length, ahead.remaining());
    ahead.get(into, offset, count);
    return count;
  }

  private boolean fill() throws IOException {
    if (!ahead.hasRemaining()) {
      ahead.clear();
      int read = channel.read(ahead);
      ahead.flip();
      return read > 0;
    }
    return true;
  }

  /** Not beyond its end. */
  @Override
  public long skip(long count) throws IOException {
    long within = Math.min(Math.max(0, count), ahead.remaining());
    ahead.position(ahead.position() + (int) within);
    long beyond = Math.min(Math.max(0, count) - within, size - channel.position());
    if (beyond > 0) {
      channel.position(channel.position() + beyond);
    }
    return within + Math.max(0, beyond);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
