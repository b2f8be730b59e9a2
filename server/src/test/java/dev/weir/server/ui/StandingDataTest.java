package dev.weir.server.ui;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.weir.server.pullthrough.Await;
import dev.weir.server.pullthrough.RawPull;
import dev.weir.server.pullthrough.TestClient.Reply;
import dev.weir.server.pullthrough.TestWeir;
import dev.weir.server.upstream.ScriptedRegistry;
import dev.weir.storage.Digest;

import static org.assertj.core.api.Assertions.assertThat;

/** What the page is told of weir as a whole. */
final class StandingDataTest {
  private static final int MIB = 1 << 20;

  @TempDir private Path folder;

  private final ScriptedRegistry upstream = ScriptedRegistry.plain();

  @AfterEach
  void close() {
    upstream.close();
  }

  private TestWeir.Builder weir() {
    return TestWeir.in(folder.resolve("data")).upstream("origin", upstream.uri());
  }

  @Test
  void itIsForThoseWhoAdministerWeirAndForEverybodyWhereNobodyCan() {
    try (Rig rig = Rig.open(folder)) {
      assertThat(rig.data("standing").path("rooms").path(0).path("bound").asLong()).isPositive();
      assertThat(rig.data("site").path("seesAll").asBoolean()).isTrue();
    }
    try (Rig rig = Rig.guarded(folder, "{users: [ann], repositories: ['**'], actions: [pull, admin]}",
        "{users: [bob], repositories: ['**'], actions: [pull]}")) {
      for (String part : List.of("standing", "hour", "week")) {
        assertThat(rig.get("ann", "/ui/data/" + part).status()).as(part).isEqualTo(200);
        Reply refused = rig.get("bob", "/ui/data/" + part);
        assertThat(refused.status()).as(part).isEqualTo(403);
        assertThat(refused.sentence()).contains("bob").contains("admin");
      }
    }
  }

  @Test
  void rulesDecideAlsoWhereNobodyLogsIn() {
    try (Rig rig = new Rig(weir().section("rules: [{users: [anonymous], repositories: ['**'], actions: [pull]}]")
        .start())) {
      Reply refused = rig.get("-", "/ui/data/standing");
      assertThat(refused.status()).isEqualTo(403);
      assertThat(refused.sentence()).startsWith("a visitor without credentials may not");
      assertThat(rig.get("-", "/ui/data/repositories").status()).isEqualTo(200);
    }
  }

  @Test
  void aDownloadIsSeenOnItsWayAndGoneWhenItIsOver() throws IOException {
    byte[] layer = new byte[3 * MIB];
    upstream.addImage("team/app", "v1", Pictures.bytes("{}"), layer);
    upstream.pauseBodiesAfter(MIB);
    try (Rig rig = new Rig(weir().start()).known()) {
      assertThat(rig.weir.client().manifest("origin/team/app", "v1").status()).isEqualTo(200);
      try (RawPull pull = RawPull.start(rig.weir.port(), "/v2/origin/team/app/blobs/" + Digest.sha256(layer))) {
        assertThat(pull.status()).isEqualTo(200);
        Await.until("the download is seen, and has some bytes",
            () -> downloads(rig).path(0).path("received").asLong() >= MIB / 2);
        JsonNode download = downloads(rig).path(0);
        assertThat(download.path("size").asLong()).isEqualTo(layer.length);
        assertThat(download.path("clients").asInt()).isEqualTo(1);
        assertThat(download.path("from").asText()).isEqualTo("origin");
        assertThat(download.path("repositories").path(0).asText()).isEqualTo("origin/team/app");
        assertThat(download.path("digest").asText()).isEqualTo(Digest.sha256(layer).toString());
        upstream.resumeBodies();
        assertThat(pull.readAll()).hasSize(layer.length);
      }
      Await.until("no download is left", () -> downloads(rig).isEmpty());
      JsonNode ended = rig.data("standing").path("ended").path(0);
      assertThat(ended.path("digest").asText()).isEqualTo(Digest.sha256(layer).toString());
      assertThat(ended.path("held").asBoolean()).isTrue();
    }
  }

  private static JsonNode downloads(Rig rig) {
    return rig.data("standing").path("downloads");
  }

