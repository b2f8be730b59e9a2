package dev.weir.server.archive.in;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
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
    return Damaged.input(new Bounded(Channels.newInputStream(channel), length) {
      @Override
      public void close() {
        try {
          channel.close();
        } catch (IOException e) { // it was only read
        }
      }
    });
  }
}
