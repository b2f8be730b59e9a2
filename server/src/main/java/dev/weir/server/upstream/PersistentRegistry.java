package dev.weir.server.upstream;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

import dev.weir.server.oci.Referrer;
import dev.weir.storage.Digest;
import dev.weir.storage.Manifest;
import dev.weir.storage.Reference;
import dev.weir.storage.RepositoryName;
import dev.weir.storage.Tag;

/**
 * Asks a registry again that is busy or stumbles, until its patience ends: after the time it asked for, or else after a
 * pause that doubles. What is no matter of time is told at once. Thread-safe.
 */
public final class PersistentRegistry implements UpstreamRegistry {
  /** What is asked. */
  @FunctionalInterface
  private interface Question<T> {
    T ask() throws UpstreamException;
  }

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
  public Manifest manifest(RepositoryName repository, Reference reference) throws UpstreamException {
    return ask(() -> registry.manifest(repository, reference));
  }

  @Override
  public Optional<Digest> headManifest(RepositoryName repository, Tag tag) throws UpstreamException {
    return ask(() -> registry.headManifest(repository, tag));
  }

  @Override
  public BlobStream blob(RepositoryName repository, Digest digest, long from) throws UpstreamException {
    return ask(() -> registry.blob(repository, digest, from));
  }

  @Override
  public long blobSize(RepositoryName repository, Digest digest) throws UpstreamException {
    return ask(() -> registry.blobSize(repository, digest));
  }

  @Override
  public List<Tag> tags(RepositoryName repository) throws UpstreamException {
    return ask(() -> registry.tags(repository));
  }

  @Override
  public List<Referrer> referrers(RepositoryName repository, Digest subject) throws UpstreamException {
    return ask(() -> registry.referrers(repository, subject));
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

  private <T> T ask(Question<T> question) throws UpstreamException {
    long end = System.nanoTime() + patience.toNanos();
    Duration pause = FIRST_PAUSE;
    while (true) {
      try {
        return question.ask();
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
