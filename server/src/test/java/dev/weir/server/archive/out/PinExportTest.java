package dev.weir.server.archive.out;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.weir.server.keep.Pusher;
import dev.weir.server.precache.Commands;
import dev.weir.server.pullthrough.TestWeir;
import dev.weir.storage.Digest;
import dev.weir.storage.Manifest;
import dev.weir.storage.RepositoryName;

import static org.assertj.core.api.Assertions.assertThat;

/** Pinned sets, exported or left out, without a weir that runs and beside one. */
class PinExportTest {
  private static final byte[] CONFIG = Pusher.bytes(1, 500);
  private static final byte[] BASE = Pusher.bytes(2, 30_000);
  private static final byte[] ONE = Pusher.bytes(3, 20_000);
  private static final byte[] TWO = Pusher.bytes(4, 10_000);

  @TempDir private Path folder;

  private static void pin(Site site, Manifest image, String set) throws IOException {
    assertThat(site.content.manifests().pin(RepositoryName.parse("team/app"), image.digest(), set)).isTrue();
  }

  @Test
  void aPinIsExportedAndTheNextSinceIt() throws IOException {
    try (Site site = new Site(folder.resolve("here"))) {
      pin(site, site.push("team/app", "v1", CONFIG, BASE, ONE), "first");
      Manifest next = site.push("team/app", "v2", CONFIG, BASE, TWO);
      pin(site, next, "next");
      export(site.commands, next);
    }
  }

  @Test
  void soItIsBesideAWeirThatRuns() throws IOException {
    Path root = folder.resolve("weir");
    try (TestWeir weir = TestWeir.in(root).section("admin: {socket: weir/admin.sock}").start()) {
      Pusher pusher = new Pusher(weir.uri());
      Manifest first = pusher.push("team/app", "v1", CONFIG, BASE, ONE);
      Manifest next = pusher.push("team/app", "v2", CONFIG, BASE, TWO);
      Commands commands = new Commands(root);
      for (var each : java.util.Map.of("first", first, "next", next).entrySet()) {
        assertThat(commands.run("precache", "--pin", each.getKey(), "--unsigned",
            "team/app@" + each.getValue().digest())).as(commands.out() + commands.err()).isZero();
      }
      export(commands, next);
    }
  }

  @Test
  void whatSignsAPinnedImageGoesForItMayBeNewerThanThePin() throws IOException {
    try (Site site = new Site(folder.resolve("here"))) {
      Manifest image = site.push("team/app", "v1", CONFIG, BASE, ONE);
      pin(site, image, "first");
      site.push("team/app", "sha256-" + image.digest().hex() + ".sig", CONFIG, TWO);
      byte[] statement = Pusher.bytes(6, 301);
      site.blob("team/app", statement);
      site.put("team/app", "", Pusher.image(List.of(CONFIG, statement), ",\"subject\":{\"mediaType\":\""
          + image.mediaType() + "\",\"digest\":\"" + image.digest() + "\",\"size\":3}"));
      Path out = folder.resolve("out");
      assertThat(site.commands.run("export", "--pin", "first", "--since", "first", "--to", "archive:" + out))
          .as(site.said()).isZero();
      assertThat(Contents.read(out.resolve("weir-export.json")).blobs()).extracting(Contents.Blob::digest)
          .contains(Digest.sha256(TWO).toString(), Digest.sha256(statement).toString())
          .doesNotContain(Digest.sha256(ONE).toString());
      assertThat(site.commands.out()).contains(
          "assumes that the other side has all 1 images of the pin first as they are listed now");
    }
  }

  private void export(Commands commands, Manifest next) throws IOException {
    Path out = folder.resolve("out");
    assertThat(commands.run("export", "--pin", "next", "--since", "first", "--to", "archive:" + out))
        .as(commands.out() + commands.err()).isZero();
    Contents contents = Contents.read(out.resolve("weir-export.json"));
    assertThat(contents.blobs()).extracting(Contents.Blob::digest)
        .containsExactlyInAnyOrder(Digest.sha256(TWO).toString(), next.digest().toString());
    assertThat(contents.elsewhere()).extracting(Contents.Blob::digest)
        .containsExactlyInAnyOrder(Digest.sha256(CONFIG).toString(), Digest.sha256(BASE).toString());
    assertThat(contents.images()).extracting(Contents.Image::tags).containsExactly(List.of("v2"));
    assertThat(commands.run("export", "--pin", "none", "--to", "archive:" + out)).isEqualTo(1);
    assertThat(commands.err()).contains("there is no pin 'none'");
    assertThat(Files.exists(out.resolve("SHA256SUMS"))).isTrue();
  }
}
