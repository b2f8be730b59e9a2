package dev.weir.server.http;

import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class PlacesTest {
  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);
  private final Places places = new Places(2, nanos::get);

  private void aSecondPasses() {
    nanos.addAndGet(Places.HELD.toNanos());
  }

  @Test
  void soManyAreHeldAndNoMore() {
    Runnable first = places.take().orElseThrow();
    assertThat(places.take()).isPresent();
    assertThat(places.take()).isEmpty();
    first.run();
    assertThat(places.take()).isPresent();
    assertThat(places.take()).isEmpty();
  }

  @Test
  void whoTakesLongerHoldsNone() {
    assertThat(places.take()).isPresent();
    nanos.addAndGet(Places.HELD.toNanos() - 1);
    assertThat(places.take()).isPresent();
    assertThat(places.take()).isEmpty();
    nanos.addAndGet(1);
    assertThat(places.take()).isPresent();
    assertThat(places.take()).isEmpty();
  }

  @Test
  void aPlaceIsGivenBackOnce() {
    Runnable slow = places.take().orElseThrow();
    aSecondPasses();
    assertThat(places.take()).isPresent();
    assertThat(places.take()).isPresent();
    slow.run();
    assertThat(places.take()).isEmpty();
    slow.run();
    assertThat(places.take()).isEmpty();
  }
}
