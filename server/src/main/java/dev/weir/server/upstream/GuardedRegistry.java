package dev.weir.server.upstream;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.random.RandomGenerator;

import dev.weir.storage.Digest;
import dev.weir.storage.RepositoryName;

/** One host, whose health is noted with each answer. While it wants to be left alone it is not asked. Thread-safe. */
public final class GuardedRegistry implements AskedRegistry {
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
  public BlobStream blob(RepositoryName repository, Digest digest, long from, long to) throws UpstreamException {
    return ask(asked -> asked.blob(repository, digest, from, to));
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

  @Override
  public <T> T ask(Question<T> question) throws UpstreamException {
    Duration away = breaker.away();
    if (away.isPositive()) {
      throw new UpstreamException(UpstreamException.Kind.RATE_LIMITED, "ask " + name(),
          "it wants no requests for now (429 Too Many Requests)")
          .retryAfter(Duration.ofSeconds(away.plusMillis(999).toSeconds()));
    }
    breaker.began();
    try {
      T answer = question.ask(host);
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
