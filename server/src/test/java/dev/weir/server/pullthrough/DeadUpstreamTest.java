package dev.weir.server.pullthrough;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import dev.weir.server.upstream.Fault;
import dev.weir.server.upstream.MockAnswer;
import dev.weir.server.upstream.ScriptedRegistry;
import dev.weir.server.wiring.Waits;
import dev.weir.storage.Digest;

import static org.assertj.core.api.Assertions.assertThat;

/** An upstream that takes connections and never says a word, or says the same no again and again. */
@Timeout(300)
final class DeadUpstreamTest {
  private static final int IMAGES = 500;
  private static final int CLIENTS = 20;
  /** Before it is told that upstream is silent; that what is held comes sooner is all that a busy machine can show. */
  private static final Duration A_COLD_PULLS_WAIT = Duration.ofSeconds(6);

  @TempDir private Path folder;

  private final ScriptedRegistry registry = ScriptedRegistry.plain();
  private final byte[] config = "{}".getBytes(StandardCharsets.UTF_8);

  @AfterEach
  void close() {
    registry.close();
  }

  private record Image(String tag, Digest manifest, Digest layer) {}

  private TestWeir.Builder weir() {
    return TestWeir.in(folder.resolve("data")).cache("tagttl: 0s");
  }

  private List<Image> fill() throws Exception {
    List<Image> images = new ArrayList<>();
    try (TestWeir weir = weir().upstream("origin", registry.uri()).start()) {
      for (int i = 0; i < IMAGES; i++) {
        byte[] layer = Bytes.random(i, 1000);
        Image image = new Image("t" + i, registry.addImage("team/app", "t" + i, config, layer), Digest.sha256(layer));
        images.add(image);
      }
      pullAll(weir, images);
    }
    return images;
  }

  /** How long the tag took. */
  private Duration pull(TestWeir weir, Image image) {
    TestClient.Reply tag = weir.client().manifest("origin/team/app", image.tag());
    assertThat(tag.digest()).isEqualTo(image.manifest());
    assertThat(weir.client().blob("origin/team/app", Digest.sha256(config)).body()).isEqualTo(config);
    assertThat(Digest.sha256(weir.client().blob("origin/team/app", image.layer()).body())).isEqualTo(image.layer());
    return tag.time();
  }

  @Test
  void whatIsHeldIsServedAsIfNothingWasWrongAfterOneWait() throws Exception {
    List<Image> images = fill();
    registry.forget();
    for (int i = 0; i < 2 * IMAGES; i++) {
      registry.next("/", new Fault.NoAnswer());
    }
    try (TestWeir weir = weir().upstream("origin", registry.uri()).waits(Waits.DEFAULT).start();
        LogLines log = LogLines.capture()) {
      assertThat(pull(weir, images.getFirst())).as("the first wait").isLessThan(A_COLD_PULLS_WAIT);
      assertThat(pullAll(weir, images)).hasSize(IMAGES);
      assertThat(registry.log()).as("none waits for upstream again")
          .filteredOn(line -> line.contains("/manifests/") || line.contains("/blobs/")).hasSize(1);
      List<Duration> alone = images.stream().limit(100).map(image -> pull(weir, image)).sorted().toList();
      assertThat(alone.get(50)).as("median").isLessThanOrEqualTo(Duration.ofMillis(20));
      assertThat(weir.client().get("/v2/origin/team/app/manifests/t1").header("Warning"))
          .contains("110 weir \"Response is Stale\"");
      assertThat(weir.metric("weir_upstream_down")).isEqualTo(1);
      assertThat(weir.metric("weir_stale_answers_total")).isGreaterThan(IMAGES);
      assertThat(log.containing("origin is in trouble")).hasSize(1);
    }
  }

  private List<Duration> pullAll(TestWeir weir, List<Image> images) throws Exception {
    List<Duration> times = new ArrayList<>();
    try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<List<Duration>>> shares = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        List<Image> share = images.subList(i * IMAGES / CLIENTS, (i + 1) * IMAGES / CLIENTS);
        shares.add(() -> share.stream().map(image -> pull(weir, image)).toList());
      }
      for (Future<List<Duration>> done : clients.invokeAll(shares)) {
        times.addAll(done.get());
      }
    }
    return times;
  }

  @Test
  void anUpstreamThatComesBackIsAskedAgainByItself() {
    registry.addImage("team/app", "t", config, config.clone());
    try (TestWeir weir = weir().upstream("origin", registry.uri()).waits(TestWaits.ONCE).start()) {
      assertThat(weir.client().manifest("origin/team/app", "t").status()).isEqualTo(200);
      registry.next("/manifests/t", Fault.badGateway());
      assertThat(weir.client().manifest("origin/team/app", "t").header("Warning")).isPresent();
      Digest moved = registry.addImage("team/app", "t", config, Bytes.random(1, 10));
      Await.until("upstream is asked again",
          () -> weir.client().manifest("origin/team/app", "t").digest().equals(moved));
      assertThat(weir.client().manifest("origin/team/app", "t").header("Warning")).isEmpty();
      assertThat(registry.log()).contains("GET /v2/");
    }
  }

  @Test
  void aSignatureThatIsNotThereIsAskedForOnceInAWhile() {
    String signature = "manifests/sha256-" + Digest.sha256(config).hex() + ".sig";
    try (TestWeir weir = weir().upstream("origin", registry.uri()).start()) {
      registry.next(signature, new Fault.Instead(MockAnswer.html(403)));
      for (int i = 0; i < 10; i++) {
        TestClient.Reply reply = weir.client().get("/v2/origin/team/app/" + signature);
        assertThat(reply.status()).isEqualTo(404);
        assertThat(reply.code()).isEqualTo("MANIFEST_UNKNOWN");
      }
      assertThat(registry.log()).containsExactly("GET /v2/team/app/" + signature);
    }
  }
}
