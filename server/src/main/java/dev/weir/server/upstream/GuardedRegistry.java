package dev.weir.server.upstream;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

import dev.weir.server.oci.Referrer;
import dev.weir.storage.Digest;
import dev.weir.storage.Manifest;
import dev.weir.storage.Reference;
import dev.weir.storage.RepositoryName;
import dev.weir.storage.Tag;

/** One host, whose health is noted with each answer. While it wants to be left alone it is not asked. Thread-safe. */
public final class GuardedRegistry implements UpstreamRegistry {
  /** What is asked of the host. */
  @FunctionalInterface
  private interface Question<T> {
    T ask() throws UpstreamException;
  }

  /** How long a host is left alone that does not say how long it wants to be. */
  private static final Duration DEFAULT_AWAY = Duration.ofSeconds(1);

  private final UpstreamRegistry host;
  private final Breaker breaker;

  /** @param random spreads the looks at a host that is down */
  public GuardedRegistry(UpstreamRegistry host, InstantSource clock, RandomGenerator random) {
    this.host = host;
    this.breaker = new Breaker(host::ping, new OutageLog(host.name(), clock), clock, random);
  }

  @Override
  public String name() {
    return host.name();
  }

  @Override
  public Manifest manifest(RepositoryName repository, Reference reference) throws UpstreamException {
    return ask(() -> host.manifest(repository, reference));
  }

  @Override
  public Optional<Digest> headManifest(RepositoryName repository, Tag tag) throws UpstreamException {
    return ask(() -> host.headManifest(repository, tag));
  }

  @Override
  public BlobStream blob(RepositoryName repository, Digest digest, long from) throws UpstreamException {
    return ask(() -> host.blob(repository, digest, from));
  }

  @Override
  public BlobStream blob(RepositoryName repository, Digest digest, long from, long to) throws UpstreamException {
    return ask(() -> host.blob(repository, digest, from, to));
  }

  @Override
  public long blobSize(RepositoryName repository, Digest digest) throws UpstreamException {
    return ask(() -> host.blobSize(repository, digest));
  }

  @Override
  public List<Tag> tags(RepositoryName repository) throws UpstreamException {
    return ask(() -> host.tags(repository));
  }

  @Override
  public List<Referrer> referrers(RepositoryName repository, Digest subject) throws UpstreamException {
    return ask(() -> host.referrers(repository, subject));
  }

  @Override
  public void ping() throws UpstreamException {
    host.ping();
  }

  @Override
  public boolean isDown() {
    return breaker.isOpen();
  }

  /** Why it is down, if that is because it failed. */
  public Optional<UpstreamException> outage() {
    return breaker.outage();
  }

  /** How the last request found it; looking makes nobody ask it. */
  public HostHealth health() {
    return breaker.health();
  }

  @Override
  public void givenUp(Duration howLong) {
    breaker.givenUp(howLong,
        UpstreamException.timedOut("wait for " + name(), "no answer in " + Wire.shown(howLong)));
  }

  @Override
  public void close() {
    host.close();
  }

  private <T> T ask(Question<T> question) throws UpstreamException {
    Duration away = breaker.away();
    if (away.isPositive()) {
      throw new UpstreamException(UpstreamException.Kind.RATE_LIMITED, "ask " + name(),
          "it wants no requests for now (429 Too Many Requests)")
          .retryAfter(Duration.ofSeconds(away.plusMillis(999).toSeconds()));
    }
    breaker.began();
    try {
      T answer = question.ask();
      breaker.answered();
      return answer;
    } catch (UpstreamException e) {
      note(e);
      throw e;
    } finally {
      breaker.ended();
    }
  }

  private void note(UpstreamException e) {
    if (e.isOutage()) {
      breaker.failed(e);
    } else if (e.kind() == UpstreamException.Kind.RATE_LIMITED && e.isPassing()) {
      breaker.sentAway(e.retryAfter().orElse(DEFAULT_AWAY));
    } else {
      breaker.answered();
    }
  }
}
