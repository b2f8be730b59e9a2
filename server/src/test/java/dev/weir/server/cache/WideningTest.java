package dev.weir.server.cache;

import java.util.function.IntToLongFunction;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** How many streams, for links of different kinds; time is what the test says. */
final class WideningTest {
  private static final long SECOND = 1_000_000_000L;
  private static final long TICK = SECOND / 20;
  private static final long MUCH = 1L << 40;

  private final Widening widening = new Widening(8, 0);
  private long now;
  private long received;
  private int streams;

  @BeforeEach
  void begin() {
    streams = 1;
  }

  /** @param rate bytes a second that so many streams give together */
  private void run(long seconds, IntToLongFunction rate) {
    for (long until = now + seconds * SECOND; now < until; now += TICK) {
      received += rate.applyAsLong(streams) * TICK / SECOND;
      streams = widening.streams(now, received, MUCH);
    }
  }

  @Test
  void streamsThatAreEachHeldDownByLossBecomeAsManyAsMayBe() {
    run(6, count -> 177_000L * count);
    assertThat(streams).isEqualTo(8);
    run(60, count -> 177_000L * count);
    assertThat(streams).isEqualTo(8);
  }

  @Test
  void aLinkThatOneStreamFillsIsTriedNowAndThenAndStaysWithOne() {
    int most = 1;
    long widened = 0;
    for (int second = 0; second < 300; second++) {
      run(1, count -> 1_250_000);
      most = Math.max(most, streams);
      widened += streams > 1 ? 1 : 0;
    }
    assertThat(most).isEqualTo(8);
    assertThat(widened).isLessThan(45);
  }

  @Test
  void moreThanOneAloneGaveIsKept() {
    run(60, count -> Math.min(350_000L, 177_000L * count));
    assertThat(streams).isEqualTo(8);
  }

  /** A stream begins with more than it can keep up. */
  @Test
  void burstsAtTheBeginningDeceiveNobody() {
    int[] before = {1};
    long[] changed = {0};
    run(40, count -> {
      changed[0] = count == before[0] ? changed[0] : now;
      before[0] = count;
      return now - changed[0] < SECOND * 3 / 2 ? 1_000_000 : Math.min(1_250_000L, 177_000L * count);
    });
    assertThat(streams).isEqualTo(8);
  }

  @Test
  void aRefusalHalvesAndIsRemembered() {
    run(6, count -> 177_000L * count);
    widening.refused(now);
    run(2, count -> 177_000L * count);
    assertThat(streams).isEqualTo(4);
    run(10, count -> 177_000L * count);
    assertThat(streams).isEqualTo(8);
  }

  @Test
  void aBreakChangesNothing() {
    run(6, count -> 177_000L * count);
    widening.broke(now);
    run(3, count -> 0);
    run(3, count -> 177_000L * count);
    assertThat(streams).isEqualTo(8);
  }

  @Test
  void whatComesInAMomentAnywayNeedsNoMore() {
    for (; now < 10 * SECOND; now += TICK) {
      received += 1_000_000;
      streams = widening.streams(now, received, 20_000_000);
    }
    assertThat(streams).isEqualTo(1);
  }

  @Test
  void oneMeansOne() {
    Widening narrow = new Widening(1, 0);
    for (; now < 10 * SECOND; now += TICK) {
      received += 1000;
      assertThat(narrow.streams(now, received, MUCH)).isEqualTo(1);
    }
  }
}
