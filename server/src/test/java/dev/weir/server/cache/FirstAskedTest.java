package dev.weir.server.cache;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.Test;

import dev.weir.storage.Digest;

import static org.assertj.core.api.Assertions.assertThat;

class FirstAskedTest {
  private static final Digest ONE = Digest.sha256(new byte[]{1});

  private final AtomicLong nanos = new AtomicLong();
  private final FirstAsked first = new FirstAsked(nanos::get);

  @Test
  void oneIsToldSoInAnHour() {
    assertThat(first.begin(ONE)).isTrue();
    assertThat(first.begin(ONE)).isFalse();
    first.end();
    assertThat(first.begin(ONE)).isFalse();
    nanos.addAndGet(Duration.ofMinutes(59).toNanos());
    assertThat(first.begin(ONE)).isFalse();
    nanos.addAndGet(Duration.ofMinutes(2).toNanos());
    assertThat(first.begin(ONE)).isTrue();
  }

  @Test
  void whoFindsNoRoomHasNotAsked() {
    for (int i = 0; i < FirstAsked.MOST_AT_ONCE; i++) {
      assertThat(first.begin(Digest.sha256(new byte[]{2, (byte) i}))).isTrue();
    }
    assertThat(first.begin(ONE)).isFalse();
    first.end();
    assertThat(first.begin(ONE)).isTrue();
  }
}
