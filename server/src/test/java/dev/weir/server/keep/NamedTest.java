package dev.weir.server.keep;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;

import org.junit.jupiter.api.Test;

import dev.weir.storage.Changes;
import dev.weir.storage.Content;
import dev.weir.storage.ContentListener;
import dev.weir.storage.DamagedBlobs;
import dev.weir.storage.Digest;
import dev.weir.storage.InMemoryObjectStore;
import dev.weir.storage.Manifest;
import dev.weir.storage.ObjectKey;
import dev.weir.storage.RepositoryName;

import static org.assertj.core.api.Assertions.assertThat;

/** What must not be swept though nobody can read plainly who needs it. */
class NamedTest {
  private static final RepositoryName NAME = RepositoryName.parse("team/app");
  private static final byte[] LAYER = Pusher.bytes(1, 500);
  private static final byte[] NOBODYS = Pusher.bytes(2, 600);

  private final InMemoryObjectStore store = new InMemoryObjectStore();
  private final Content content = Content.of(store);

  NamedTest() throws IOException {
    for (byte[] blob : List.of(LAYER, NOBODYS)) {
      content.blobs().commit(Digest.sha256(blob), blob);
    }
  }

  private GcReport sweep() throws IOException {
    return AtRest.collect(content, false, false, Instant.MAX, Progress.UNSEEN);
  }

  private boolean holds(byte[] blob) throws IOException {
    return content.blobs().size(Digest.sha256(blob)).isPresent();
  }

  /** As registry:2 has it, which takes more for a manifest than we do. */
  private void putAsAnotherWould(byte[] manifest) throws IOException {
    Digest digest = Digest.sha256(manifest);
    content.blobs().commit(digest, manifest);
    store.putBytes(new ObjectKey("docker/registry/v2/repositories/team/app/_manifests/revisions/sha256/" + digest.hex()
        + "/link"), digest.toString().getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void whatAManifestNamesThatWeCannotReadStays() throws IOException {
    putAsAnotherWould(("{\"schemaVersion\":2,\"LAYERS\":[{\"digest\":\"" + Digest.sha256(LAYER) + "\"}]}")
        .getBytes(StandardCharsets.UTF_8));
    assertThat(sweep().unreadable()).isEmpty();
    assertThat(holds(LAYER)).isTrue();
    assertThat(holds(NOBODYS)).as("what nobody names goes").isFalse();
  }

  @Test
  void aLayerThatIsAlsoToBeHadElsewhereStays() throws IOException {
    byte[] manifest = ("{\"schemaVersion\":2,\"config\":{\"mediaType\":\"c\",\"size\":600,\"digest\":\""
        + Digest.sha256(NOBODYS) + "\"},\"layers\":[{\"mediaType\":\"l\",\"size\":500,\"digest\":\""
        + Digest.sha256(LAYER)
        + "\",\"urls\":[\"https://example.com/layer\"]}]}").getBytes(StandardCharsets.UTF_8);
    content.manifests().putOwned(NAME,
        new Manifest("application/vnd.oci.image.manifest.v1+json", Digest.sha256(manifest), manifest));
    sweep();
    assertThat(holds(LAYER)).isTrue();
  }

  @Test
  void nothingIsSweptWhileAManifestIsSetAside() throws IOException {
    Manifest image = Pusher.image(LAYER);
    content.manifests().putOwned(NAME, image);
    assertThat(new DamagedBlobs(store, ContentListener.NONE, new Changes()).setAside(image.digest())).isTrue();
    assertThat(sweep().unreadable()).isEmpty();
    assertThat(holds(LAYER)).as("its bytes are there and sound").isTrue();
  }

  @Test
  void nothingIsSweptWhileAPushedManifestIsLost() throws IOException {
    Manifest image = Pusher.image(LAYER);
    content.manifests().putOwned(NAME, image);
    content.blobs().delete(image.digest());
    assertThat(sweep().unreadable()).hasSize(1);
    assertThat(holds(LAYER)).isTrue();
    assertThat(holds(NOBODYS)).isTrue();
  }

  @Test
  void whatALinkLeadsToUnderAnotherDigestStays() throws IOException {
    Digest other = Digest.of(Digest.Algorithm.SHA512, LAYER);
    content.blobs().link(NAME, other, Digest.sha256(LAYER));
    byte[] manifest = ("{\"schemaVersion\":2,\"config\":{\"mediaType\":\"c\",\"size\":500,\"digest\":\"" + other
        + "\"},\"layers\":[]}").getBytes(StandardCharsets.UTF_8);
    content.manifests().putOwned(NAME,
        new Manifest("application/vnd.oci.image.manifest.v1+json", Digest.sha256(manifest), manifest));
    sweep();
    assertThat(holds(LAYER)).isTrue();
  }
}
