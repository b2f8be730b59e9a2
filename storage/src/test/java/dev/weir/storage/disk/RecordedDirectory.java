package dev.weir.storage.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** A directory that was opened to be synced. */
final class RecordedDirectory extends RecordedChannel {
  private final String name;
  private final Journal journal;

  RecordedDirectory(FileChannel real, String name, Journal journal) {
    super(real);
    this.name = name;
    this.journal = journal;
  }

  @Override
  public void force(boolean metadata) throws IOException {
    journal.attempt("sync", name);
    journal.add(new Change.Sync(name));
  }

  @Override
  public int write(ByteBuffer from) {
    throw new UnsupportedOperationException();
  }

  @Override
  public int write(ByteBuffer from, long position) {
    throw new UnsupportedOperationException();
  }

  @Override
  public long write(ByteBuffer[] from, int offset, int length) {
    throw new UnsupportedOperationException();
  }

  @Override
  public FileChannel truncate(long size) {
    throw new UnsupportedOperationException();
  }
}
