package dev.weir.storage;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Bytes of an object on their way here, told of as they come: no thread waits for them, and nobody copies them. Thread-safe.
 */
public interface Arriving extends AutoCloseable {
  /** Begins, once. More comes as what was taken is given back. */
  void to(Taker taker);

  /** At once, whatever has come by then; whoever takes them may still be told of what was on its way to him. */
  @Override
  void close();

  /** Who takes them. Told one thing after the other, by a thread that must not wait. */
  interface Taker {
    /** @param giveBack called once, by any thread, when nobody reads in the buffer any more */
    void take(ByteBuffer bytes, Runnable giveBack);

    /** That was all of it, and the last that is told. */
    void end();

    /** No more will come, and this is the last that is told. */
    void broken(IOException why);
  }
}
