package dev.weir.server.keep;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.weir.server.pullthrough.TestWeir;
import dev.weir.storage.Digest;
import dev.weir.storage.Manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Deleting and collecting, over HTTP and the socket, while weir serves. */
class DeletingTest {
  private static final byte[] SHARED = Pusher.bytes(1, 5_000);
  private static final byte[] OWN = Pusher.bytes(2, 70_000);
  private static final byte[] OTHER = Pusher.bytes(3, 60_000);

  /** After which what no manifest names may go. */
  private static final Duration AGE = Duration.ofSeconds(6);

  @TempDir Path folder;

  private KeptWeir start(String gc) {
    return start(gc, Map.of());
  }

  private KeptWeir start(String gc, Map<String, String> environment) {
    Path root = folder.resolve("data");
    return new KeptWeir(root, TestWeir.in(root).deletes().section("gc: {" + gc + "}")
        .section("scrub: {interval: 0s}").environment(environment).start());
  }

  @Test
  void aDeleteFreesItsSpaceButNotWhatOthersNeed() throws IOException {
    try (KeptWeir weir = start("grace: 1ms, interval: 0s")) {
      Manifest gone = weir.pusher().push("team/app", "v1", SHARED, OWN);
      Manifest stays = weir.pusher().push("team/other", "v1", SHARED, OTHER);
      assertThat(weir.pusher().delete("team/app/manifests/" + gone.digest())).isEqualTo(202);

      KeptWeir.await("the space is free",
          () -> !weir.holds(Digest.sha256(OWN)) && !weir.holds(gone.digest()));

      assertThat(weir.holds(Digest.sha256(SHARED))).isTrue();
      assertThat(weir.pusher().get("team/other/manifests/v1").body()).isEqualTo(stays.content());
      assertThat(weir.pusher().get("team/other/blobs/" + Digest.sha256(OTHER)).body()).isEqualTo(OTHER);
      assertThat(weir.pusher().head("team/app/blobs/" + Digest.sha256(OWN))).isEqualTo(404);
      // and it can be pushed again
      weir.pusher().push("team/app", "v1", SHARED, OWN);
      assertThat(weir.pusher().get("team/app/blobs/" + Digest.sha256(OWN)).body()).isEqualTo(OWN);
    }
  }

  @Test
  void whatWasTouchedWithinTheGraceStaysForWhoeverPutsTheManifestLater() throws IOException {
    try (KeptWeir weir = start("grace: 1h, interval: 0s")) {
      Manifest image = weir.pusher().push("team/app", "v1", SHARED, OWN);
      assertThat(weir.pusher().delete("team/app/manifests/" + image.digest())).isEqualTo(202);
      assertThatThrownBy(() -> weir.run("/weir/v1/gc", Map.of("dryRun", false))).isInstanceOf(IOException.class)
          .hasMessageContaining("gc.grace");
      assertThat(weir.status().path("waitingBlobs").asInt()).isEqualTo(3);
      assertThat(weir.holds(Digest.sha256(OWN))).isTrue();
      assertThat(weir.pusher().manifest("team/app", "v2", image)).isEqualTo(201);
    }
  }

  @Test
  void aSweepTakesWhatNoManifestNamesAndIsOldAndTellsBefore() throws IOException {
    try (KeptWeir weir = start("grace: 1ms, interval: 0s",
        Map.of("REGISTRY_STORAGE_MAINTENANCE_UPLOADPURGING_AGE", AGE.toSeconds() + "s"))) {
      Manifest image = weir.pusher().push("team/app", "v1", SHARED, OWN);
      Digest old = weir.pusher().blob("team/app", OTHER);
      KeptWeir.await("all is counted", () -> weir.status().path("counted").asBoolean());
      Instant written = Files.getLastModifiedTime(weir.data(old)).toInstant();
      KeptWeir.await("it is old", () -> Instant.now().isAfter(written.plus(AGE).plusMillis(50)));
      Digest young = weir.pusher().blob("team/app", Pusher.bytes(4, 3_000));
      // as an archive that was unpacked here leaves it
      Files.setLastModifiedTime(weir.data(young), FileTime.from(Instant.now().minus(Duration.ofDays(8))));

      JsonNode told = weir.run("/weir/v1/gc", Map.of("dryRun", true));
      assertThat(told.path("blobs").path(0).asText()).isEqualTo(old.toString());
      assertThat(told.path("blobCount").asInt()).isEqualTo(1);
      assertThat(weir.holds(old)).isTrue();

      JsonNode done = weir.run("/weir/v1/gc", Map.of("dryRun", false));
      assertThat(done.path("bytes").asLong()).isEqualTo(OTHER.length);
      assertThat(weir.holds(old)).isFalse();
      assertThat(weir.holds(young)).isTrue();
      assertThat(weir.pusher().get("team/app/manifests/" + image.digest()).statusCode()).isEqualTo(200);
      assertThat(weir.weir().files("_layers")).noneMatch(file -> file.contains(old.hex()));
    }
  }

  @Test
  void untaggedManifestsGoOnlyWhenAskedForAndReferrersStayWithTheirSubject() throws IOException {
    try (KeptWeir weir = start("grace: 1ms, interval: 0s")) {
      Manifest tagged = weir.pusher().push("team/app", "v1", SHARED, OWN);
      Manifest untagged = Pusher.image(OTHER);
      weir.pusher().blob("team/app", OTHER);
      assertThat(weir.pusher().manifest("team/app", untagged.digest().toString(), untagged)).isEqualTo(201);
      Manifest signature = Pusher.image(List.of(SHARED), ",\"subject\":{\"mediaType\":\"" + tagged.mediaType()
          + "\",\"digest\":\"" + tagged.digest() + "\",\"size\":" + tagged.content().length + "}");
      assertThat(weir.pusher().manifest("team/app", signature.digest().toString(), signature)).isEqualTo(201);
      KeptWeir.await("all is counted", () -> weir.status().path("counted").asBoolean());

      assertThat(weir.run("/weir/v1/gc", Map.of()).path("untagged")).isEmpty();
      JsonNode done = weir.run("/weir/v1/gc", Map.of("untagged", true));

      assertThat(done.path("untagged").path(0).asText()).isEqualTo("team/app@" + untagged.digest());
      assertThat(done.path("untagged").size()).isEqualTo(1);
      assertThat(weir.pusher().get("team/app/manifests/" + untagged.digest()).statusCode()).isEqualTo(404);
      assertThat(weir.pusher().get("team/app/manifests/" + signature.digest()).statusCode()).isEqualTo(200);
      assertThat(weir.pusher().get("team/app/manifests/v1").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void theSocketIsForItsOwnerAloneAndReplacesOneThatWasLeft() throws IOException {
    Path socket = folder.resolve("data/weir/admin.sock");
    try (KeptWeir weir = start("grace: 1h")) {
      assertThat(Files.getPosixFilePermissions(socket)).containsExactlyInAnyOrder(PosixFilePermission.OWNER_READ,
          PosixFilePermission.OWNER_WRITE);
      assertThat(weir.status().path("root").asText()).isEqualTo(folder.resolve("data").toString());
    }
    assertThat(socket).doesNotExist();
    Files.createFile(socket);
    try (KeptWeir weir = start("grace: 1h")) {
      assertThat(weir.status().path("failing")).isEmpty();
      assertThat(weir.socket().ask("GET", "/weir/v1/nothing", "").status()).isEqualTo(404);
    }
  }
}
