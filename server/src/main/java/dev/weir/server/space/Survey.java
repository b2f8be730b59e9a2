package dev.weir.server.space;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.weir.storage.Content;

/** Walks the tree for {@link Holdings}, now and then, on a thread of its own. */
public final class Survey implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Survey.class);
  private static final Duration BETWEEN_WALKS = Duration.ofMinutes(5);
  private static final int RESTS = 3;

  private final Stride stride = new Stride(RESTS);
  private final Semaphore wanted = new Semaphore(0);
  private volatile boolean isClosing;

  public Survey(Content content, Holdings holdings) {
    HoldingsWalk walk = new HoldingsWalk(content, holdings, stride);
    Thread.ofPlatform().daemon().name("walk").start(() -> run(walk));
  }

  private void run(HoldingsWalk walk) {
    while (!isClosing) {
      try {
        walk.walk();
        boolean _ = wanted.tryAcquire(BETWEEN_WALKS.toMillis(), TimeUnit.MILLISECONDS);
        wanted.drainPermits();
      } catch (IOException e) {
        LOG.warn("what is held: {}", e.getMessage());
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  public void rescan() {
    wanted.release();
  }

  @Override
  public void close() {
    isClosing = true;
    stride.stop();
    wanted.release();
  }
}
