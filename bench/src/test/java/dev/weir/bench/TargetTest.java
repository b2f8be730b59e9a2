package dev.weir.bench;

import java.util.List;

import org.junit.jupiter.api.Test;

import static dev.weir.bench.Figure.REQUESTS_PER_SECOND;
import static dev.weir.bench.Figure.RESIDENT;
import static dev.weir.bench.Figure.UPSTREAM_BYTES;
import static dev.weir.bench.Target.Verdict.MET;
import static dev.weir.bench.Target.Verdict.MET_WITHIN_NOISE;
import static dev.weir.bench.Target.Verdict.NOT_MEASURED;
import static dev.weir.bench.Target.Verdict.NOT_MET;
import static dev.weir.bench.Target.atLeast;
import static dev.weir.bench.Target.atMost;
import static dev.weir.bench.Target.exactly;
import static org.assertj.core.api.Assertions.assertThat;

class TargetTest {
  @Test
  void aRatioIsOneOfMedians() {
    Results results = new Results(List.of("weir", "nginx"));
    for (double each : new double[]{50, 1, 70}) {
      results.add("weir", Round.of(REQUESTS_PER_SECOND, each));
    }
    results.add("nginx", Round.of(REQUESTS_PER_SECOND, 90));
    results.add("nginx", Round.of(REQUESTS_PER_SECOND, 110));
    assertThat(atLeast(0.7, REQUESTS_PER_SECOND, "nginx").value(results)).isEqualTo(0.5);
  }

  @Test
  void theLimitItselfIsMetFromEitherSide() {
    assertThat(atLeast(0.7, REQUESTS_PER_SECOND, "nginx").verdict(0.7)).isEqualTo(MET);
    assertThat(atLeast(0.7, REQUESTS_PER_SECOND, "nginx").verdict(0.69)).isEqualTo(NOT_MET);
    assertThat(atMost(96, RESIDENT).verdict(96)).isEqualTo(MET);
    assertThat(atMost(96, RESIDENT).verdict(97)).isEqualTo(NOT_MET);
  }

  @Test
  void whatIsCountedIsNeitherMoreNorLess() {
    assertThat(exactly(1, UPSTREAM_BYTES).verdict(1)).isEqualTo(MET);
    assertThat(exactly(1, UPSTREAM_BYTES).verdict(1.001)).isEqualTo(NOT_MET);
    assertThat(exactly(1, UPSTREAM_BYTES).verdict(0)).isEqualTo(NOT_MET);
    assertThat(exactly(1, UPSTREAM_BYTES).words()).isEqualTo("= 1");
  }

  @Test
  void entrantsAreShownInTheirOrderWhoeverWasMeasuredFirst() {
    Results results = new Results(List.of("weir", "nginx"));
    results.add("nginx", Round.of(RESIDENT, 1));
    assertThat(results.entrants()).containsExactly("weir", "nginx");
  }

  @Test
  void onlyParityRowsTolerateNoise() {
    Target parity = atLeast(0.95, REQUESTS_PER_SECOND, "nginx").parity();
    assertThat(parity.verdict(0.96)).isEqualTo(MET);
    assertThat(parity.verdict(0.91)).isEqualTo(MET_WITHIN_NOISE);
    assertThat(parity.verdict(0.90)).isEqualTo(NOT_MET);
    assertThat(atMost(1, RESIDENT, "nginx").parity().verdict(1.05)).isEqualTo(MET_WITHIN_NOISE);
  }

  @Test
  void whatNobodyMeasuredIsNeitherMetNorMissed() {
    assertThat(atMost(96, RESIDENT).verdict(atMost(96, RESIDENT).value(new Results(List.of()))))
        .isEqualTo(NOT_MEASURED);
  }

  @Test
  void theWordsAreThoseOfTheIssue() {
    assertThat(atLeast(20, REQUESTS_PER_SECOND, "docker-registry").words()).isEqualTo("≥ 20 × docker-registry");
    assertThat(atMost(0.85, REQUESTS_PER_SECOND, "nginx").words()).isEqualTo("≤ 0.85 × nginx");
    assertThat(atMost(96, RESIDENT).words()).isEqualTo("≤ 96");
  }
}
