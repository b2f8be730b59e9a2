package dev.weir.server.precache;

import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import dev.weir.server.admin.Jobs;
import dev.weir.server.admin.Json;
import dev.weir.server.space.Leeway;
import dev.weir.storage.InMemoryObjectStore;
import dev.weir.storage.ObjectKey;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** What becomes of orders, whatever becomes of the process and of the work. */
@Timeout(300)
class PrecacheJobsTest {
  private static final Report DONE = new Report(true, false, "", "", 1, 1, 1, 1, 0, 0, 0, Leeway.UNBOUNDED, List.of(),
      List.of(), "", List.of());
  private static final JsonNode ORDER = Json.tree(Order.of(List.of("quay.io/a/b:v1")));

  private final InMemoryObjectStore store = new InMemoryObjectStore();
  private final CountDownLatch never = new CountDownLatch(1);

  /** A process that is killed: its jobs end with it, without a word. */
  private PrecacheJobs process(Jobs jobs, PrecacheJobs.Work work) {
    return new PrecacheJobs(store, jobs, work, InstantSource.system());
  }

  private static Jobs jobs() {
    return new Jobs(InstantSource.system());
  }

  private Report hang() throws IOException {
    try {
      never.await();
      return DONE;
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  private JsonNode written(String id) throws IOException {
    return Json.tree(store.get(new ObjectKey("weir/jobs/" + id)).orElseThrow());
  }

  private void write(String id, String text) throws IOException {
    store.putBytes(new ObjectKey("weir/jobs/" + id), text.getBytes(UTF_8));
  }

  private static Jobs.View ended(Jobs jobs, String id) throws InterruptedException {
    Jobs.View view = jobs.find(id).orElseThrow();
    while (view.state() == Jobs.State.RUNNING) {
      Thread.sleep(Duration.ofMillis(1));
      view = jobs.find(id).orElseThrow();
    }
    return view;
  }

  @Test
  void aJobThatDiesWithItsProcessFiveTimesBeforeAnythingCameIsLeftAlone() throws Exception {
    AtomicInteger begun = new AtomicInteger();
    PrecacheJobs.Work fatal = (order, progress) -> {
      begun.incrementAndGet();
      return hang();
    };
    String id = process(jobs(), fatal).order(ORDER).id();
    for (int i = 0; i < 6; i++) {
      process(jobs(), fatal).resume();
    }
    Jobs last = jobs();
    process(last, fatal).resume();
    assertThat(ended(last, id).failure()).contains("was begun 5 times");
    assertThat(written(id).path("over").asBoolean()).isTrue();
    assertThat(begun.get()).isLessThanOrEqualTo(5);
  }

  @Test
  void aJobThatGetsOnIsBegunAgainHoweverOften() throws Exception {
    CountDownLatch came = new CountDownLatch(10);
    PrecacheJobs.Work slow = (order, progress) -> {
      progress.details(new Arrivals.Details("looking", 5, 5, List.of(), ""));
      progress.details(new Arrivals.Details("fetching", 2, 0, List.of(new Arrivals.Bar("a", 1, 2)), ""));
      came.countDown();
      return hang();
    };
    String id = process(jobs(), slow).order(ORDER).id();
    for (int i = 1; i < 10; i++) {
      while (came.getCount() > 10 - i) {
        LockSupport.parkNanos(100_000);
      }
      process(jobs(), slow).resume();
    }
    came.await();
    assertThat(written(id).path("over").asBoolean()).isFalse();
    assertThat(written(id).path("starts").asInt()).isZero();
  }

  @Test
  void anErrorEndsItsJobAlsoInWriting() throws Exception {
    Jobs jobs = jobs();
    String id = process(jobs, (order, progress) -> {
      throw new StackOverflowError("too deep");
    }).order(ORDER).id();
    assertThat(ended(jobs, id).failure()).contains("too deep");
    assertThat(written(id).path("over").asBoolean()).isTrue();
    assertThat(written(id).path("failure").asText()).contains("too deep");
  }

  @Test
  void whatIsCancelledIsWrittenDownBeforeThatIsAnswered() throws Exception {
    PrecacheJobs jobs = process(jobs(), (order, progress) -> hang());
    String id = jobs.order(ORDER).id();
    var _ = jobs.cancel(Json.tree(java.util.Map.of("job", id)));
    assertThat(written(id).path("over").asBoolean()).isTrue();
    assertThat(written(id).path("failure").asText()).isEqualTo("cancelled");
  }

  @Test
  void aJobThatIsOverCannotBeCancelled() throws Exception {
    Jobs jobs = jobs();
    PrecacheJobs orders = process(jobs, (order, progress) -> DONE);
    String id = orders.order(ORDER).id();
    assertThat(ended(jobs, id).state()).isEqualTo(Jobs.State.DONE);
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> orders.cancel(Json.tree(java.util.Map.of("job", id))));
    assertThat(written(id).path("result").path("complete").asBoolean()).isTrue();
  }

  @Test
  void filesThatMakeNoSenseAreLeftAloneAndKeepNoOtherJobFromGoingOn() throws Exception {
    write("1", "{");
    write("2", "[]");
    write("3", "{\"kind\": \"of the future\", \"order\": {}, \"started\": \"0\"}");
    write("4", "{\"kind\": \"precache\", \"started\": \"0\", \"order\": {\"images\": [\"x\"], \"pin\": {\"a\": []}}}");
    write("5",
        "{\"kind\": \"precache\", \"started\": \"0\", \"order\": {\"images\": [\"x\"], \"imageSets\": [\"{\"]}}");
    write("6", "{\"kind\": \"precache\", \"started\": \"9\", \"order\": {\"images\": [\"quay.io/a/b:v1\"]}}");
    Jobs jobs = jobs();
    process(jobs, (order, progress) -> DONE).resume();
    assertThat(ended(jobs, "6").state()).isEqualTo(Jobs.State.DONE);
    assertThat(jobs.find("3")).isEmpty();
    assertThat(written("3").path("over").asBoolean()).isFalse();
  }

  @Test
  void ofJobsThatAreOverTheOldestAreForgottenAlsoWhereTheyFail() throws Exception {
    for (int i = 0; i < 30; i++) {
      write("old" + i, "{\"kind\": \"precache\", \"started\": \"0\", \"over\": true, \"failure\": \"no\"}");
    }
    Jobs jobs = jobs();
    String id = process(jobs, (order, progress) -> {
      throw new IOException("it is in vain");
    }).order(ORDER).id();
    assertThat(ended(jobs, id).failure()).contains("in vain");
    try (var left = store.children(new ObjectKey("weir/jobs"), "")) {
      assertThat(left).hasSize(20);
    }
  }
}
