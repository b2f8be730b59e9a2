package dev.weir.server.registry;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import dev.weir.server.cache.Waiting;
import dev.weir.server.oci.ErrorCode;
import dev.weir.server.oci.RegistryException;
import dev.weir.server.upstream.UpstreamException.Kind;
import dev.weir.storage.Digest;
import dev.weir.storage.Manifest;
import dev.weir.storage.RepositoryName;
import dev.weir.storage.Tag;

import static dev.weir.server.registry.PullThroughRig.ALL_NAMES;
import static dev.weir.server.registry.PullThroughRig.UPSTREAMS_NAME;
import static dev.weir.server.registry.PullThroughRig.image;
import static dev.weir.server.registry.PullThroughRig.publish;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/** Who is asked for a blob, and who may have it. */
@Timeout(300)
final class PullThroughBlobsTest {
  private static final Tag TAG = Tag.parse("v1");
  private static final RepositoryName OTHER = RepositoryName.parse("other/app");
  private final byte[] layer = "a layer".repeat(20_000).getBytes(java.nio.charset.StandardCharsets.UTF_8);
  private final Digest digest = Digest.sha256(layer);
  private final Manifest image = image("image", layer);

  @TempDir Path directory;
  private PullThroughRig rig;

  @BeforeEach
  void start() {
    rig = new PullThroughRig(directory);
  }

  @AfterEach
  void nothingStaysOpen() {
    rig.quay.goesOn();
    assertThat(rig.store.openObjects()).isZero();
  }

  private RegistryException refused(String name) {
    return catchThrowableOfType(RegistryException.class, () -> rig.blob(name, digest));
  }

  @Test
  void aBlobThatAHeldManifestNamesNeedsNoConfirmationAndIsFetchedOnce() throws Exception {
    publish(rig.quay, UPSTREAMS_NAME, TAG, image, layer);
    rig.manifest("app", TAG);
    rig.quay.calls();
    for (String name : ALL_NAMES) {
      assertThat(rig.blob(name, digest)).isEqualTo(layer);
    }
    assertThat(rig.quay.calls()).containsExactly("GET blob team/app " + digest);
    assertThat(rig.counts.hits).hasValue(2);
  }

  @Test
  void noPartIsGivenOfABlobWhoseSizeUpstreamStatesOtherwiseThanItsManifest() throws Exception {
    String honest = new String(image.content(), java.nio.charset.StandardCharsets.UTF_8);
    Manifest lying = PullThroughRig.manifestOf(honest.replace("\"size\":" + layer.length, "\"size\":7"));
    publish(rig.quay, UPSTREAMS_NAME, TAG, lying, layer);
    rig.manifest("app", TAG);
    assertThat(rig.givesParts("app", digest)).isFalse();
  }

  @Test
  void partsAreGivenOfABlobThatIsFetchedForItsManifest() throws Exception {
    publish(rig.quay, UPSTREAMS_NAME, TAG, image, layer);
    rig.manifest("app", TAG);
    assertThat(rig.givesParts("app", digest)).isTrue();
  }

  @Test
  void aBlobThatNoHeldManifestNamesIsConfirmedFirst() throws Exception {
    rig.quay.put(UPSTREAMS_NAME, layer);
    assertThat(rig.blob("app", digest)).isEqualTo(layer);
    assertThat(rig.quay.calls()).containsExactly("HEAD blob team/app " + digest, "GET blob team/app " + digest);
    assertThat(rig.blob("quay.io/team/app", digest)).isEqualTo(layer);
    assertThat(rig.quay.calls()).isEmpty();
  }

  @Test
  void aBlobHeldForOneRepositoryIsNotGivenOutUnderAnotherUnlessUpstreamHasItThere() throws Exception {
    publish(rig.quay, UPSTREAMS_NAME, TAG, image, layer);
    rig.manifest("app", TAG);
    rig.blob("app", digest);
    rig.quay.calls();
    for (String other : List.of("quay.io/other/app", "other/app")) {
      assertThat(refused(other).code()).isEqualTo(ErrorCode.BLOB_UNKNOWN);
      assertThat(catchThrowableOfType(RegistryException.class, () -> rig.blobSize(other, digest)).code())
          .isEqualTo(ErrorCode.BLOB_UNKNOWN);
    }
    assertThat(rig.quay.calls()).hasSize(4).containsOnly("HEAD blob other/app " + digest);
    rig.quay.fails(Kind.DENIED);
    assertThat(refused("quay.io/other/app").code()).isEqualTo(ErrorCode.DENIED);
    rig.quay.fails(Kind.FAILED);
    assertThat(refused("quay.io/other/app").status()).isEqualTo(502);
    rig.quay.recovers();
    rig.quay.put(OTHER, layer);
    rig.quay.calls();
    assertThat(rig.blob("quay.io/other/app", digest)).isEqualTo(layer);
    assertThat(rig.blob("other/app", digest)).isEqualTo(layer);
    assertThat(rig.quay.calls()).as("confirmed once, fetched never").containsExactly("HEAD blob other/app " + digest);
  }

