package dev.weir.server.keep;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.sync.RequestBody;

import dev.weir.server.cache.Persistence;
import dev.weir.server.keep.shared.Tempo;
import dev.weir.server.pullthrough.TestWeir;
import dev.weir.server.registry.Patience;
import dev.weir.server.upstream.UpstreamSettings;
import dev.weir.server.wiring.Waits;
import dev.weir.storage.Digest;
import dev.weir.storage.Manifest;
import dev.weir.storage.s3.S3Server;

import static org.assertj.core.api.Assertions.assertThat;

/** Three weirs on one bucket, one of which collects while clients push to all and delete at any. */
abstract class CollectedBucket {
  private static final byte[] SHARED = Pusher.bytes(1, 5_000);
  private static final byte[] OWN = Pusher.bytes(2, 70_000);
  private static final byte[] OTHER = Pusher.bytes(3, 60_000);
  private static final Tempo TEMPO = new Tempo(Duration.ofMillis(500), Duration.ofSeconds(3), Duration.ofSeconds(5),
      Duration.ofMillis(800), Duration.ofSeconds(1), Duration.ofSeconds(30), 1);

  @TempDir private Path directory;
  private final List<KeptWeir> weirs = new ArrayList<>();

  /** The one that the bucket lies on. */
  abstract S3Server server();

  @AfterEach
  void stop() {
    weirs.forEach(KeptWeir::close);
  }

  private void start(String bucket, int number) {
    for (int i = 0; i < number; i++) {
      Path root = directory.resolve("scratch" + i);
      weirs.add(new KeptWeir(root, TestWeir.in(root).storage(server().yaml(bucket)).deletes()
          .cache("tagttl: 10m, scratch: {path: '" + root + "', maxsize: 100MiB}")
          .section("gc: {grace: 2s, interval: 1h}")
          .environment(Map.of("REGISTRY_STORAGE_MAINTENANCE_UPLOADPURGING_AGE", "1s"))
          .waits(new Waits(UpstreamSettings.Patience.DEFAULT, Patience.DEFAULT, Persistence.DEFAULT, TEMPO)).start()));
    }
  }

  private Pusher at(int weir) {
    return weirs.get(weir).pusher();
  }

  private JsonNode collecting() throws IOException {
    return collecting(0);
  }

  private JsonNode collecting(int weir) throws IOException {
    return weirs.get(weir).status().path("collecting");
  }

  private boolean isInBucket(String bucket, Digest blob) {
    return server().contents(bucket).stream().anyMatch(key -> key.contains(blob.hex() + "/data"));
  }

  @Test
  void whatIsDeletedAtOneGoesFromTheBucketAndWhatAClientCountsOnStays() throws IOException {
    String bucket = server().newBucket();
    start(bucket, 3);
    Manifest gone = at(0).push("team/app", "v1", SHARED, OWN);
    Manifest stays = at(1).push("team/other", "v1", SHARED, OTHER);
    assertThat(at(1).delete("team/app/manifests/" + gone.digest())).isEqualTo(202);
    KeptWeir.await("the space is free",
        () -> !isInBucket(bucket, Digest.sha256(OWN)) && !isInBucket(bucket, gone.digest()));

    assertThat(at(0).head("team/app/blobs/" + Digest.sha256(OWN))).isEqualTo(404);
    for (int i = 0; i < 3; i++) {
      assertThat(at(i).get("team/other/manifests/v1").body()).isEqualTo(stays.content());
      assertThat(at(i).get("team/other/blobs/" + Digest.sha256(OTHER)).body()).isEqualTo(OTHER);
      assertThat(at(i).get("team/other/blobs/" + Digest.sha256(SHARED)).body()).isEqualTo(SHARED);
    }
    assertThat(collecting().path("owner").asText()).isNotEmpty();
  }

  @Test
  void aClientThatIsToldAtOneThatACondemnedBlobIsTherePutsItsManifestAtAnother() throws IOException {
    String bucket = server().newBucket();
    start(bucket, 3);
    KeptWeir.await("all was looked through once", () -> !collecting().path("lastEnded").asText().isEmpty());
    at(0).blob("team/app", OWN);
    Digest orphan = at(0).blob("team/app", OTHER);
    Instant old = Instant.now().plusSeconds(3);
    KeptWeir.await("they are a second old, by a clock that knows no less", () -> Instant.now().isAfter(old));
    weirs.get(1).run("/weir/v1/gc", Map.of("dryRun", false));
    // who knows of no list yet keeps a blob for the grace alone, which is short here
    KeptWeir.await("the one that is asked knows what is condemned",
        () -> collecting(2).path("condemned").asInt() == 2);
    assertThat(at(2).head("team/app/blobs/" + Digest.sha256(OWN))).isEqualTo(200);
    KeptWeir.await("the other is gone", () -> !isInBucket(bucket, orphan));
    assertThat(at(1).manifest("team/app", "v1", Pusher.image(OWN))).isEqualTo(201);
    assertThat(at(0).get("team/app/blobs/" + Digest.sha256(OWN)).body()).isEqualTo(OWN);
    assertThat(at(0).push("team/app", "v2", OTHER).digest()).isEqualTo(Pusher.image(OTHER).digest());
  }

  @Test
  void whatADeadWeirLeftIsTakenUpByTheLiving() throws IOException {
    String bucket = server().newBucket();
    start(bucket, 1);
    Digest kept = at(0).blob("team/app", OWN);
    Digest orphan = at(0).blob("team/app", OTHER);
    weirs.removeFirst().close();
    put(bucket, "weir/gc/condemned/0a", "130000\n" + kept + "\n" + orphan + "\n");
    put(bucket, "weir/gc/stage", "0a 0\n"); // it is deleting, and will never end
    put(bucket, "weir/gc/owner/0000000000000000007", "dead 12\n");
    start(bucket, 3);

    // waits until somebody else owns the bucket, and may be told that it is there
    KeptWeir.await("the dead one's word is over", () -> at(1).head("team/app/blobs/" + kept) == 200);
    assertThat(at(2).manifest("team/app", "v1", Pusher.image(OWN))).isEqualTo(201);
    KeptWeir.await("what it meant to delete is deleted", () -> !isInBucket(bucket, orphan));
    assertThat(collecting().path("owner").asText()).isNotEqualTo("dead").isNotEmpty();
    assertThat(at(0).get("team/app/blobs/" + kept).body()).isEqualTo(OWN);
    KeptWeir.await("nothing is left of it",
        () -> server().contents(bucket).stream().noneMatch(key -> key.contains("weir/gc/condemned/0a")));
  }

  private void put(String bucket, String key, String text) {
    server().asOwner().putObject(request -> request.bucket(bucket).key(key), RequestBody.fromString(text));
  }
}
