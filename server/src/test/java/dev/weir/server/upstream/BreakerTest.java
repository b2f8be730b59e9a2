package dev.weir.server.upstream;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/** When a host is asked, and when it is only looked at. */
@Timeout(300)
final class BreakerTest {
  private static final Duration WAIT = Duration.ofMillis(800);

  private final AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
  /** Each look takes one; it finds the host well where that is {@link #well}. */
  private final SynchronousQueue<UpstreamException> looks = new SynchronousQueue<>();
  private final UpstreamException trouble = FakeUpstream.failure(UpstreamException.Kind.FAILED);
  private final UpstreamException well = FakeUpstream.failure(UpstreamException.Kind.ABSENT);
  private final Breaker breaker = new Breaker(this::look, new OutageLog("host", now::get), now::get, () -> 0);

  private void look() throws UpstreamException {
    try {
      UpstreamException found = looks.take();
      if (!found.equals(well)) {
        throw found;
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private void pass(Duration time) {
    now.updateAndGet(before -> before.plus(time));
  }

  private void looked(boolean open) {
    long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (breaker.isOpen() != open) {
      assertThat(System.nanoTime()).as("waited in vain").isLessThan(end);
      LockSupport.parkNanos(100_000);
    }
  }

  @Test
  void aFailureOpensItAndAnAnswerClosesIt() {
    assertThat(breaker.isOpen()).isFalse();
    breaker.failed(trouble);
    assertThat(breaker.isOpen()).isTrue();
    assertThat(breaker.outage()).get().satisfies(e -> assertThat(e.sentence()).isEqualTo(trouble.sentence()));
    breaker.answered();
    assertThat(breaker.isOpen()).isFalse();
    assertThat(breaker.outage()).isEmpty();
  }

  @Test
  void aHostIsLookedAtWhenSomebodyIsInterestedAndClosesTheBreakerWhenItIsWell() throws Exception {
    breaker.failed(trouble);
    pass(Breaker.FIRST_PAUSE);
    assertThat(breaker.isOpen()).as("whoever asks does not wait for the look").isTrue();
    looks.put(well);
    looked(false);
  }

  @Test
  void thePausesBetweenLooksGrowUntilARealAnswerComes() throws Exception {
    breaker.failed(trouble);
    pass(Breaker.FIRST_PAUSE.dividedBy(2));
    breaker.isOpen();
    looks.put(well);
    looked(false);
    breaker.failed(trouble);
    pass(Breaker.FIRST_PAUSE.dividedBy(2));
    assertThat(breaker.isOpen()).isTrue();
    assertThat(looks.offer(well)).as("nobody looks yet").isFalse();
    pass(Breaker.FIRST_PAUSE.dividedBy(2));
    breaker.isOpen();
    looks.put(well);
    looked(false);
    breaker.answered();
    breaker.failed(trouble);
    pass(Breaker.FIRST_PAUSE.dividedBy(2));
    breaker.isOpen();
    looks.put(well);
    looked(false);
  }

  @Test
  void whoGivesUpWaitingForASilentHostOpensIt() {
    breaker.began();
    pass(WAIT);
    breaker.givenUp(WAIT, trouble);
    assertThat(breaker.isOpen()).isTrue();
  }

  @Test
  void whoGivesUpSaysNothingOfAHostThatAnsweredMeanwhile() {
    breaker.began();
    breaker.began();
    pass(WAIT);
    breaker.answered();
    breaker.ended();
    breaker.givenUp(WAIT, trouble);
    assertThat(breaker.isOpen()).isFalse();
  }

  @Test
  void whoGivesUpSaysNothingOfAHostThatNobodyAsked() {
    pass(WAIT);
    breaker.givenUp(WAIT, trouble);
    assertThat(breaker.isOpen()).isFalse();
  }

  @Test
  void aHostThatWantsToBeLeftAloneIsForThatLong() {
    breaker.sentAway(Duration.ofSeconds(7));
    assertThat(breaker.isOpen()).isTrue();
    pass(Duration.ofSeconds(2));
    assertThat(breaker.away()).isEqualTo(Duration.ofSeconds(5));
    pass(Duration.ofSeconds(5));
    assertThat(breaker.isOpen()).isFalse();
    assertThat(breaker.away()).isZero();
  }
}
