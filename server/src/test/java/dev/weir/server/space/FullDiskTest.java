package dev.weir.server.space;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.weir.server.pullthrough.RawPull;
import dev.weir.server.pullthrough.TestClient;
import dev.weir.server.pullthrough.TestWeir;
import dev.weir.server.realclient.NeedsPrograms;
import dev.weir.server.upstream.ScriptedRegistry;
import dev.weir.storage.Digest;

import static org.assertj.core.api.Assertions.assertThat;

/** A disk that somebody else filled to the last byte, under a running weir. */
@NeedsPrograms({"mkfs.xfs", "mount", "umount"})
class FullDiskTest {
  private static final int MIB = 1 << 20;

  @TempDir private Path folder;

  private final ScriptedRegistry upstream = ScriptedRegistry.plain();
  @SuppressWarnings("NullAway.Init") // mounted before each test
  private XfsVolume volume;
  @SuppressWarnings("NullAway.Init") // started before each test
  private TestWeir weir;

  @BeforeEach
  void start() throws Exception {
    volume = XfsVolume.in(folder, XfsVolume.SMALLEST_BYTES);
    weir = TestWeir.in(volume.directory().resolve("data")).upstream("origin", upstream.uri())
        .cache("tagttl: 10h, maxsize: 100%").start();
    while (weir.metric("weir_held_known") < 1) {
      Thread.sleep(10); // until what is held is known
    }
  }

  @AfterEach
  void stop() {
    weir.close();
    volume.close();
    upstream.close();
  }

  private static byte[] content(long seed) {
    byte[] content = new byte[4 * MIB];
    new SplittableRandom(seed).nextBytes(content);
    return content;
  }

  private void fillTheDisk() throws IOException {
    byte[] piece = new byte[MIB];
    for (int length = MIB; length >= 512; length /= 2) {
      try (OutputStream out = Files.newOutputStream(volume.directory().resolve("filler-" + length))) {
        while (true) {
          out.write(piece, 0, length);
        }
      } catch (IOException full) {
        assertThat(full).hasMessageContaining("No space left on device");
      }
    }
  }

  private void makeRoom() throws IOException {
    for (int length = MIB; length >= 512; length /= 2) {
      Files.deleteIfExists(volume.directory().resolve("filler-" + length));
    }
  }

  private void assertPulled(String tag, byte[] config, byte[] layer) {
    TestClient client = weir.client();
    assertThat(client.manifest("origin/team/app", tag).status()).isEqualTo(200);
    assertThat(client.blob("origin/team/app", Digest.sha256(config)).body()).isEqualTo(config);
    assertThat(client.blob("origin/team/app", Digest.sha256(layer)).body()).isEqualTo(layer);
  }

  private boolean isHeld(byte[] content) {
    return !weir.files(Digest.sha256(content).hex() + "/data").isEmpty();
  }

  @Test
  void pullsGoOnPushesAreToldAndAllIsWellOnceThereIsRoom() throws Exception {
    byte[] mine = content(1);
    assertThat(weir.client().push("mine/app", mine).status()).isEqualTo(201);
    upstream.addImage("team/app", "v2", content(20), content(2));

    fillTheDisk();

    assertThat(weir.client().blob("mine/app", Digest.sha256(mine)).body()).isEqualTo(mine);
    assertPulled("v2", content(20), content(2));
    assertThat(isHeld(content(2))).isFalse();
    TestClient.Reply refused = weir.client().push("mine/app", content(3));
    assertThat(refused.status()).isEqualTo(507);
    assertThat(refused.code()).isEqualTo("DENIED");
    assertThat(refused.sentence()).contains("no space left");
    assertThat(weir.files("weir/partial")).isEmpty();
    assertThat(weir.client().get("/readyz").status()).isEqualTo(200);

    makeRoom();

    assertThat(weir.client().push("mine/app", content(3)).status()).isEqualTo(201);
    untilKept();
  }

  /** For a few seconds nobody asks again for what there was no room for; and what came is stored a little later. */
  private void untilKept() throws InterruptedException {
    for (int pulls = 0; !isHeld(content(2)); pulls++) {
      assertThat(pulls).isLessThan(200);
      assertPulled("v2", content(20), content(2));
      Thread.sleep(100);
    }
  }

  @Test
  void aDownloadThatTheDiskFillsUnderGoesOnPastTheDisk() throws Exception {
    byte[] layer = content(4);
    Digest digest = upstream.addBlob("team/app", layer);
    upstream.pauseBodiesAfter(MIB);
    try (RawPull pull = RawPull.start(weir.port(), "/v2/origin/team/app/blobs/" + digest)) {
      assertThat(pull.status()).isEqualTo(200);

      fillTheDisk();
      upstream.resumeBodies();

      assertThat(pull.readAll()).isEqualTo(layer);
    }
    assertThat(weir.metric("weir_passed_through_blobs_total")).isEqualTo(1);
    assertThat(isHeld(layer)).isFalse();
    assertThat(weir.files("weir/partial")).isEmpty();
  }
}
