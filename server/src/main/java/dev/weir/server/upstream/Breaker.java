package dev.weir.server.upstream;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import org.jspecify.annotations.Nullable;

/**
 * Whether one host answers, as those who ask it find out. It opens with the first failure that says so, and is closed by
 * any answer. While it is open and somebody is interested, the host is looked at in the background, one look at a time,
 * the next after a pause that doubles; a good look closes it on trial: only an answer to a real request makes the next
 * pause short again. Thread-safe.
 */
final class Breaker {
  /** Looks whether the host answers. */
  @FunctionalInterface
  interface Probe {
    void run() throws UpstreamException;
  }

  static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
  /** However long a host wants to be left alone: nobody else looks whether it still does. */
  static final Duration LONGEST_AWAY = Duration.ofMinutes(2);
  /** Who gives up sooner says nothing of the host. */
  private static final Duration SHORTEST_WAIT = Duration.ofMillis(50);

  private final Probe probe;
  private final OutageLog log;
  private final InstantSource clock;
  private final RandomGenerator random;
  @GuardedBy("this") private @Nullable UpstreamException outage;
  /** Since when there is an {@link #outage}. */
  @GuardedBy("this") private Instant outSince = Instant.MIN;
  /** Whether anybody found out anything yet. */
  @GuardedBy("this") private boolean isKnown;
  @GuardedBy("this") private Instant nextLook = Instant.MIN;
  @GuardedBy("this") private boolean isLooking;
  @GuardedBy("this") private Duration pause = FIRST_PAUSE;
  @GuardedBy("this") private Instant awayUntil = Instant.MIN;
  /** Requests without an answer. */
  @GuardedBy("this") private int waiting;
  /** Since when nothing came, while {@link #waiting}. */
  @GuardedBy("this") private Instant silentSince = Instant.MIN;

  Breaker(Probe probe, OutageLog log, InstantSource clock, RandomGenerator random) {
    this.probe = probe;
    this.log = log;
    this.clock = clock;
    this.random = random;
  }

  /** Whether those who have something held should not ask now. Begins a look at the host when one is due. */
  synchronized boolean isOpen() {
    Instant now = clock.instant();
    if (outage == null) {
      return now.isBefore(awayUntil);
    }
    if (!isLooking && !now.isBefore(nextLook)) {
      isLooking = true;
      Thread.ofVirtual().name("probe").start(this::look);
    }
    return true;
  }

  /** Why it is open; empty if it is not, or only because the host asked to be left alone for a while. */
  synchronized Optional<UpstreamException> outage() {
    return Optional.ofNullable(outage).map(UpstreamException::again);
  }

  /** As the last request found the host; unlike {@link #isOpen}, it begins nothing. */
  synchronized HostHealth health() {
    if (outage != null) {
      return new HostHealth.Down(outSince, outage.again());
    }
    if (clock.instant().isBefore(awayUntil)) {
      return new HostHealth.Away();
    }
    return isKnown ? new HostHealth.Answers() : new HostHealth.NotAsked();
  }

  /** How long the host still wants to be left alone. */
  synchronized Duration away() {
    Duration left = Duration.between(clock.instant(), awayUntil);
    return left.isPositive() ? left : Duration.ZERO;
  }

  /** A request leaves; {@link #ended} follows. */
  synchronized void began() {
    if (waiting++ == 0) {
      silentSince = clock.instant();
    }
  }

  /** A request got its answer, or will get none. */
  synchronized void ended() {
    waiting--;
  }

  /** The host answered a request, whatever the answer. */
  synchronized void answered() {
    pause = FIRST_PAUSE;
    close();
  }

  /** The host asked to be left alone for a while. */
  synchronized void sentAway(Duration howLong) {
    answered();
    awayUntil = clock.instant().plus(Collections.min(List.of(howLong, LONGEST_AWAY)));
  }

  /** A request found the host in trouble. */
  synchronized void failed(UpstreamException found) {
    log.failed(found);
    isKnown = true;
    if (outage == null) {
      outage = found;
      outSince = clock.instant();
      lookLater();
    }
  }

  /** Somebody gave up waiting: if the host was silent for as long, it is not likely to answer the next. */
  synchronized void givenUp(Duration howLong, UpstreamException found) {
    Duration nearlyAll = howLong.multipliedBy(3).dividedBy(4); // he began to wait a little before the request left
    if (waiting > 0 && howLong.compareTo(SHORTEST_WAIT) >= 0
        && !clock.instant().isBefore(silentSince.plus(nearlyAll))) {
      failed(found);
    }
  }

  private void look() {
    try {
      probe.run();
      looked(null);
    } catch (UpstreamException e) {
      looked(e);
    } catch (RuntimeException | Error e) { // whatever it is, somebody is to look again
      looked(UpstreamException.failed("look at a host in trouble", String.valueOf(e)));
    }
  }

  private synchronized void looked(@Nullable UpstreamException found) {
    isLooking = false;
    if (found == null) {
      close();
    } else if (outage != null) {
      outage = found;
      lookLater();
    }
  }

  @GuardedBy("this")
  private void close() {
    isKnown = true;
    silentSince = clock.instant();
    if (outage != null) {
      outage = null;
      log.answered();
    }
  }

  @GuardedBy("this")
  private void lookLater() {
    long millis = pause.toMillis();
    nextLook = clock.instant().plusMillis(millis / 2 + random.nextLong(millis / 2 + 1));
    pause = Collections.min(List.of(pause.multipliedBy(2), LONGEST_PAUSE));
  }
}
