package dev.weir.server.budget;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/** A rate over any time, and who goes first; time is what the test says. */
@Timeout(300)
final class PaceTest {
  private static final long SECOND = 1_000_000_000L;
  private static final int RATE = 1_000_000;
  private static final int PIECE = 16 * 1024;
  private static final long WINDOW = 10 * SECOND;

  private final Pace pace = new Pace(RATE, 0);

  /** One who takes a piece whenever he may. */
  private static final class Taker {
    private final Urgency urgency;
    private final long from;
    private long taken;
    private Line.Place place = new Line.Place(() -> Urgency.BACKGROUND, -1);
    private boolean waits;

    Taker(Urgency urgency, long from) {
      this.urgency = urgency;
      this.from = from;
    }
  }

  private record Taken(long at, Urgency by, int bytes) {}

  /** @param late how much later than it could, in nanoseconds, a waiter wakes */
  private List<Taken> simulate(long until, long late, List<Taker> takers) {
    List<Taken> all = new ArrayList<>();
    for (long now = 0; now < until;) {
      for (Taker each : takers) {
        if (!each.waits && now >= each.from) {
          each.place = pace.join(() -> each.urgency);
          each.waits = true;
        }
      }
      if (pace.nanosToWait(now) > 0) {
        now += pace.nanosToWait(now) + late;
        continue;
      }
      long at = now;
      Optional<Taker> first = takers.stream().filter(each -> each.waits && pace.isFirst(each.place)).findFirst();
      first.ifPresent(each -> {
        pace.take(each.place, PIECE, at);
        each.waits = false;
        each.taken += PIECE;
        all.add(new Taken(at, each.urgency, PIECE));
      });
      now += first.isPresent() ? 0 : SECOND / 100;
    }
    return all;
  }

  private static long between(List<Taken> all, long from, long to) {
    return all.stream().filter(each -> each.at() >= from && each.at() < to).mapToLong(Taken::bytes).sum();
  }

  @Test
  void theRateHoldsOverEveryTenSecondsHoweverLateWaitersWake() {
    List<Taken> all = simulate(60 * SECOND, SECOND / 20,
        List.of(new Taker(Urgency.CLIENT, 0), new Taker(Urgency.CLIENT, 0), new Taker(Urgency.CLIENT, 0)));
    for (long from = 0; from + WINDOW <= 60 * SECOND; from += SECOND / 3) {
      assertThat(between(all, from, from + WINDOW)).isBetween(9L * RATE, 11L * RATE);
    }
  }

  @Test
  void whatNobodyTookForLongIsNotThereLater() {
    List<Taken> all = simulate(40 * SECOND, 0, List.of(new Taker(Urgency.CLIENT, 30 * SECOND)));
    assertThat(between(all, 30 * SECOND, 31 * SECOND)).isLessThan(RATE * 13L / 10);
  }

  @Test
  void aClientOvertakesTheBackgroundAndClientsShareAlike() {
    Taker background = new Taker(Urgency.BACKGROUND, 0);
    Taker one = new Taker(Urgency.CLIENT, 10 * SECOND);
    Taker other = new Taker(Urgency.CLIENT, 10 * SECOND);
    List<Taken> all = simulate(20 * SECOND, 0, List.of(background, one, other));
    long inBackground = all.stream().filter(each -> each.by() == Urgency.BACKGROUND && each.at() > 10 * SECOND)
        .mapToLong(Taken::bytes).sum();
    assertThat(inBackground).isLessThanOrEqualTo(PIECE);
    assertThat(background.taken).isGreaterThan(9L * RATE);
    assertThat(one.taken).isCloseTo(other.taken, org.assertj.core.data.Offset.offset((long) PIECE));
  }

  @Test
  void whoIsNearlyDoneGoesFirst() {
    Taker large = new Taker(Urgency.CLIENT, 0);
    Taker small = new Taker(Urgency.CLIENT_NEARLY_DONE, 5 * SECOND);
    simulate(10 * SECOND, 0, List.of(large, small));
    assertThat(small.taken).isGreaterThan(RATE * 49L / 10);
  }
}
