package dev.weir.server.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.weir.server.keep.Pusher;
import dev.weir.server.pullthrough.TestWeir;
import dev.weir.storage.Content;
import dev.weir.storage.Digest;
import dev.weir.storage.Manifest;
import dev.weir.storage.RepositoryName;
import dev.weir.storage.Tag;
import dev.weir.storage.fs.FsObjectStore;
import dev.weir.storage.fs.RootLock;

import static org.assertj.core.api.Assertions.assertThat;

/** {@code verify}, {@code gc}, {@code garbage-collect} and {@code status}, beside a running weir and without one. */
class KeepCommandsTest {
  private static final RepositoryName NAME = RepositoryName.parse("team/app");
  private static final byte[] LAYER = Pusher.bytes(1, 1_000);
  private static final byte[] OTHER = Pusher.bytes(2, 2_000);
  private static final byte[] UNNAMED = Pusher.bytes(3, 3_000);
  private static final Manifest IMAGE = Pusher.image(LAYER);
  private static final Manifest UNTAGGED = Pusher.image(OTHER);

  @TempDir Path folder;

  private Path root;
  private Path config;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeEach
  void fill() throws IOException {
    root = folder.resolve("data");
    config = Files.writeString(folder.resolve("data.yml"),
        "version: 0.1\nstorage: {filesystem: {rootdirectory: '" + root + "'}}\n");
    try (FsObjectStore store = new FsObjectStore(root)) {
      Content content = Content.of(store);
      for (byte[] blob : List.of(LAYER, OTHER, UNNAMED)) {
        content.blobs().commit(Digest.sha256(blob), blob);
        content.blobs().link(NAME, Digest.sha256(blob));
      }
      content.manifests().putOwned(NAME, IMAGE);
      content.manifests().putOwned(NAME, UNTAGGED);
      content.tags().setOwned(NAME, Tag.parse("v1"), IMAGE.digest());
    }
  }

  private int run(String... words) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    List<String> all = new ArrayList<>(List.of(words));
    if (!words[0].equals("garbage-collect")) {
      all.addAll(List.of("--config", config.toString()));
    }
    return WeirCommand.commands().setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true))
        .execute(all.toArray(String[]::new));
  }

  private Path data(byte[] blob) {
    Digest digest = Digest.sha256(blob);
    return root
        .resolve("docker/registry/v2/blobs/sha256/" + digest.hex().substring(0, 2) + "/" + digest.hex() + "/data");
  }

  private JsonNode json() throws IOException {
    return new ObjectMapper().readTree(out.toString());
  }

  @Test
  void verifySaysWhetherTheSiteCouldBeUnpluggedAlsoWhereNoWeirRuns() throws IOException {
    assertThat(run("verify", "--all")).as(err.toString()).isZero();
    assertThat(out.toString()).contains("2 images, 4 blobs", "could be unplugged now");
    Files.write(data(LAYER), new byte[5]);
    assertThat(run("verify", "team/app:v1", "--output", "json")).isEqualTo(1);
    assertThat(json().path("damaged").path(0).path("digest").asText()).isEqualTo(Digest.sha256(LAYER).toString());
    assertThat(data(LAYER)).as("a store at rest is only looked at").hasSize(5);
    assertThat(run("verify", "team/app@" + UNTAGGED.digest())).isZero();
    Files.delete(data(OTHER));
    assertThat(run("verify", "--all")).isEqualTo(1);
    assertThat(out.toString()).contains("missing  " + Digest.sha256(OTHER), "damaged  " + Digest.sha256(LAYER));
    assertThat(run("verify", "team/app:v9")).isEqualTo(1);
    assertThat(out.toString()).contains("unknown");
    assertThat(run("verify")).isEqualTo(2);
    assertThat(run("verify", "NO SUCH NAME")).isNotZero();
  }

  @Test
  void garbageCollectTakesWhatNoManifestNamesAndWithMTheUntagged() throws IOException {
    assertThat(run("garbage-collect", "--dry-run", config.toString())).as(err.toString()).isZero();
    assertThat(out.toString()).contains("blob eligible for deletion: " + Digest.sha256(UNNAMED),
        "4 blobs marked, 1 blobs and 0 manifests eligible for deletion");
    assertThat(data(UNNAMED)).exists();

    assertThat(run("garbage-collect", config.toString())).isZero();
    assertThat(data(UNNAMED)).doesNotExist();
    assertThat(data(OTHER)).exists();
    assertThat(root.resolve("docker/registry/v2/repositories/team/app/_layers/sha256/" + Digest.sha256(UNNAMED).hex()))
        .doesNotExist();

    assertThat(run("garbage-collect", "-m", config.toString())).isZero();
    assertThat(data(OTHER)).doesNotExist();
    assertThat(run("verify", "--all")).isZero();
    assertThat(out.toString()).contains("1 images");
  }

  @Test
  void aDamagedManifestKeepsEverythingWhereItIs() throws IOException {
    Files.write(data(UNTAGGED.content()), new byte[7]);
    assertThat(run("garbage-collect", config.toString())).isEqualTo(1);
    assertThat(data(OTHER)).exists();
    assertThat(data(UNNAMED)).exists();
  }

  @Test
  void nothingIsCollectedBehindTheBackOfWhoeverHoldsTheData() throws IOException {
    try (RootLock _ = RootLock.take(root, waiting -> {})) {
      assertThat(run("garbage-collect", config.toString())).isEqualTo(1);
    } catch (java.nio.channels.OverlappingFileLockException e) {
      assertThat(data(UNNAMED)).exists(); // one process cannot hold it twice, which only a test would try
    }
    assertThat(data(UNNAMED)).exists();
  }

  @Test
  void aRunningWeirIsAskedByItsSocket() throws IOException {
    assertThat(run("status")).isEqualTo(1);
    assertThat(err.toString()).contains("no weir runs here");
    assertThat(run("gc", "--dry-run", "--output", "json")).isZero();
    assertThat(json().path("blobCount").asInt()).isEqualTo(1);
    try (TestWeir _ = TestWeir.in(root).section("scrub: {interval: 0s}").start()) {
      assertThat(run("status")).as(err.toString()).isZero();
      assertThat(out.toString()).contains("REPOSITORY", "nothing fails");
      assertThat(run("verify", "--all", "--output", "json")).as(err.toString()).isZero();
      assertThat(json().path("unpluggable").asBoolean()).isTrue();
      assertThat(run("gc")).isEqualTo(1);
      assertThat(err.toString()).contains("gc.grace");
      assertThat(run("gc", "--dry-run")).isZero();
      assertThat(out.toString()).contains("0 blobs");
      Files.write(data(LAYER), new byte[5]);
      assertThat(run("verify", "team/app:v1")).isEqualTo(1);
      assertThat(run("status")).isEqualTo(1);
      assertThat(out.toString()).contains("FAILING", Digest.sha256(LAYER).toString());
    }
  }
}
