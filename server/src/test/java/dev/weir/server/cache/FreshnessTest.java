package dev.weir.server.cache;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.weir.server.cache.Freshness.HeldTag;
import dev.weir.server.cache.Freshness.TagPolicy;

import static org.assertj.core.api.Assertions.assertThat;

final class FreshnessTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final Duration TTL = Duration.ofMinutes(10);

  @ParameterizedTest(name = "held {0}, confirmed {1} s ago, offline {2}, down {3}")
  @CsvSource({
      // held,  age, offline, down,  verdict
      "none,       , false, false, FETCH",
      "none,       , false, true,  FETCH",
      "none,       , true,  false, ABSENT",
      "none,       , true,  true,  ABSENT",
      "owned,      , false, false, SERVE",
      "owned,      , true,  true,  SERVE",
      "owned, 99999, false, false, SERVE",
      "cached,    0, false, false, SERVE",
      "cached,    0, true,  false, SERVE",
      "cached,    0, false, true,  SERVE",
      "cached,  599, false, false, SERVE",
      "cached,  600, false, false, REVALIDATE",
      "cached,  601, false, false, REVALIDATE",
      "cached,  601, true,  false, SERVE_STALE",
      "cached,  601, false, true,  SERVE_STALE",
      "cached,  601, true,  true,  SERVE_STALE",
      "cached,     , false, false, REVALIDATE",
      "cached,     , true,  false, SERVE_STALE",
      "cached,     , false, true,  SERVE_STALE",
      "cached,   -1, false, false, REVALIDATE",
      "cached,   -1, true,  false, SERVE_STALE"
  })
  void theRuleForTags(String held, Long age, boolean offline, boolean down, Freshness verdict) {
    Optional<Instant> confirmed = Optional.ofNullable(age).map(NOW::minusSeconds);
    Optional<HeldTag> tag = held.equals("none")
        ? Optional.empty()
        : Optional.of(new HeldTag(held.equals("owned"), confirmed));
    assertThat(Freshness.of(tag, new TagPolicy(TTL, offline), down, NOW)).isEqualTo(verdict);
  }

  @ParameterizedTest(name = "{0} or {1}")
  @CsvSource({"false, false, false", "true, false, true", "false, true, true", "true, true, true"})
  void aPolicyIsOfflineIfAnythingSaysSo(boolean own, boolean also, boolean both) {
    assertThat(new TagPolicy(TTL, own).offlineIf(also)).isEqualTo(new TagPolicy(TTL, both));
  }
}
