package dev.weir.server.pullthrough;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.weir.server.upstream.Fault;
import dev.weir.server.upstream.MockAnswer;
import dev.weir.server.upstream.ScriptedRegistry;
import dev.weir.storage.Digest;

import static org.assertj.core.api.Assertions.assertThat;

/** One bit that upstream gets wrong. */
final class DamagedUpstreamTest {
  private static final int SIZE = 2 << 20;
  private static final int HALF = SIZE / 2;
  private static final int HELD_BACK = 64 * 1024;
  private static final String REPOSITORY = "origin/team/app";

  @TempDir private Path folder;

  private final ScriptedRegistry registry = ScriptedRegistry.plain();
  private final byte[] layer = Bytes.random(6, SIZE);
  private final Digest digest = Digest.sha256(layer);
  private final String path = "/v2/" + REPOSITORY + "/blobs/" + digest;
  private TestWeir weir;

  /** The manifest is pulled before, and places its blobs in the repository: each pull of one is one request. */
  @BeforeEach
  void start() {
    registry.addImage("team/app", "1.0", "{}".getBytes(StandardCharsets.UTF_8), layer);
    weir = TestWeir.in(folder.resolve("data")).upstream("origin", registry.uri()).start();
    assertThat(weir.client().manifest(REPOSITORY, "1.0").status()).isEqualTo(200);
  }

  @AfterEach
  void close() {
    weir.close();
    registry.close();
  }

  @Test
  void nobodyEverGetsAllBytesAndNothingIsKept() throws IOException {
    try (LogLines log = LogLines.capture()) {
      BitSet assembled = new BitSet(SIZE);
      for (int position : List.of(0, HALF, SIZE - HELD_BACK - 1, SIZE - 1)) {
        pullDamaged(position, assembled);
        assertThat(weir.files(digest.hex() + "/data")).isEmpty();
        assertThat(weir.files("weir/partial")).isEmpty();
      }
      assertThat(assembled.nextClearBit(0)).as("what all pulls together made up").isLessThan(SIZE);
      assertThat(assembled.nextSetBit(SIZE - HELD_BACK)).as("of the end, nobody got anything").isNegative();
      assertThat(weir.metric("weir_digest_mismatches_total")).isEqualTo(4);
      assertThat(log.containing("digest mismatch")).filteredOn(line -> line.startsWith("WARN pull " + digest))
          .hasSize(4);
    }
    assertThat(weir.client().blob(REPOSITORY, digest).body()).isEqualTo(layer);
    Await.until("the blob is stored", () -> weir.files(digest.hex() + "/data").size() == 1);
  }

  /** Several clients at once, each with another part. All have joined before the damage can be seen. */
  private void pullDamaged(int position, BitSet assembled) throws IOException {
    registry.next("/blobs/" + digest, new Fault.FlipAt(position));
    registry.pauseBodiesAfter(0);
    List<RawPull> pulls = new ArrayList<>();
    List<String> ranges = List.of("", "", "bytes=" + HALF + "-", "bytes=0-" + (HALF - 1), "bytes=-" + HELD_BACK,
        "bytes=" + (SIZE - 1) + "-");
    for (String range : ranges) {
      pulls.add(range.isEmpty()
          ? RawPull.start(weir.port(), path)
          : RawPull.start(weir.port(), path, "Range: " + range));
    }
    registry.resumeBodies();
    for (RawPull each : pulls) {
      try (RawPull pull = each) {
        int from = start(pull);
        int got = pull.readAll().length;
        assembled.set(from, from + got);
        assertThat(got).as("bytes of the whole blob").isLessThan(SIZE);
      }
    }
  }

  /** Where in the blob an answer begins; a range that is not honoured is a 200 with all of it. */
  private static int start(RawPull pull) {
    return pull.status() == 200
        ? 0
        : Integer.parseInt(pull.header("Content-Range").replaceAll("bytes ([0-9]+)-.*", "$1"));
  }

  /** Whoever has the damaged beginning must not get the sound end for it: together nobody ever verified them. */
  @Test
  void theEndOfASoundBlobDoesNotCompleteADamagedBeginning() throws IOException {
    pullDamaged(0, new BitSet(SIZE));
    for (String range : List.of("bytes=-" + HELD_BACK, "bytes=" + (SIZE - HELD_BACK) + "-",
        "bytes=" + (SIZE - 1) + "-")) {
      try (RawPull pull = RawPull.start(weir.port(), path, "Range: " + range)) {
        assertThat(pull.status()).as(range).isEqualTo(200);
        assertThat(pull.readAll()).as(range).isEqualTo(layer);
      }
    }
  }

  @Test
  void aSmallBlobIsNotShownAtAllBeforeItIsVerified() throws IOException {
    byte[] config = "{}".getBytes(StandardCharsets.UTF_8);
    Digest small = Digest.sha256(config);
    registry.next("/blobs/" + small, new Fault.FlipAt(1));
    registry.pauseBodiesAfter(0);

    try (RawPull pull = RawPull.start(weir.port(), "/v2/" + REPOSITORY + "/blobs/" + small)) {
      registry.resumeBodies();

      assertThat(pull.readAll()).isEmpty();
    }
    assertThat(weir.client().blob(REPOSITORY, small).body()).isEqualTo(config);
  }

  /** Nobody waits for the body here: when the header could be sent, the damage is known already. */
  @Test
  void damageThatIsKnownBeforeTheHeaderIsA502ThatNamesUpstream() {
    Digest unsized = Digest.sha256(new byte[]{1});
    registry.server().next("/blobs/" + unsized, new Fault.Instead(MockAnswer.of(200, new byte[]{1})));
    registry.server().next("/blobs/" + unsized,
        new Fault.Instead(MockAnswer.of(200, new byte[]{2}).withoutLength()));

    TestClient.Reply reply = weir.client().blob(REPOSITORY, unsized);

    assertThat(reply.status()).isEqualTo(502);
    assertThat(reply.sentence()).contains("origin/team/app").contains("digest mismatch");
  }

  @Test
  void aManifestThatIsNotWhatItsDigestSaysIsA502AndIsNotKept() {
    Digest index = registry.addManifest("team/app", "application/vnd.oci.image.index.v1+json",
        "{\"schemaVersion\":2,\"mediaType\":\"application/vnd.oci.image.index.v1+json\",\"manifests\":[]}");
    registry.next("/manifests/" + index, new Fault.FlipAt("{'schemaVersion':".length()));

    TestClient.Reply reply = weir.client().manifest(REPOSITORY, index.toString());

    assertThat(reply.status()).isEqualTo(502);
    assertThat(reply.sentence()).contains("origin").contains("digest");
    assertThat(weir.files(index.hex())).isEmpty();
    assertThat(weir.client().manifest(REPOSITORY, index.toString()).digest()).isEqualTo(index);
  }
}
