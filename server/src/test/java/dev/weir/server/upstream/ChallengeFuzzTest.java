package dev.weir.server.upstream;

import java.util.List;

import org.junit.jupiter.api.Test;

import dev.weir.server.fuzz.Fuzzing;

import static org.assertj.core.api.Assertions.assertThat;

class ChallengeFuzzTest {
  @Test
  void whatAServerAsksForIsReadOrPassedOver() {
    Fuzzing.run(3, noise -> assertThat(Challenge.parse(List.of(noise.challenge(), noise.challenge())))
        .allSatisfy(challenge -> assertThat(challenge.scheme()).isNotEmpty()));
  }
}
