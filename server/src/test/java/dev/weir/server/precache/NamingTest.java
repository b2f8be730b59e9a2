package dev.weir.server.precache;

import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import dev.weir.server.keep.Pusher;
import dev.weir.storage.Content;
import dev.weir.storage.ContentListener.Keeping;
import dev.weir.storage.Digest;
import dev.weir.storage.InMemoryObjectStore;
import dev.weir.storage.Manifest;
import dev.weir.storage.MediaTypes;
import dev.weir.storage.RepositoryName;
import dev.weir.storage.Tag;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

final class NamingTest {
  private static final RepositoryName FROM = RepositoryName.parse("quay.io/team/app");
  private static final Wanted.Place PLACE = new Wanted.Place(RepositoryName.parse("mirror/app"), Tag.parse("v1"));
  private static final byte[] LAYER = Pusher.bytes(1, 100);
  private static final Manifest CHILD = Pusher.image(LAYER);
  private static final Manifest INDEX = index();
  private static final Planned PLANNED = new Planned(new Wanted("app", "", FROM, INDEX.digest(), List.of(PLACE)),
      Optional.of(INDEX.digest()), List.of(INDEX.digest()), Set.of(INDEX.digest(), CHILD.digest()), List.of(),
      List.of());

  private final Content content = Content.of(new InMemoryObjectStore());

  private static Manifest index() {
    byte[] json = ("{\"schemaVersion\":2,\"mediaType\":\"" + MediaTypes.OCI_INDEX + "\",\"manifests\":["
        + "{\"mediaType\":\"" + CHILD.mediaType() + "\",\"digest\":\"" + CHILD.digest() + "\",\"size\":"
        + CHILD.content().length + "}]}").getBytes(UTF_8);
    return new Manifest(MediaTypes.OCI_INDEX, Digest.sha256(json), json);
  }

  @BeforeEach
  void isHeld() throws IOException {
    content.blobs().commit(Digest.sha256(LAYER), LAYER);
    content.manifests().putCached(FROM, CHILD, "quay.io");
    content.manifests().putCached(FROM, INDEX, "quay.io");
  }

  @Test
  void allOfItIsClaimedAndHasTheNameAfterwards() throws IOException {
    Set<Digest> claimed = new HashSet<>();
    new Naming(content, claimed::add, false).name(PLANNED, PLACE);
    assertThat(claimed).contains(INDEX.digest(), CHILD.digest(), Digest.sha256(LAYER));
    assertThat(content.tags().resolve(PLACE.name(), PLACE.tag())).contains(INDEX.digest());
    assertThat(content.manifests().keeping(PLACE.name(), CHILD.digest())).isEqualTo(Keeping.OWNED);
    assertThat(content.manifests().get(PLACE.name(), INDEX.digest())).isPresent();
  }

  @Test
  void anIndexWhoseChildGoesWhileItIsClaimedGetsNoOtherName() throws IOException {
    Naming naming = new Naming(content, claimed -> content.manifests().delete(FROM, CHILD.digest()), false);
    assertThatThrownBy(() -> naming.name(PLANNED, PLACE)).isInstanceOf(IOException.class)
        .hasMessageContaining(CHILD.digest() + " went while " + FROM + "@" + INDEX.digest());
    assertThat(content.manifests().has(PLACE.name(), INDEX.digest())).isFalse();
    assertThat(content.tags().resolve(PLACE.name(), PLACE.tag())).isEmpty();
  }
}