  @Test
  void anUpstreamThatIsDownIsToldWithTheReason() {
    try (Rig rig = new Rig(weir().start())) {
      assertThat(state(rig)).isEqualTo("new");
      assertThat(upstream.log()).isEmpty();
      upstream.addImage("team/app", "v2", Pictures.bytes("{}"), new byte[1]);
      rig.weir.client().manifest("origin/team/app", "v2");
      Await.until("it is seen to answer", () -> state(rig).equals("answers"));
      upstream.close();
      rig.weir.client().manifest("origin/team/app", "v1");
      Await.until("it is seen to be down", () -> state(rig).equals("down"));
      JsonNode origin = rig.data("standing").path("upstreams").path(0);
      assertThat(origin.path("name").asText()).isEqualTo("origin");
      assertThat(origin.path("why").asText()).contains("origin");
      assertThat(origin.path("since").asText()).startsWith("20");
      Await.until("somebody is asked to look", () -> !rig.data("standing").path("trouble").isEmpty());
    }
  }

  private static String state(Rig rig) {
    return rig.data("standing").path("upstreams").path(0).path("state").asText();
  }

  @Test
  void anUpstreamThatIsNeverAskedIsSaidToBeOffline() {
    try (Rig rig = new Rig(weir().cache("offline: true").start())) {
      assertThat(state(rig)).isEqualTo("offline");
    }
  }

  @Test
  void whatWentToMakeRoomIsRemembered() {
    try (Rig rig = new Rig(weir().cache("tagttl: 1h, maxsize: 3MiB").start()).known()) {
      for (int i = 0; i < 4; i++) {
        byte[] config = Pictures.bytes("{\"number\":" + i + "}");
        byte[] layer = new byte[MIB + i];
        upstream.addImage("team/app", "v" + i, config, layer);
        rig.weir.client().manifest("origin/team/app", "v" + i);
        rig.weir.client().blob("origin/team/app", Digest.sha256(config));
        rig.weir.client().blob("origin/team/app", Digest.sha256(layer));
      }
      Await.until("an eviction is told", () -> !rig.data("standing").path("evictions").isEmpty());
      JsonNode gone = rig.data("standing").path("evictions").path(0);
      assertThat(gone.path("repositories").path(0).asText()).isEqualTo("origin/team/app");
      assertThat(gone.path("bytes").asLong()).isGreaterThan(MIB);
      assertThat(gone.path("when").asText()).isGreaterThanOrEqualTo(gone.path("lastUsed").asText());
    }
  }

  @Test
  void hitsAndMissesAreCountedAtOnce() {
    upstream.addImage("team/app", "v1", Pictures.bytes("{}"), new byte[10]);
    try (Rig rig = new Rig(weir().start())) {
      rig.weir.client().manifest("origin/team/app", "v1");
      rig.weir.client().manifest("origin/team/app", "v1");
      rig.weir.client().blob("origin/team/app", Digest.sha256(new byte[10]));
      JsonNode hour = rig.data("hour");
      assertThat(sum(hour.path("misses"))).isEqualTo(2);
      assertThat(sum(hour.path("hits"))).isEqualTo(1);
      assertThat(sum(hour.path("pulled"))).isPositive();
      assertThat(hour.path("at")).hasSameSizeAs(hour.path("sent"));
    }
  }

  private static long sum(JsonNode values) {
    return values.valueStream().mapToLong(JsonNode::asLong).sum();
  }

  @Test
  void commandsAreForTheHostThatTheBrowserCallsUnlessAnotherIsKnown() {
    try (Rig rig = new Rig(weir().section("aliases: {short/app: [origin/team/app]}").start())) {
      JsonNode plain = rig.data("commands");
      assertThat(plain.path("door").asText()).isEqualTo("127.0.0.1:" + rig.weir.port());
      assertThat(plain.path("plain").asBoolean()).isTrue();
      String all = plain.path("files").toString();
      assertThat(all).contains("50-weir.conf", "insecure = true", "ImageDigestMirrorSet", "ImageTagMirrorSet",
          "127.0.0.1:" + rig.weir.port() + "/origin", "/short/app");
      assertThat(rig.data("commands?secure=true").path("files").toString()).doesNotContain("insecure = true");
    }
    try (Rig rig = new Rig(weir().environment(Map.of("REGISTRY_HTTP_HOST", "https://mirror.example:8443")).start())) {
      assertThat(rig.data("commands?secure=true").path("door").asText()).isEqualTo("mirror.example:8443");
    }
  }
}
