package dev.weir.server.ui;

import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.Test;

import dev.weir.server.cache.Downloads.Arriving;
import dev.weir.server.http.Visitor;
import dev.weir.server.space.Departure;
import dev.weir.server.space.Holdings;
import dev.weir.storage.Digest;

import static org.assertj.core.api.Assertions.assertThat;

final class StandingTest {
  private static final Question QUESTION = new Question(
      new Visitor("-", false, false, true, name -> true, first -> true),
      Map.of(), "weir");

  private final AtomicLong nanos = new AtomicLong();
  private int looks;
  private List<Standing.Room> rooms = List.of();

  private final Standing standing = new Standing(new Holdings(InstantSource.system()), new Standing.Parts() {
    @Override
    public boolean isInBucket() {
      return rooms.isEmpty();
    }

    @Override
    public boolean holds(Digest blob) {
      return false;
    }

    @Override
    public List<Standing.Room> rooms() {
      looks++;
      return rooms;
    }

    @Override
    public List<Standing.Upstream> upstreams() {
      return List.of();
    }

    @Override
    public List<Arriving> downloads() {
      return List.of();
    }

    @Override
    public List<Standing.Work> works() {
      return List.of();
    }

    @Override
    public List<Departure> departures() {
      return List.of();
    }
  }, List::of, nanos::get);

  @Test
  void whereOthersWriteTooNothingIsSaidOfWhatIsHeld() throws IOException {
    assertThat(standing.show(QUESTION).held()).isNull();
    rooms = List.of(new Standing.Room(3, 2, 1));
    nanos.addAndGet(Duration.ofSeconds(1).toNanos());
    assertThat(standing.show(QUESTION).held()).isNotNull();
  }

  @Test
  void itIsFoundOutOnceASecondHoweverManyLook() throws IOException {
    for (int i = 0; i < 10; i++) {
      assertThat(standing.show(QUESTION).rooms()).isEmpty();
    }
    assertThat(looks).isEqualTo(1);
    nanos.addAndGet(Duration.ofSeconds(1).toNanos());
    assertThat(standing.show(QUESTION).rooms()).isEmpty();
    assertThat(looks).isEqualTo(2);
  }
}
