package dev.weir.server.cache;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How a download answers a broken connection: it goes on after a pause that doubles, with jitter, as long as bytes still
 * come now and then. A fetch that never got a byte fails with the first break, so that its clients hear of it at once.
 *
 * <p>For the download's thread alone.
 */
final class Breaks {
  private static final Logger LOG = LoggerFactory.getLogger(Breaks.class);
  private static final int MOST_WITHOUT_PROGRESS = 5;
  private static final Duration FIRST_PAUSE = Duration.ofMillis(250);

  private final String what;
  private final RandomGenerator random;
  private final CountDownLatch closing;
  private boolean everProgressed;
  private int withoutProgress;

  /** @param closing at zero, nothing is tried again */
  Breaks(String what, RandomGenerator random, CountDownLatch closing) {
    this.what = what;
    this.random = random;
    this.closing = closing;
  }

  /** Bytes came. */
  void progressed() {
    everProgressed = true;
    withoutProgress = 0;
  }

  /**
   * Waits before the next try.
   *
   * @throws IOException {@code broken}, when there is to be none
   */
  void pauseAfter(IOException broken, long written) throws IOException {
    if (!everProgressed || withoutProgress == MOST_WITHOUT_PROGRESS) {
      throw broken;
    }
    long pauseMillis = FIRST_PAUSE.toMillis() << withoutProgress;
    withoutProgress++;
    LOG.info("{}: broken after {} bytes ({}); going on from there", what, written, broken.getMessage());
    try {
      if (closing.await(pauseMillis / 2 + random.nextLong(pauseMillis), TimeUnit.MILLISECONDS)) {
        throw broken;
      }
    } catch (InterruptedException e) {
      throw new IOException("stopped while waiting to go on with " + what, e);
    }
  }
}
