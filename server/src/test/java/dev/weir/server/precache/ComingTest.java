package dev.weir.server.precache;

import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import dev.weir.server.admin.Json;
import dev.weir.server.space.Leeway;
import dev.weir.storage.Digest;
import dev.weir.storage.RepositoryName;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

class ComingTest {
  private static final Part PART = new Part(RepositoryName.parse("quay.io/team/app"),
      Digest.sha256("layer".getBytes(UTF_8)), 9_000);

  private static Leeway room(long free, long evictable, boolean isKnown) {
    return new Leeway(20_000, 10_000, 50_000, free, evictable, isKnown);
  }

  private static Coming coming(long onDisk) {
    return new Coming(List.of(PART), 9_000, onDisk);
  }

  @Test
  void whatFitsIsNeitherRefusedNorInDoubtHoweverMuchIsCounted() {
    for (boolean isKnown : new boolean[]{true, false}) {
      assertThat(coming(12_288).refusal(room(12_000, 288, isKnown))).isEmpty();
      assertThat(coming(12_288).doubt(room(12_000, 288, isKnown))).isEmpty();
    }
  }

  @Test
  void whatDoesNotFitIsRefusedOnlyOnceAllIsCountedAndUntilThenInDoubt() {
    assertThat(coming(12_288).refusal(room(12_000, 0, true))).contains("would take 12288 bytes",
        "there is room for 12000");
    assertThat(coming(12_288).doubt(room(12_000, 0, true))).isEmpty();
    assertThat(coming(12_288).refusal(room(12_000, 0, false))).isEmpty();
    assertThat(coming(12_288).doubt(room(12_000, 0, false))).contains("not all that is held has been counted yet",
        "the 12288 that 1 blobs would take");
  }

  @Test
  void aReportOfAJobThatIsOlderThanDoubtHasNone() {
    var old = Json.tree(Map.of("complete", true, "refused", "", "missing", List.of(), "releases", List.of(), "names",
        List.of(), "room", Leeway.UNBOUNDED));
    assertThat(Json.value(old, Report.class).doubt()).isEmpty();
  }

  @Test
  void moreThanCanBeCountedDoesNotFit() {
    long large = Leeway.onDisk(List.of(Long.MAX_VALUE - 10, Long.MAX_VALUE - 10));
    assertThat(large).isEqualTo(Long.MAX_VALUE);
    assertThat(coming(large).refusal(room(Long.MAX_VALUE - 100, 50, true))).isNotEmpty();
    assertThat(room(Long.MAX_VALUE, Long.MAX_VALUE, true).takes(large)).isTrue();
  }
}
