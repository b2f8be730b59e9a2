package dev.weir.server.keep;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

import org.junit.jupiter.api.Test;

import dev.weir.storage.Digest;

import static org.assertj.core.api.Assertions.assertThat;

class ClaimsTest {
  private static final Digest BLOB = Digest.sha256(new byte[]{1});
  private static final Digest OTHER = Digest.sha256(new byte[]{2});

  private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));
  private final Claims claims = new Claims(Duration.ofHours(1), now::get);

  private void pass(Duration time) {
    now.updateAndGet(before -> before.plus(time));
  }

  private boolean isRemoved(Digest blob) throws IOException {
    return claims.unlessClaimed(blob, () -> true);
  }

  @Test
  void whatIsClaimedStaysForTheWholeGraceAndNotMuchLonger() throws IOException {
    claims.claim(BLOB);
    assertThat(isRemoved(BLOB)).isFalse();
    assertThat(isRemoved(OTHER)).isTrue();
    pass(Duration.ofMinutes(60));
    assertThat(isRemoved(BLOB)).isFalse();
    pass(Duration.ofMinutes(16));
    assertThat(isRemoved(BLOB)).isTrue();
  }

  @Test
  void whoeverClaimsAgainHasTheGraceAgainHoweverMuchOthersClaim() throws IOException {
    for (int minute = 0; minute < 300; minute += 10) {
      claims.claim(BLOB);
      claims.claim(Digest.sha256(new byte[]{(byte) minute, 3}));
      pass(Duration.ofMinutes(10));
    }
    pass(Duration.ofMinutes(50));
    assertThat(isRemoved(BLOB)).isFalse();
  }

  @Test
  void hardlyAnyBlobIsTakenForClaimedThatIsNot() {
    for (int i = 0; i < 100_000; i++) {
      claims.claim(digest(i));
    }
    long wrong = java.util.stream.IntStream.range(100_000, 110_000).filter(i -> claims.isClaimed(digest(i))).count();
    assertThat(wrong).isLessThan(400);
  }

  private static Digest digest(int number) {
    return Digest.sha256(Integer.toString(number).getBytes(java.nio.charset.StandardCharsets.US_ASCII));
  }

  /** A push looks whether the blob is there, after it has claimed it; a removal looks whether it is claimed. */
  @Test
  void whoeverHasClaimedABlobAndThenFindsItKeepsIt() throws Exception {
    try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
      for (int round = 0; round < 2_000; round++) {
        Claims fresh = new Claims(Duration.ofHours(1), now::get);
        AtomicBoolean isThere = new AtomicBoolean(true);
        Future<Boolean> removed = threads
            .submit(() -> fresh.unlessClaimed(BLOB, () -> isThere.compareAndSet(true, false)));
        Future<Boolean> found = threads.submit(() -> {
          fresh.claim(BLOB);
          return isThere.get();
        });
        assertThat(found.get()).as("found in round %d", round).isNotEqualTo(removed.get());
      }
    }
  }
}
