package dev.weir.server.push;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

import dev.weir.server.oci.ErrorCode;
import dev.weir.server.oci.RegistryException;

import static org.assertj.core.api.Assertions.assertThat;

/** Something that a second client does at the same time. */
final class Attempt {
  private static final long LIMIT_SECONDS = 60;

  private final CompletableFuture<Boolean> outcome = new CompletableFuture<>();
  private final Thread thread;

  /** What is tried. */
  @FunctionalInterface
  interface Step {
    void run() throws Exception;
  }

  private Attempt(Step step) {
    thread = Thread.ofPlatform().daemon().start(() -> {
      try {
        step.run();
        outcome.complete(true);
      } catch (Throwable e) {
        outcome.completeExceptionally(e);
      }
    });
  }

  static Attempt start(Step step) {
    return new Attempt(step);
  }

  /** Waits until it waits for somebody, so that what the test does next happens meanwhile. */
  void awaitBlocked() {
    while (thread.getState() != Thread.State.WAITING && thread.getState() != Thread.State.TIMED_WAITING) {
      assertThat(thread.isAlive()).as("it waits, and is not over").isTrue();
      LockSupport.parkNanos(100_000);
    }
  }

  void succeeds() {
    try {
      assertThat(outcome.get(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
    } catch (ExecutionException | InterruptedException | TimeoutException e) {
      throw new AssertionError("it was to succeed", e);
    }
  }

  Throwable failure() throws InterruptedException, TimeoutException {
    try {
      outcome.get(LIMIT_SECONDS, TimeUnit.SECONDS);
      throw new AssertionError("it succeeded");
    } catch (ExecutionException e) {
      return outcome.exceptionNow();
    }
  }

  void failsWith(ErrorCode code) throws Exception {
    assertThat(failure()).isInstanceOfSatisfying(RegistryException.class,
        e -> assertThat(e.code()).isEqualTo(code));
  }
}
