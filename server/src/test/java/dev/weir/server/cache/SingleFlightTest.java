package dev.weir.server.cache;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import dev.weir.server.oci.ErrorCode;
import dev.weir.server.oci.RegistryException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

@Timeout(300)
final class SingleFlightTest {
  private static final Duration LONG = Duration.ofSeconds(20);

  private final SingleFlight<String, String> flight = new SingleFlight<>();
  private final AtomicInteger calls = new AtomicInteger();
  private final CompletableFuture<String> answer = new CompletableFuture<>();

  private String fetch() throws IOException {
    calls.incrementAndGet();
    try {
      return answer.join();
    } catch (java.util.concurrent.CompletionException e) {
      throw e.getCause() instanceof IOException cause ? cause : new IOException(e);
    }
  }

  /** Starts clients, and returns once each has joined: the fetch can end only after {@link #answer} does. */
  private List<Future<Optional<String>>> clients(ExecutorService threads, int count) throws Exception {
    List<Future<Optional<String>>> results = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      CompletableFuture<Thread> waiting = new CompletableFuture<>();
      results.add(threads.submit(() -> {
        waiting.complete(Thread.currentThread());
        return flight.join("k", LONG, this::fetch);
      }));
      Waiting.untilWaiting(waiting.join());
    }
    return results;
  }

  @Test
  void manyAskAndOneFetches() throws Exception {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Optional<String>>> results = clients(threads, 64);
      answer.complete("v");
      for (Future<Optional<String>> result : results) {
        assertThat(result.get()).contains("v");
      }
    }
    assertThat(calls).hasValue(1);
  }

  @Test
  void differentKeysAreFetchedApart() throws Exception {
    answer.complete("v");
    flight.join("a", LONG, this::fetch);
    flight.join("b", LONG, this::fetch);
    assertThat(calls).hasValue(2);
  }

  @Test
  void everybodyIsToldOfAFailureByAnExceptionOfHisOwn() throws Exception {
    IOException broken = new IOException("connection reset");
    List<Throwable> told = failuresOf(broken);
    assertThat(told).hasSize(8).doesNotHaveDuplicates().allSatisfy(e -> assertThat(e).isInstanceOf(IOException.class)
        .hasMessage("connection reset").hasCause(broken));
    assertThat(calls).hasValue(1);
  }

  @Test
  void aFinalAnswerStaysOneForEverybody() throws Exception {
    List<Throwable> told = failuresOf(RegistryException.tooManyRequests("later", Duration.ofSeconds(7)));
    assertThat(told).hasSize(8).doesNotHaveDuplicates().allSatisfy(e -> {
      assertThat(e).isInstanceOfSatisfying(RegistryException.class, answered -> {
        assertThat(answered.code()).isEqualTo(ErrorCode.TOOMANYREQUESTS);
        assertThat(answered.retryAfter()).contains(Duration.ofSeconds(7));
      });
    });
  }

  private List<Throwable> failuresOf(IOException failure) throws Exception {
    List<Throwable> told = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Optional<String>>> results = clients(threads, 8);
      answer.completeExceptionally(failure);
      for (Future<Optional<String>> result : results) {
        try {
          result.get();
        } catch (java.util.concurrent.ExecutionException e) {
          told.add(e.getCause());
        }
      }
    }
    return told;
  }

  @Test
  void aFaultOfOursIsAFailureToo() {
    assertThatThrownBy(() -> flight.join("k", LONG, () -> {
      throw new IllegalStateException("bug");
    })).isInstanceOf(IOException.class).hasMessage("bug");
  }

  @Test
  void patienceEndsAndTheFetchGoesOn() throws Exception {
    CountDownLatch ended = new CountDownLatch(1);
    Optional<String> first = flight.join("k", Duration.ofMillis(1), () -> {
      String value = fetch();
      ended.countDown();
      return value;
    });
    assertThat(first).isEmpty();
    assertThat(flight.join("k", Duration.ZERO, this::fetch)).isEmpty();
    answer.complete("v");
    ended.await();
    assertThat(calls).hasValue(1);
  }

  @Test
  void aKeyIsFreeAgainAfterSuccessAndAfterFailure() throws Exception {
    assertThat(flight.join("k", LONG, () -> "first")).contains("first");
    assertThatThrownBy(() -> flight.join("k", LONG, () -> {
      throw new IOException("no");
    })).hasMessage("no");
    assertThat(flight.join("k", LONG, () -> "third")).contains("third");
  }
}
