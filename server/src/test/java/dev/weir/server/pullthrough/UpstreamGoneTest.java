package dev.weir.server.pullthrough;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.weir.server.upstream.Fault;
import dev.weir.server.upstream.ScriptedRegistry;
import dev.weir.server.wiring.Waits;
import dev.weir.storage.Digest;

import static org.assertj.core.api.Assertions.assertThat;

/** What is held is served, whatever upstream does. */
final class UpstreamGoneTest {
  @TempDir private Path folder;

  private final ScriptedRegistry registry = ScriptedRegistry.plain();
  private final byte[] config = "{}".getBytes(StandardCharsets.UTF_8);
  private final byte[] layer = Bytes.random(3, 300_000);
  private Digest manifest;

  @BeforeEach
  void fill() {
    manifest = registry.addImage("team/app", "1.0", config, layer);
  }

  @AfterEach
  void close() {
    registry.close();
  }

  private TestWeir.Builder weir() {
    return TestWeir.in(folder.resolve("data")).cache("tagttl: 0s");
  }

  private void pullAll(TestWeir weir, String repository) {
    assertThat(weir.client().manifest(repository, "1.0").digest()).isEqualTo(manifest);
    assertThat(weir.client().blob(repository, Digest.sha256(config)).body()).isEqualTo(config);
    assertThat(weir.client().blob(repository, Digest.sha256(layer)).body()).isEqualTo(layer);
  }

  @Test
  void whatWasPulledOnceIsServedUnderEveryNameOfTheSameRepository() {
    try (TestWeir weir = weir().upstream("origin", registry.uri())
        .section("aliases: {ours: [origin/team/app], 'mine/': [origin/team]}")
        .section("proxy: {remoteurl: '" + registry.uri() + "'}").start()) {
      pullAll(weir, "origin/team/app");
      registry.close();

      for (String form : List.of("/v2/origin/team/app/%s", "/v2/team/app/%s?ns=origin", "/origin/v2/team/app/%s",
          "/v2/origin/team/app/%s?ns=origin", "/v2/ours/%s", "/v2/mine/app/%s", "/v2/team/app/%s")) {
        for (String reference : List.of("1.0", manifest.toString())) {
          assertThat(weir.client().get(form.formatted("manifests/" + reference)).digest()).as(form).isEqualTo(manifest);
        }
        assertThat(weir.client().get(form.formatted("blobs/" + Digest.sha256(layer))).body()).as(form)
            .isEqualTo(layer);
        assertThat(weir.client().get(form.formatted("tags/list")).text()).as(form).contains("\"1.0\"");
      }
    }
  }

  @Test
  void aThingNeverPulledIsA502ThatNamesUpstreamWithinThreeSeconds() {
    try (TestWeir weir = weir().upstream("origin", registry.uri()).start()) {
      pullAll(weir, "origin/team/app");
      Digest other = Digest.sha256(new byte[]{7});
      registry.close();

      for (String path : List.of("manifests/2.0", "manifests/" + other, "blobs/" + other)) {
        TestClient.Reply reply = weir.client().get("/v2/origin/team/app/" + path);
        assertThat(reply.status()).as(path).isEqualTo(502);
        assertThat(reply.code()).as(path).isEqualTo("UNAVAILABLE");
        assertThat(reply.sentence()).as(path).contains("origin").contains("no connection to " + registry.host());
        assertThat(reply.time()).as(path).isLessThan(Duration.ofSeconds(3));
      }
    }
  }

  /**
   * The best of three upstreams, each of which hangs for the first time: one that takes longer says more of a busy
   * machine than of weir, which waits for each of them in the same way.
   */
  @Test
  void aHeldTagWaitsForAHangingUpstreamForASecondAtMostAndThenNotAtAll() {
    List<String> names = List.of("one", "two", "three");
    TestWeir.Builder builder = weir().waits(Waits.DEFAULT);
    names.forEach(name -> builder.upstream(name, registry.uri()));
    try (TestWeir weir = builder.start()) {
      names.forEach(name -> pullAll(weir, name + "/team/app"));
      registry.forget();
      names.forEach(name -> registry.next("/manifests/1.0", new Fault.NoAnswer()));

      assertThat(bestPull(weir, names)).isLessThanOrEqualTo(Duration.ofSeconds(1));
      List<String> asked = withoutLooks(registry.log());
      assertThat(asked).hasSize(3);

      assertThat(bestPull(weir, names)).as("nobody waits again").isLessThan(Duration.ofMillis(400));
      assertThat(withoutLooks(registry.log())).as("nobody is asked again").isEqualTo(asked);
    }
  }

  /** Weir looks in the background whether they are there. */
  private static List<String> withoutLooks(List<String> log) {
    return log.stream().filter(line -> !line.equals("GET /v2/")).toList();
  }

  private Duration bestPull(TestWeir weir, List<String> names) {
    return names.stream().map(name -> weir.client().manifest(name + "/team/app", "1.0"))
        .peek(reply -> assertThat(reply.digest()).isEqualTo(manifest)).map(TestClient.Reply::time)
        .min(Duration::compareTo).orElseThrow();
  }

  @Test
  void aHeldDigestIsServedWithoutAWordToAHangingUpstream() {
    try (TestWeir weir = weir().upstream("origin", registry.uri()).start()) {
      pullAll(weir, "origin/team/app");
      registry.forget();

      assertThat(weir.client().manifest("origin/team/app", manifest.toString()).digest()).isEqualTo(manifest);
      assertThat(weir.client().blob("origin/team/app", Digest.sha256(layer)).body()).isEqualTo(layer);
      assertThat(registry.log()).isEmpty();
    }
  }
}
