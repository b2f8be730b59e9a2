package dev.weir.storage.s3;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;

/**
 * An object whose beginning is here already, for a small one all of it. The rest is asked for when it is read; if the object
 * was replaced or deleted meanwhile, reading fails.
 *
 * @param rest asks for bytes that are not here
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record OpenObject(long size, byte[] beginning, ResumingInput.Asking rest) implements FarObject {
  @Override
  public InputStream read(long from, long to) {
    if (from >= beginning.length) {
      return new ResumingInput(rest, from, to);
    }
    int here = (int) Math.min(beginning.length, to);
    InputStream first = new ByteArrayInputStream(beginning, (int) from, here - (int) from);
    return here == to ? first : new SequenceInputStream(first, new ResumingInput(rest, here, to));
  }

  /** Streams that were given out are closed by whoever has them. */
  @Override
  public void close() throws IOException {}
}
