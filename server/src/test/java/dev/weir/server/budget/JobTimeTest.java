package dev.weir.server.budget;

import java.io.IOException;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Hours in which weir's own jobs may transfer. */
@Timeout(300)
final class JobTimeTest {
  private final AtomicBoolean isJobTime = new AtomicBoolean();
  private final AtomicReference<Urgency> urgency = new AtomicReference<>(Urgency.JOB);
  private final Budget whole = new Budget(Limits.NONE, null, System::nanoTime, isJobTime::get);
  private final Budget one = new Budget(new Limits(OptionalLong.empty(), OptionalInt.of(1), 0), whole,
      System::nanoTime, () -> true);

  private CompletableFuture<Budget.Permit> begin() {
    CompletableFuture<Budget.Permit> begun = new CompletableFuture<>();
    Thread.ofVirtual().start(() -> {
      try {
        begun.complete(one.begin(urgency::get));
      } catch (IOException e) {
        begun.completeExceptionally(e);
      }
    });
    return begun;
  }

  @Test
  void aJobWaitsForItsHoursAndTakesNobodysPlaceMeanwhile() throws Exception {
    CompletableFuture<Budget.Permit> job = begin();
    one.begin(() -> Urgency.CLIENT).close();
    assertThat(job).isNotDone();
    isJobTime.set(true);
    job.get(60, TimeUnit.SECONDS).close();
  }

  @Test
  void aJobThatAClientComesToWaitForBeginsAtOnce() throws Exception {
    CompletableFuture<Budget.Permit> job = begin();
    urgency.set(Urgency.CLIENT);
    job.get(60, TimeUnit.SECONDS).close();
  }

  @Test
  void whatRunsIsOverWithItsHoursUnlessAClientWaits() throws Exception {
    isJobTime.set(true);
    try (Budget.Permit permit = one.begin(urgency::get)) {
      assertThat(permit.isOver(Urgency.JOB)).isFalse();
      isJobTime.set(false);
      assertThat(permit.isOver(Urgency.JOB)).isTrue();
      assertThat(permit.isOver(Urgency.BACKGROUND)).isFalse();
      assertThat(permit.isOver(Urgency.CLIENT)).isFalse();
    }
  }

  @Test
  void whoeverWaitsGivesUpWhenWeirStops() {
    CompletableFuture<Budget.Permit> job = begin();
    whole.stop();
    assertThatThrownBy(() -> job.get(60, TimeUnit.SECONDS)).hasMessageContaining("weir stops");
  }
}
