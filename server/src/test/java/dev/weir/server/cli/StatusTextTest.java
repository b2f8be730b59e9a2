package dev.weir.server.cli;

import java.util.List;

import org.junit.jupiter.api.Test;

import dev.weir.server.admin.StatusReport;
import dev.weir.server.keep.shared.Collecting;

import static org.assertj.core.api.Assertions.assertThat;

final class StatusTextTest {
  private static String text(Collecting.Room room) {
    Collecting collecting = new Collecting("pod-1", true, 0, 0, "nothing is condemned", "", 0, 0, room);
    return StatusText
        .of(new StatusReport("1", "the bucket b", "today", true, new StatusReport.Held(0, 0, 0, 0), List.of(),
            List.of(), List.of(), new StatusReport.Scrub(false, "", "", 0, 0), 0, 0, collecting, List.of()));
  }

  @Test
  void aBucketWithABoundSaysWhatItHoldsWhatGoesAndWhatWent() {
    assertThat(text(new Collecting.Room(10 << 20, 9 << 20, "2026-11-22T07:00:00Z", 4, "2026-11-22T05:00:00Z", 2,
        3 << 20)))
        .contains("the bucket may hold 10.0 MiB; it held 9.0 MiB at 2026-11-22T07:00:00Z; 4 manifests are to go for"
            + " want of room; last: 2 images went, 3.0 MiB, at 2026-11-22T05:00:00Z\n");
    assertThat(text(new Collecting.Room(10 << 20, 0, "", 0, "", 0, 0)))
        .contains("the bucket may hold 10.0 MiB; nobody has looked yet how much it holds\n");
  }

  @Test
  void aBucketWithoutABoundSaysNothingOfIt() {
    assertThat(text(new Collecting.Room(0, 0, "", 0, "", 0, 0))).contains("collecting in the bucket: pod-1, this weir")
        .doesNotContain("may hold");
  }
}
