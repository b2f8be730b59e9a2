package dev.weir.server.upstream;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * Asks a registry again that is busy or stumbles, until its patience ends: after the time it asked for, or else after a
 * pause that doubles. What is no matter of time is told at once. Thread-safe.
 */
public final class PersistentRegistry implements AskedRegistry {
  private static final Duration FIRST_PAUSE = Duration.ofMillis(400);

  private final UpstreamRegistry registry;
  private final Duration patience;
  private final RandomGenerator random;
  private final CountDownLatch closing = new CountDownLatch(1);

  /** @param patience from the first question to the last */
  public PersistentRegistry(UpstreamRegistry registry, Duration patience, RandomGenerator random) {
    this.registry = registry;
    this.patience = patience;
    this.random = random;
  }

  @Override
  public String name() {
    return registry.name();
  }

  @Override
  public void ping() throws UpstreamException {
    registry.ping();
  }

  @Override
  public boolean isDown() {
    return registry.isDown();
  }

  @Override
  public void givenUp(Duration howLong) {
    registry.givenUp(howLong);
  }

  @Override
  public List<UpstreamRegistry> hosts() {
    return registry.hosts();
  }

  @Override
  public void close() {
    closing.countDown();
    registry.close();
  }

  @Override
  public <T> T ask(Question<T> question) throws UpstreamException {
    long end = System.nanoTime() + patience.toNanos();
    Duration pause = FIRST_PAUSE;
    while (true) {
      try {
        return question.ask(registry);
      } catch (UpstreamException e) {
        Duration own = jittered(pause);
        Duration wait = e.retryAfter().filter(stated -> stated.compareTo(own) > 0).orElse(own);
        if (!e.isPassing() || wait.toNanos() >= end - System.nanoTime() || isClosedWithin(wait)) {
          throw e;
        }
        pause = pause.multipliedBy(2);
      }
    }
  }

  private Duration jittered(Duration pause) {
    return Duration.ofMillis(pause.toMillis() / 2 + random.nextLong(pause.toMillis()));
  }

  private boolean isClosedWithin(Duration wait) {
    try {
      return closing.await(Math.max(wait.toMillis(), 1), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }
}
