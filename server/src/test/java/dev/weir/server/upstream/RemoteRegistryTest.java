package dev.weir.server.upstream;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import dev.weir.storage.Digest;
import dev.weir.storage.Manifest;
import dev.weir.storage.MediaTypes;
import dev.weir.storage.RepositoryName;
import dev.weir.storage.Tag;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** What a client's action makes of requests upstream, exactly. */
class RemoteRegistryTest {
  private static final RepositoryName APP = RepositoryName.parse("team/app");
  private static final Tag V1 = Tag.parse("v1");
  private static final byte[] CONFIG = "{}".getBytes(StandardCharsets.UTF_8);
  private static final byte[] LAYER = randomBytes(300_000);
  private static final String TOKEN = "GET /v2/auth?service=mock&scope=repository%3Ateam%2Fapp%3Apull";

  private final ScriptedRegistry plain = ScriptedRegistry.plain();
  private final ScriptedRegistry quay = ScriptedRegistry.quay();
  private final ScriptedRegistry redhat = ScriptedRegistry.redhat();
  private final Digest layer = Digest.sha256(LAYER);

  @AfterEach
  void close() {
    plain.close();
    quay.close();
    redhat.close();
  }

  @Test
  void manifestByTagTakesOneRequestFromAnOpenRegistry() throws IOException {
    Digest image = plain.addImage("team/app", "v1", CONFIG, LAYER);
    try (RemoteRegistry remote = Remotes.of(plain)) {
      Manifest manifest = remote.manifest(APP, V1);
      assertThat(manifest.digest()).isEqualTo(image).isEqualTo(Digest.sha256(manifest.content()));
      assertThat(manifest.mediaType()).isEqualTo(MediaTypes.OCI_MANIFEST);
    }
    assertThat(plain.log()).containsExactly("GET /v2/team/app/manifests/v1");
  }

  @Test
  void manifestsAreAskedForInEveryFormAndUncompressed() throws IOException {
    plain.addImage("team/app", "v1", CONFIG);
    try (RemoteRegistry remote = Remotes.of(plain)) {
      remote.manifest(APP, V1);
    }
    MockRequest request = plain.server().requests().getFirst();
    assertThat(request.headers("Accept")).containsExactlyElementsOf(MediaTypes.MANIFESTS);
    assertThat(request.headers("Accept-Encoding")).containsExactly("identity");
  }

  @Test
  void firstPullFromQuayTakesAChallengeAndATokenAndTheSecondTakesNeither() throws IOException {
    Digest image = quay.addImage("team/app", "v1", CONFIG, LAYER);
    try (RemoteRegistry remote = Remotes.of(quay)) {
      assertThat(remote.manifest(APP, V1).digest()).isEqualTo(image);
      assertThat(quay.log()).containsExactly("GET /v2/team/app/manifests/v1", TOKEN, "GET /v2/team/app/manifests/v1");
      quay.forget();
      assertThat(remote.headManifest(APP, V1)).contains(image);
      assertThat(remote.manifest(APP, image).digest()).isEqualTo(image);
      assertThat(quay.log()).containsExactly("HEAD /v2/team/app/manifests/v1", "GET /v2/team/app/manifests/" + image);
    }
  }

  @Test
  void anotherRepositoryOfAKnownUpstreamTakesATokenButNoChallenge() throws IOException {
    quay.addImage("team/app", "v1", CONFIG);
    quay.addImage("team/other", "v1", CONFIG);
    try (RemoteRegistry remote = Remotes.of(quay)) {
      remote.manifest(APP, V1);
      quay.forget();
      remote.manifest(RepositoryName.parse("team/other"), V1);
    }
    assertThat(quay.log()).containsExactly("GET /v2/auth?service=mock&scope=repository%3Ateam%2Fother%3Apull",
        "GET /v2/team/other/manifests/v1");
  }

  @Test
  void blobFollowsToTheDeliveryServerWithoutTheTokenAndWithTheAddressAsItWasWritten() throws IOException {
    quay.addImage("team/app", "v1", CONFIG, LAYER);
    try (RemoteRegistry remote = Remotes.of(quay); BlobStream blob = remote.blob(APP, layer, 0)) {
      assertThat(blob.size()).isEqualTo(LAYER.length);
      assertThat(blob.offset()).isZero();
      assertThat(Remotes.readAll(blob)).isEqualTo(LAYER);
    }
    assertThat(quay.log()).containsExactly("GET /v2/team/app/blobs/" + layer, TOKEN, "GET /v2/team/app/blobs/" + layer);
    assertThat(quay.cdn().log()).containsExactly("GET /sha256/team/app/" + layer
        + "?X-Amz-Signature=1&cf_sign=a%2Fb%2Bc%3D~&region=us-east-1");
    assertThat(quay.cdn().requests().getFirst().header("Authorization")).isEmpty();
  }

