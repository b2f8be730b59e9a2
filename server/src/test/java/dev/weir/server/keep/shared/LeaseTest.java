package dev.weir.server.keep.shared;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import dev.weir.storage.InMemoryObjectStore;
import dev.weir.storage.ObjectKey;

import static org.assertj.core.api.Assertions.assertThat;

/** Who of several owns what can have one owner at a time; the time passes when it is told to. */
final class LeaseTest {
  private static final Tempo TEMPO = Tempo.DEFAULT;
  private static final Duration TICK = Duration.ofSeconds(5);

  private final InMemoryObjectStore store = new InMemoryObjectStore();
  private final AtomicLong nanos = new AtomicLong();
  private final Lease a = lease("a", store::putIfAbsent);
  private final Lease b = lease("b", store::putIfAbsent);

  private interface Making {
    boolean putIfAbsent(ObjectKey key, byte[] value) throws IOException;
  }

  private Lease lease(String name, Making making) {
    return new Lease(new SharedStore(store) {
      @Override
      public boolean putIfAbsent(ObjectKey key, byte[] value) throws IOException {
        return making.putIfAbsent(key, value);
      }
    }, name, nanos::get, TEMPO, true);
  }

  private void pass(Duration time, Lease... alive) throws IOException {
    for (long end = nanos.get() + time.toNanos(); nanos.get() < end; nanos.addAndGet(TICK.toNanos())) {
      for (Lease each : alive) {
        each.tick();
      }
      assertThat(Stream.of(a, b).filter(Lease::isHeld).count()).isLessThan(2);
    }
  }

  @Test
  void oneOfTwoHasItAndKeepsIt() throws IOException {
    pass(Duration.ofMinutes(1), a, b);
    assertThat(a.isHeld()).isTrue();
    pass(Duration.ofHours(1), b, a);
    assertThat(a.isHeld()).isTrue();
    assertThat(b.holder()).isEqualTo("a");
    assertThat(store.keys()).hasSize(1);
  }

  @Test
  void whoSaysNothingLosesItBeforeAnotherGetsIt() throws IOException {
    pass(Duration.ofMinutes(1), a, b);
    pass(TEMPO.trust(), b);
    assertThat(a.isHeld()).isFalse();
    pass(TEMPO.takeover().minus(TEMPO.trust()).minus(TICK), b);
    a.tick();
    pass(TICK, a, b);
    assertThat(a.isHeld()).as("it spoke in time").isTrue();
    pass(TEMPO.takeover().plus(TEMPO.settling()).plus(TICK.multipliedBy(2)), b);
    assertThat(b.isHeld()).isTrue();
    pass(TICK.multipliedBy(2), a, b);
    assertThat(a.holder()).isEqualTo("b");
    assertThat(a.isHeld()).isFalse();
  }

  @Test
  void whoEndsInOrderIsFollowedAtOnce() throws IOException {
    pass(Duration.ofMinutes(1), a, b);
    a.close();
    assertThat(a.isHeld()).isFalse();
    a.tick();
    pass(TEMPO.settling().plus(TICK.multipliedBy(2)), b);
    assertThat(b.isHeld()).isTrue();
  }

  @Test
  void whoLeavesWithoutAWordIsFollowedOnlyAfterLong() throws IOException {
    pass(Duration.ofMinutes(1), a, b);
    a.leave();
    a.close();
    a.tick();
    assertThat(a.isHeld()).isFalse();
    pass(TEMPO.takeover(), b);
    assertThat(b.isHeld()).isFalse();
    pass(TEMPO.settling().plus(TICK.multipliedBy(2)), b);
    assertThat(b.isHeld()).isTrue();
  }

  @Test
  void whereTheStoreLetsTwoMakeTheSameOneOfThemHasIt() throws IOException {
    AtomicBoolean isFirst = new AtomicBoolean(true);
    Lease c = lease("c", (key, value) -> {
      store.putBytes(key, value);
      return true;
    });
    Lease d = lease("d", (key, value) -> {
      if (isFirst.compareAndSet(true, false)) {
        c.tick(); // at the same moment, and its own takes its time
        nanos.addAndGet(TICK.toNanos());
        c.tick();
        assertThat(c.isHeld()).isFalse();
      }
      store.putBytes(key, value);
      return true;
    });
    d.tick();
    for (int i = 0; i < 60; i++) {
      c.tick();
      d.tick();
      assertThat(List.of(c.isHeld(), d.isHeld())).isNotEqualTo(List.of(true, true));
      nanos.addAndGet(TICK.toNanos());
    }
    assertThat(d.isHeld()).isTrue();
    assertThat(c.isHeld()).isFalse();
  }

  @Test
  void whoMayNotOwnItLooksOn() throws IOException {
    Lease watching = new Lease(store, "w", nanos::get, TEMPO, false);
    pass(Duration.ofMinutes(5), watching);
    assertThat(watching.isHeld()).isFalse();
    assertThat(store.keys()).isEmpty();
    pass(Duration.ofMinutes(1), a, watching);
    assertThat(watching.holder()).isEqualTo("a");
  }
}
