package dev.weir.server.http;

import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.FileChannel;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/** A file in pooled memory, piece by piece. */
final class FilePieces {
  static final int MOST_BYTES = 256 << 10;

  private final FileChannel file;
  private final ByteBufAllocator allocator;

  FilePieces(FileChannel file, ByteBufAllocator allocator) {
    this.file = file;
    this.allocator = allocator;
  }

  /** At least one byte from {@code from} on; the caller releases it. */
  ByteBuf read(long from, long end) throws IOException {
    int wanted = (int) Math.min(MOST_BYTES, end - from);
    ByteBuf piece = allocator.directBuffer(wanted, wanted);
    try {
      if (piece.writeBytes(file, from, wanted) <= 0) {
        throw new EOFException("the file ends at " + file.size() + ", before byte " + from + " that was promised");
      }
      return piece;
    } catch (IOException | RuntimeException e) {
      piece.release();
      throw e;
    }
  }
}