  @Test
  void restOfABlobAsksTheRegistryForANewAddressAndDeliversNoByteTwice() throws IOException {
    quay.addImage("team/app", "v1", CONFIG, LAYER);
    quay.cdn().next("/sha256/", new Fault.CutAt(100_000));
    try (RemoteRegistry remote = Remotes.of(quay)) {
      BlobStream broken = remote.blob(APP, layer, 0);
      assertThatThrownBy(() -> Remotes.readAll(broken)).isInstanceOf(UpstreamException.class)
          .hasMessageContaining("pull blob " + layer + " of team/app from mock");
      quay.expireSignatures();
      BlobStream rest = remote.blob(APP, layer, 100_000);
      assertThat(rest.offset()).isEqualTo(100_000);
      assertThat(rest.size()).isEqualTo(LAYER.length);
      assertThat(Remotes.readAll(rest)).isEqualTo(Arrays.copyOfRange(LAYER, 100_000, LAYER.length));
    }
    String path = "/sha256/team/app/" + layer;
    assertThat(quay.deliveries()).contains(new Delivery(path, 0, 100_000), new Delivery(path, 100_000, LAYER.length));
  }

  @Test
  void upstreamThatIgnoresTheRangeIsSaidToStartAtZero() throws IOException {
    plain.addBlob("team/app", LAYER);
    plain.next("/blobs/", new Fault.IgnoreRange());
    try (RemoteRegistry remote = Remotes.of(plain); BlobStream blob = remote.blob(APP, layer, 1000)) {
      assertThat(blob.offset()).isZero();
      assertThat(Remotes.readAll(blob)).isEqualTo(LAYER);
    }
  }

  @Test
  void sizeOfABlobIsAHeadRequest() throws IOException {
    quay.addImage("team/app", "v1", CONFIG, LAYER);
    try (RemoteRegistry remote = Remotes.of(quay)) {
      assertThat(remote.blobSize(APP, layer)).isEqualTo(LAYER.length);
    }
    assertThat(quay.log()).containsExactly("HEAD /v2/team/app/blobs/" + layer, TOKEN,
        "HEAD /v2/team/app/blobs/" + layer);
    assertThat(quay.cdn().log()).isEmpty();
  }

  @Test
  void tagsAreFollowedPageByPageAndWhatIsNoTagIsLeftOut() throws IOException {
    for (ScriptedRegistry registry : List.of(plain, quay)) {
      Digest image = registry.addImage("team/app", "a", CONFIG);
      List.of("b", "c", "!no tag", "d").forEach(tag -> registry.tag("team/app", tag, image));
      registry.pageTagsBy(2);
      try (RemoteRegistry remote = Remotes.of(registry)) {
        assertThat(remote.tags(APP)).extracting(Tag::value).containsExactly("a", "b", "c", "d");
      }
      assertThat(registry.log()).endsWith("GET /v2/team/app/tags/list?last=a", "GET /v2/team/app/tags/list?last=c");
    }
  }

  @Test
  void redhatsManifestGetsItsDigestAndTypeFromItsBytes() throws IOException {
    Digest image = redhat.addImage("team/app", "v1", CONFIG, LAYER);
    try (RemoteRegistry remote = Remotes.of(redhat)) {
      assertThat(remote.headManifest(APP, V1)).isEmpty();
      Manifest manifest = remote.manifest(APP, V1);
      assertThat(manifest.digest()).isEqualTo(image);
      assertThat(manifest.mediaType()).isEqualTo(MediaTypes.OCI_MANIFEST);
    }
  }

  @Test
  void prefixOfTheRemoteAddressStandsBeforeEveryRepository() throws IOException {
    quay.addImage("hub/team/app", "v1", CONFIG);
    URI remoteUri = URI.create(quay.uri() + "/hub/");
    try (RemoteRegistry remote = Remotes.of(UpstreamSettings.of("mock", remoteUri))) {
      remote.manifest(APP, V1);
    }
    assertThat(quay.log()).containsExactly("GET /v2/hub/team/app/manifests/v1",
        "GET /v2/auth?service=mock&scope=repository%3Ahub%2Fteam%2Fapp%3Apull", "GET /v2/hub/team/app/manifests/v1");
  }

  @Test
  void refusedTokenIsReplacedOnceWithoutAnybodyNoticing() throws IOException {
    quay.addImage("team/app", "v1", CONFIG);
    try (RemoteRegistry remote = Remotes.of(quay)) {
      remote.manifest(APP, V1);
      quay.revokeTokens();
      quay.forget();
      remote.manifest(APP, V1);
    }
    assertThat(quay.log()).containsExactly("GET /v2/team/app/manifests/v1", TOKEN, "GET /v2/team/app/manifests/v1");
  }

  static byte[] randomBytes(int count) {
    byte[] bytes = new byte[count];
    new Random(7).nextBytes(bytes);
    return bytes;
  }
}
