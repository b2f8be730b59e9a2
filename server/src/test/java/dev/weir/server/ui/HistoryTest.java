package dev.weir.server.ui;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

final class HistoryTest {
  private final AtomicLong seconds = new AtomicLong(1_000_000);
  private final AtomicLong hits = new AtomicLong(5);
  private final History history = new History(() -> new History.Counts(hits.get(), hits.get() / 2, 10, 20),
      () -> Instant.ofEpochSecond(seconds.get()));

  private void pass(Duration time, int more) {
    seconds.addAndGet(time.toSeconds());
    hits.addAndGet(more);
  }

  @Test
  void whatWasCountedBeforeItBeganIsNoPartOfIt() {
    assertThat(history.hour().hits()).containsExactly(0L);
    assertThat(history.hour().pulled()).containsExactly(0L);
  }

  @Test
  void eachSampleHasWhatCameSinceTheOneBeforeAndTheLastIsNotOver() {
    pass(History.STEP, 4);
    history.sample();
    pass(History.STEP, 0);
    history.sample();
    pass(Duration.ofSeconds(3), 8);
    History.Plot hour = history.hour();
    assertThat(hour.step()).isEqualTo(10);
    assertThat(hour.hits()).containsExactly(4L, 0L, 8L);
    assertThat(hour.misses()).containsExactly(2L, 0L, 4L);
    assertThat(hour.at()).containsExactly(1_000_010L, 1_000_020L, 1_000_023L);
  }

  @Test
  void anHourIsKeptInTensOfSecondsAndAWeekInTensOfMinutes() {
    for (int i = 0; i < 8 * 24 * 360; i++) {
      pass(History.STEP, 1);
      history.sample();
    }
    History.Plot hour = history.hour();
    assertThat(hour.hits()).hasSize(361).startsWith(1L, 1L).endsWith(0L);
    assertThat(hour.at().getFirst()).isEqualTo(seconds.get() - 3590);
    History.Plot week = history.week();
    assertThat(week.hits()).hasSize(1009).startsWith(60L, 60L);
    assertThat(week.at().get(1007) - week.at().getFirst()).isEqualTo(1007 * 600);
  }
}
