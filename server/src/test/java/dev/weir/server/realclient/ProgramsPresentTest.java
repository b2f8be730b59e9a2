package dev.weir.server.realclient;

import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class ProgramsPresentTest {
  private static final String PATH = "/usr/bin:/bin";
  private static final String ABSENT = "no-such-program";

  @Test
  void runsTheTestWhenEveryProgramIsOnThePath() {
    var condition = new ProgramsPresent(Map.of("PATH", PATH, ProgramsPresent.REQUIRE, "1"));

    assertThat(condition.evaluate(List.of("sh")).isDisabled()).isFalse();
  }

  @Test
  void skipsTheTestAndNamesTheProgramThatIsAbsent() {
    var verdict = new ProgramsPresent(Map.of("PATH", PATH)).evaluate(List.of("sh", ABSENT));

    assertThat(verdict.isDisabled()).isTrue();
    assertThat(verdict.getReason()).hasValue("not on PATH: " + ABSENT);
  }

  @Test
  void failsInsteadWhereEveryProgramIsRequired() {
    var condition = new ProgramsPresent(Map.of("PATH", PATH, ProgramsPresent.REQUIRE, "1"));

    assertThatThrownBy(() -> condition.evaluate(List.of(ABSENT))).hasMessageContaining(ABSENT);
  }
}
