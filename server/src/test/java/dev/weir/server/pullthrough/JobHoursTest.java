package dev.weir.server.pullthrough;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.LocalTime;
import java.time.ZoneId;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import dev.weir.server.upstream.ScriptedRegistry;
import dev.weir.storage.Digest;

import static org.assertj.core.api.Assertions.assertThat;

/** What a push left for upstream to give is fetched in the hours of jobs; what a client waits for, at once. */
@Timeout(300)
final class JobHoursTest {
  @TempDir private Path folder;

  private TestWeir start(ScriptedRegistry registry, String hours) {
    return TestWeir.in(folder.resolve("data")).cache("tagttl: 10m" + hours)
        .upstream("origin", "remoteurl: '" + registry.uri() + "'")
        .section("aliases: {'mirror/': 'origin/team/'}").start();
  }

  @Test
  void aJobWaitsForItsHoursAndAClientDoesNot() {
    byte[] config = "{}".getBytes(StandardCharsets.UTF_8);
    byte[] layer = Bytes.random(1, 300_000);
    try (ScriptedRegistry registry = ScriptedRegistry.plain()) {
      Digest manifest = registry.addImage("team/app", "t", config, layer);
      LocalTime later = LocalTime.now(ZoneId.systemDefault()).plusHours(2);
      try (TestWeir weir = start(registry, ", jobhours: '%tR-%tR'".formatted(later, later.plusHours(2)))) {
        byte[] content = weir.client().manifest("origin/team/app", "t").body();
        assertThat(weir.client().pushManifest("mirror/app", "t", new String(content, StandardCharsets.UTF_8)).status())
            .isEqualTo(201);
        assertThat(weir.metric("weir_incomplete_images")).isEqualTo(1);
        assertThat(weir.client().blob("mirror/app", Digest.sha256(config)).body()).isEqualTo(config);
        assertThat(registry.log()).as("nobody waits for the layer")
            .doesNotContain("GET /v2/team/app/blobs/" + Digest.sha256(layer));
        assertThat(weir.metric("weir_incomplete_images")).isEqualTo(1);
      }
      try (TestWeir weir = start(registry, ", jobhours: ['%tR-%tR', '00:00-00:00']".formatted(later, later))) {
        Await.until("the image is complete", () -> weir.metric("weir_incomplete_images") == 0);
        assertThat(registry.log()).contains("GET /v2/team/app/blobs/" + Digest.sha256(layer));
        assertThat(weir.client().manifest("mirror/app", "t").digest()).isEqualTo(manifest);
      }
    }
  }
}
