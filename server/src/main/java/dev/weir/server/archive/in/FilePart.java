package dev.weir.server.archive.in;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

import dev.weir.server.archive.Bounded;
import dev.weir.server.archive.Connection;

/** Bytes of a file, to be read whenever they are wanted. */
record FilePart(Path file, long from, long length) implements Connection.Body {
  @Override
  public boolean lasts() {
    return true;
  }

  @Override
  public InputStream open() throws IOException {
    FileChannel channel;
    try {
      channel = FileChannel.open(file).position(from);
    } catch (IOException e) {
      throw new Damaged("cannot read " + file + ": " + e);
    }
    return Damaged.input(new Bounded(new Reading(channel), length) {
      @Override
      public void close() {
        try {
          channel.close();
        } catch (IOException e) { // it was only read
        }
      }
    });
  }

  private static final class Reading extends InputStream {
    private final FileChannel channel;

    Reading(FileChannel channel) {
      this.channel = channel;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      return channel.read(ByteBuffer.wrap(into, offset, length));
    }
  }
}
