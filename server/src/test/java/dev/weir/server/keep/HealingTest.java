package dev.weir.server.keep;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.weir.server.pullthrough.TestWeir;
import dev.weir.server.upstream.ScriptedRegistry;
import dev.weir.storage.Digest;

import static org.assertj.core.api.Assertions.assertThat;

/** Disks that lose bits, and what becomes of the content. */
class HealingTest {
  private static final int IMAGES = 25;

  @TempDir Path folder;

  private final ScriptedRegistry upstream = ScriptedRegistry.plain();

  @AfterEach
  void close() {
    upstream.close();
  }

  private KeptWeir start(String scrub) {
    Path root = folder.resolve("data");
    return new KeptWeir(root, TestWeir.in(root).upstream("up", upstream.uri()).section("scrub: {" + scrub + "}")
        .start());
  }

  private Digest pull(KeptWeir weir, int number) throws IOException {
    byte[] layer = Pusher.bytes(number, 20_000);
    upstream.addImage("team/app", "v" + number, layer);
    assertThat(weir.pusher().get("up/team/app/manifests/v" + number).statusCode()).isEqualTo(200);
    assertThat(weir.pusher().get("up/team/app/blobs/" + Digest.sha256(layer)).statusCode()).isEqualTo(200);
    KeptWeir.await("it is stored", () -> weir.holds(Digest.sha256(layer)));
    return Digest.sha256(layer);
  }

  private Digest push(KeptWeir weir, int number) throws IOException {
    byte[] layer = Pusher.bytes(1_000 + number, 20_000);
    weir.pusher().push("own/app", "v" + number, layer);
    return Digest.sha256(layer);
  }

  /** One flipped bit in each of 50 blobs. */
  @Test
  void theScrubFindsEveryFlippedBitHealsWhatUpstreamHasAndNamesTheRest() throws IOException {
    List<Digest> fetched = new ArrayList<>();
    Set<String> pushed = new HashSet<>();
    try (KeptWeir weir = start("interval: 0s")) {
      for (int i = 0; i < IMAGES; i++) {
        fetched.add(pull(weir, i));
        pushed.add(push(weir, i).toString());
      }
    }
    Path root = folder.resolve("data");
    for (Digest each : fetched) {
      KeptWeir.flip(KeptWeir.data(root, each), 7_777);
    }
    for (String each : pushed) {
      KeptWeir.flip(KeptWeir.data(root, Digest.parse(each)), 12_345);
    }
    try (KeptWeir weir = start("interval: 1s, rate: 1GB/s")) {
      KeptWeir.await("all are healed that can be", () -> weir.weir().metric("weir_damaged_blobs_total") == 2 * IMAGES
          && weir.weir().metric("weir_healed_blobs_total") == IMAGES);

      assertThat(weir.weir().metric("weir_lost_blobs")).isEqualTo(IMAGES);
      for (Digest each : fetched) {
        assertThat(Digest.sha256(Files.readAllBytes(weir.data(each)))).isEqualTo(each);
      }
      for (String each : pushed) {
        assertThat(weir.pusher().head("own/app/blobs/" + each)).isEqualTo(404);
      }
      assertThat(weir.status().path("failing")).hasSize(IMAGES).allSatisfy(
          line -> assertThat(line.asText()).contains("own/app@")
              .matches(said -> pushed.stream().anyMatch(said::contains)));
      JsonNode report = weir.run("/weir/v1/verify", Map.of());
      Set<String> missing = new HashSet<>();
      report.path("missing").forEach(finding -> missing.add(finding.path("digest").asText()));
      assertThat(missing).isEqualTo(pushed);
      assertThat(report.path("intact").asBoolean()).isFalse();
      assertThat(report.path("unpluggable").asBoolean()).isFalse();
    }
  }

