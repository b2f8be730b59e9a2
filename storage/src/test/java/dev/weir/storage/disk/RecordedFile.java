package dev.weir.storage.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** An open file. */
final class RecordedFile extends RecordedChannel {
  private final String name;
  private final int number;
  private final Journal journal;

  RecordedFile(FileChannel real, String name, int number, Journal journal) {
    super(real);
    this.name = name;
    this.number = number;
    this.journal = journal;
  }

  @Override
  public int write(ByteBuffer from) throws IOException {
    int count = write(from, real.position());
    real.position(real.position() + count);
    return count;
  }

  @Override
  public int write(ByteBuffer from, long position) throws IOException {
    boolean whole = journal.attempt("write", name);
    byte[] bytes = new byte[whole ? from.remaining() : (from.remaining() + 1) / 2];
    from.get(bytes);
    ByteBuffer rest = ByteBuffer.wrap(bytes);
    while (rest.hasRemaining()) {
      real.write(rest, position + rest.position());
    }
    journal.add(new Change.Write(number, position, bytes));
    return bytes.length;
  }

  @Override
  public long write(ByteBuffer[] from, int offset, int length) throws IOException {
    for (int i = offset; i < offset + length; i++) {
      if (from[i].hasRemaining()) {
        return write(from[i]);
      }
    }
    return 0;
  }

  @Override
  public FileChannel truncate(long size) throws IOException {
    journal.attempt("truncate", name);
    real.truncate(size);
    journal.add(new Change.Truncate(number, size));
    return this;
  }

  /** The real disk is spared: what counts is what was written down. */
  @Override
  public void force(boolean metadata) throws IOException {
    journal.attempt("force", name);
    journal.add(new Change.Force(number));
  }
}
