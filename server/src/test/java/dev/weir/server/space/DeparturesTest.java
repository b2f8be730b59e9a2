package dev.weir.server.space;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

import dev.weir.storage.Digest;
import dev.weir.storage.RepositoryName;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

final class DeparturesTest {
  private final List<Long> heard = new ArrayList<>();
  private final Departures departures = new Departures(new SpaceEvents() {
    @Override
    public void evicted(long bytes) {
      heard.add(bytes);
    }

    @Override
    public void refused() {
      heard.add(-1L);
    }
  });

  private void gone(int number) {
    departures.evicted(number);
    departures.gone(new Departure(Instant.ofEpochSecond(number), Digest.sha256(("" + number).getBytes(UTF_8)),
        List.of(RepositoryName.parse("team/app")), Instant.EPOCH, number));
  }

  @Test
  void theLastFiftyAreRememberedAndTheLatestIsTheFirst() {
    for (int i = 1; i <= 60; i++) {
      gone(i);
    }
    assertThat(departures.last()).hasSize(50).extracting(Departure::bytes).startsWith(60L, 59L).endsWith(11L);
  }

  @Test
  void othersHearAsBefore() {
    gone(1);
    departures.refused();
    assertThat(heard).containsExactly(1L, -1L);
  }
}