  @Test
  void aVerificationHealsAndThenSaysThatTheSiteCouldBeUnplugged() throws IOException {
    try (KeptWeir weir = start("interval: 0s")) {
      Digest blob = pull(weir, 1);
      push(weir, 2);
      KeptWeir.await("all is counted", () -> weir.status().path("counted").asBoolean());
      KeptWeir.flip(weir.data(blob), 3);
      JsonNode report = weir.run("/weir/v1/verify", Map.of());
      assertThat(report.path("healed").path(0).path("digest").asText()).isEqualTo(blob.toString());
      assertThat(report.path("images").asInt()).isEqualTo(2);
      assertThat(report.path("unpluggable").asBoolean()).as(report.toPrettyString()).isTrue();
      assertThat(weir.run("/weir/v1/verify", Map.of("images", List.of("up/team/app:v1"))).path("intact").asBoolean())
          .isTrue();
      assertThat(weir.run("/weir/v1/verify", Map.of("images", List.of("up/team/app:v9"))).path("unknown").size())
          .isEqualTo(1);
    }
  }

  @Test
  void aReadThatMeetsAShortBlobIsFedFromUpstreamAndHealsIt() throws IOException {
    try (KeptWeir weir = start("interval: 0s")) {
      Digest blob = pull(weir, 1);
      Files.write(weir.data(blob), new byte[100]);
      assertThat(Digest.sha256(weir.pusher().get("up/team/app/blobs/" + blob).body())).isEqualTo(blob);
      KeptWeir.await("it is stored again", () -> weir.holds(blob));
      assertThat(Digest.sha256(Files.readAllBytes(weir.data(blob)))).isEqualTo(blob);
    }
  }

  @Test
  void aShortBlobThatNobodyElseHasIsNotGivenOut() throws IOException {
    try (KeptWeir weir = start("interval: 0s")) {
      Digest blob = push(weir, 1);
      assertThat(weir.pusher().get("own/app/manifests/v1").statusCode()).isEqualTo(200);
      Files.write(weir.data(blob), new byte[100]);
      assertThat(weir.pusher().head("own/app/blobs/" + blob)).isEqualTo(404);
      assertThat(weir.pusher().get("own/app/blobs/" + blob).statusCode()).isEqualTo(404);
      assertThat(weir.weir().files("weir/damaged")).hasSize(1);
      // whoever pushes it again mends it
      weir.pusher().push("own/app", "v1", Pusher.bytes(1_001, 20_000));
      assertThat(weir.pusher().get("own/app/blobs/" + blob).statusCode()).isEqualTo(200);
    }
  }

  @Test
  void afterAnUncleanEndWhatWasWrittenLastIsReadAgainAtOnce() throws IOException {
    Digest blob;
    try (KeptWeir weir = start("interval: 0s")) {
      blob = pull(weir, 1);
    }
    Path root = folder.resolve("data");
    KeptWeir.flip(KeptWeir.data(root, blob), 9);
    Files.createFile(root.resolve("weir/running"));
    try (KeptWeir weir = start("interval: 0s")) {
      KeptWeir.await("it is healed", () -> weir.weir().metric("weir_healed_blobs_total") == 1);
      assertThat(Digest.sha256(Files.readAllBytes(weir.data(blob)))).isEqualTo(blob);
    }
    assertThat(root.resolve("weir/running")).doesNotExist();
  }

  @Test
  void theScrubGoesOnWhereItWas() throws IOException {
    Path root = folder.resolve("data");
    List<Digest> all = new ArrayList<>();
    try (KeptWeir weir = start("interval: 0s")) {
      for (int i = 0; i < 6; i++) {
        all.add(pull(weir, i));
      }
    }
    all.sort(java.util.Comparator.comparing(Digest::toString));
    all.forEach(each -> {
      try {
        KeptWeir.flip(KeptWeir.data(root, each), 5);
      } catch (IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
    });
    Files.writeString(root.resolve("weir/scrub"),
        java.time.Instant.now() + "\n1970-01-01T00:00:00Z\n" + all.get(2) + "\n3\n0\n");
    try (KeptWeir weir = start("interval: 1000h, rate: 1GB/s")) {
      KeptWeir.await("the pass is over", () -> !weir.status().path("scrub").path("underWay").asBoolean());
      assertThat(weir.weir().metric("weir_damaged_blobs_total")).isEqualTo(3);
    }
  }
}