  @Test
  void aBlobHeldForOneRepositoryIsNotGivenOutUnderAnotherOffline() throws Exception {
    publish(rig.quay, UPSTREAMS_NAME, TAG, image, layer);
    rig.manifest("app", TAG);
    rig.blob("app", digest);
    rig.restart(true);
    rig.quay.calls();
    for (String name : ALL_NAMES) {
      assertThat(rig.blob(name, digest)).isEqualTo(layer);
      assertThat(rig.blobSize(name, digest)).isEqualTo(layer.length);
    }
    for (String name : List.of("quay.io/other/app", "docker.io/team/app", "local")) {
      assertThat(refused(name).code()).isEqualTo(ErrorCode.BLOB_UNKNOWN);
    }
    assertThat(rig.quay.calls()).isEmpty();
  }

  @Test
  void aBlobThatIsOnItsWayIsNotGivenOutUnderAnotherRepositoryEither() throws Exception {
    publish(rig.quay, UPSTREAMS_NAME, TAG, image, layer);
    rig.manifest("app", TAG);
    rig.quay.calls();
    rig.quay.hangs();
    try (var clients = java.util.concurrent.Executors.newVirtualThreadPerTaskExecutor()) {
      var allowed = clients.submit(() -> rig.blob("app", digest));
      Waiting.until(rig.quay::wasCalled);
      assertThat(refused("docker.io/team/app").code()).isEqualTo(ErrorCode.BLOB_UNKNOWN);
      rig.quay.goesOn();
      assertThat(allowed.get()).isEqualTo(layer);
    }
    assertThat(rig.docker.calls()).containsExactly("HEAD blob team/app " + digest);
  }

  @Test
  void askingForTheSizeFetchesNothing() throws Exception {
    rig.quay.put(UPSTREAMS_NAME, layer);
    assertThat(rig.blobSize("app", digest)).isEqualTo(layer.length);
    assertThat(rig.quay.calls()).containsExactly("HEAD blob team/app " + digest);
    assertThat(rig.blobs.size(digest)).isEmpty();
  }

  @Test
  void anAliasAsksItsSecondRepositoryForABlob() throws Exception {
    rig.docker.put(UPSTREAMS_NAME, layer);
    assertThat(rig.blobSize("either", digest)).isEqualTo(layer.length);
    assertThat(rig.blob("either", digest)).isEqualTo(layer);
    assertThat(rig.docker.calls()).containsExactly("HEAD blob team/app " + digest, "GET blob team/app " + digest);
    assertThat(rig.quay.calls()).containsExactly("HEAD blob team/app " + digest, "GET blob team/app " + digest);
  }

  @Test
  void anUpstreamThatFailsIsToldAsItself() {
    rig.quay.fails(Kind.RATE_LIMITED);
    assertThat(refused("app").status()).isEqualTo(429);
    rig.quay.fails(Kind.TIMED_OUT);
    rig.pass(Duration.ofSeconds(1));
    assertThat(refused("app").status()).isEqualTo(504);
    rig.quay.recovers();
    assertThat(refused("app").code()).isEqualTo(ErrorCode.BLOB_UNKNOWN);
  }

  @Test
  void aRepositoryWithoutAnUpstreamGivesOutWhatIsItsOwn() throws Exception {
    rig.restartWithoutUpstreams();
    rig.blobs.commit(digest, layer);
    assertThat(refused("local").code()).isEqualTo(ErrorCode.BLOB_UNKNOWN);
    rig.blobs.link(RepositoryName.parse("local"), digest);
    assertThat(rig.blob("local", digest)).isEqualTo(layer);
  }

  @Test
  void sixtyFourClientsAreOneConfirmationAndOneFetch() throws Exception {
    rig.quay.put(UPSTREAMS_NAME, layer);
    assertThat(rig.together(64, () -> rig.blob("app", digest))).hasSize(64)
        .allSatisfy(got -> assertThat(got).isEqualTo(layer));
    assertThat(rig.quay.calls()).containsExactly("HEAD blob team/app " + digest, "GET blob team/app " + digest);
  }
}
