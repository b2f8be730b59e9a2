package dev.weir.server.ui;

import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.Test;

import dev.weir.server.cache.Downloads.Arriving;
import dev.weir.server.http.Visitor;
import dev.weir.server.space.Departure;
import dev.weir.server.space.Holdings;
import dev.weir.storage.Digest;

import static org.assertj.core.api.Assertions.assertThat;

/** What the page is told while things go wrong. */
final class StandingTroubleTest implements Standing.Parts {
  private static final Question ANN = new Question(new Visitor("ann", false, false, true, name -> true, first -> true),
      Map.of(), "weir");

  private final AtomicLong nanos = new AtomicLong();
  private final AtomicInteger asked = new AtomicInteger();
  private final List<Arriving> running = new ArrayList<>();
  private final List<Digest> held = new ArrayList<>();
  private boolean storeAnswers = true;
  private final Standing standing = new Standing(new Holdings(InstantSource.system()), this, () -> {
    asked.incrementAndGet();
    if (!storeAnswers) {
      throw new IOException("the bucket is gone");
    }
    return List.of();
  }, nanos::get);

  private Standing.View look() throws IOException {
    nanos.addAndGet(Duration.ofSeconds(2).toNanos());
    return standing.show(ANN);
  }

  @Test
  void aStoreThatDoesNotAnswerIsToldAndNotAskedAgainAtOnce() throws IOException {
    storeAnswers = false;
    assertThat(look().trouble()).containsExactly("the store does not answer: the bucket is gone");
    assertThat(look().trouble()).hasSize(1);
    assertThat(asked).hasValue(1);
    storeAnswers = true;
    nanos.addAndGet(Duration.ofSeconds(10).toNanos());
    assertThat(look().trouble()).isEmpty();
  }

  @Test
  void aDownloadThatBrokeOffIsNotToldAsOneThatCame() throws IOException {
    Digest whole = Digest.sha256(new byte[]{1});
    Digest broken = Digest.sha256(new byte[]{2});
    running.add(new Arriving(whole, 1, 0, 1, "origin"));
    running.add(new Arriving(broken, 1, 0, 1, "origin"));
    assertThat(look().ended()).isEmpty();
    running.clear();
    held.add(whole);
    assertThat(look().ended()).containsExactlyInAnyOrder(new Standing.Ended(whole.toString(), true),
        new Standing.Ended(broken.toString(), false));
    running.add(new Arriving(broken, 1, 0, 1, "origin"));
    assertThat(look().ended()).containsExactly(new Standing.Ended(whole.toString(), true));
  }

  @Override
  public boolean isInBucket() {
    return true;
  }

  @Override
  public boolean holds(Digest blob) {
    return held.contains(blob);
  }

  @Override
  public List<Standing.Room> rooms() {
    return List.of();
  }

  @Override
  public List<Standing.Upstream> upstreams() {
    return List.of();
  }

  @Override
  public List<Arriving> downloads() {
    return running;
  }

  @Override
  public List<Standing.Work> works() {
    return List.of();
  }

  @Override
  public List<Departure> departures() {
    return List.of();
  }
}
