package dev.weir.server.space;

import java.io.IOException;
import java.util.concurrent.TimeUnit;

/** Keeps long work in the background down to a share of one core and of the disk. For one thread, but for {@link #stop}. */
final class Stride {
  private static final long WORK_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

  private final long restNanos;
  private long begunNanos = System.nanoTime();
  private volatile boolean isStopped;

  /** @param rests how many times as long as it works it rests */
  Stride(int rests) {
    this.restNanos = WORK_NANOS * rests;
  }

  /** Between two pieces of work. Rests when it is time to. */
  void step() throws IOException {
    if (isStopped) {
      throw new IOException("weir stops");
    }
    if (System.nanoTime() - begunNanos < WORK_NANOS) {
      return;
    }
    try {
      TimeUnit.NANOSECONDS.sleep(restNanos);
    } catch (InterruptedException e) {
      throw new IOException("stopped while resting", e);
    }
    begunNanos = System.nanoTime();
  }

  /** Any thread may: the next step throws. */
  void stop() {
    isStopped = true;
  }
}
