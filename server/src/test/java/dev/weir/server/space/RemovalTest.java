package dev.weir.server.space;

import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;

import org.junit.jupiter.api.Test;

import dev.weir.server.keep.Claims;
import dev.weir.server.keep.Removal;
import dev.weir.storage.Content;
import dev.weir.storage.Digest;
import dev.weir.storage.InMemoryObjectStore;
import dev.weir.storage.Manifest;
import dev.weir.storage.RepositoryName;

import static dev.weir.server.space.Documents.blob;
import static dev.weir.server.space.Documents.bytes;
import static dev.weir.server.space.Documents.image;
import static org.assertj.core.api.Assertions.assertThat;

class RemovalTest {
  private static final RepositoryName NAME = RepositoryName.parse("team/app");
  private static final byte[] BYTES = bytes("layer");
  private static final Digest BLOB = blob("layer");

  private final Holdings holdings = new Holdings(InstantSource.system());
  private final Content content = Content.of(new InMemoryObjectStore(), holdings);
  private final Claims claims = new Claims(Duration.ofHours(1), InstantSource.system());
  private final Removal removal = new Removal(holdings, claims, content.blobs());

  private void hold() throws IOException {
    content.blobs().commit(BLOB, BYTES);
    content.blobs().link(NAME, BLOB);
  }

  private void count() {
    holdings.walkBegins();
    holdings.walkEnded();
  }

  @Test
  void whatNobodyNamesOrClaimsGoesOnceAllIsCounted() throws IOException {
    hold();
    assertThat(removal.remove(BLOB)).isFalse();
    count();
    assertThat(removal.unlink(NAME, BLOB)).as("its bytes are here").isFalse();
    assertThat(removal.remove(BLOB)).isTrue();
    assertThat(content.blobs().size(BLOB)).isEmpty();
    assertThat(removal.unlink(NAME, BLOB)).isTrue();
  }

  @Test
  void whatIsClaimedStays() throws IOException {
    hold();
    count();
    claims.claim(BLOB);
    assertThat(removal.remove(BLOB)).isFalse();
    assertThat(content.blobs().size(BLOB)).isPresent();
  }

  @Test
  void aLinkThatIsClaimedStaysAlsoWithoutBytes() throws IOException {
    content.blobs().link(NAME, BLOB);
    count();
    claims.claim(BLOB);
    assertThat(removal.unlink(NAME, BLOB)).isFalse();
  }

  @Test
  void whatAManifestNamesStaysAndSoDoesTheManifest() throws IOException {
    hold();
    count();
    Manifest image = image("one", "layer");
    content.manifests().putOwned(NAME, image);
    assertThat(removal.remove(BLOB)).isFalse();
    assertThat(removal.remove(image.digest())).isFalse();
    content.manifests().delete(NAME, image.digest());
    assertThat(removal.remove(BLOB)).isTrue();
    assertThat(removal.remove(image.digest())).isTrue();
  }
}
