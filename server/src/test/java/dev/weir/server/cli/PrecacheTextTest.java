package dev.weir.server.cli;

import java.util.List;

import org.junit.jupiter.api.Test;

import dev.weir.server.precache.Report;
import dev.weir.server.space.Leeway;

import static org.assertj.core.api.Assertions.assertThat;

class PrecacheTextTest {
  private static final Report.Missing GONE = new Report.Missing("quay.io/team/a:v1", "v1", "there is none");

  private static String dryRun(String doubt, long read, Report.Missing... missing) {
    return PrecacheText.of(new Report(doubt.isEmpty() && missing.length == 0, true, "", doubt, 2, 0, 3, 3_000, 3, 2_000,
        read, Leeway.UNBOUNDED, List.of(missing), List.of(), "", List.of()));
  }

  @Test
  void aDryRunSaysThatItFitsOnlyIfThatIsKnown() {
    assertThat(dryRun("", 0)).endsWith("All of it can be had, and fits.\n").doesNotContain("Beside these");
    assertThat(dryRun("not all is counted", 0)).endsWith("Whether it fits is not known yet: not all is counted.\n")
        .doesNotContain("and fits");
  }

  @Test
  void aDryRunSaysThatWhatIsMissingIsNotCounted() {
    assertThat(dryRun("", 0, GONE)).contains("Not all of it can be had").contains("What is missing is not in the count")
        .doesNotContain("fits");
    assertThat(dryRun("not all is counted", 0, GONE))
        .contains("whether the rest fits is not known yet: not all is counted.");
  }

  @Test
  void whatWasReadToFindThatOutIsSaid() {
    assertThat(dryRun("", 4 << 20)).contains("Beside these, 4.0 MiB were fetched");
  }
}
