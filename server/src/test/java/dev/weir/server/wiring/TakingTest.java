package dev.weir.server.wiring;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.weir.server.admin.Json;
import dev.weir.server.cache.RememberedStore;
import dev.weir.server.oci.RegistryException;
import dev.weir.server.precache.ReleaseSignatures;
import dev.weir.storage.Content;
import dev.weir.storage.Digest;
import dev.weir.storage.FaultyObjectStore;
import dev.weir.storage.InMemoryObjectStore;
import dev.weir.storage.Manifest;
import dev.weir.storage.MediaTypes;
import dev.weir.storage.RepositoryName;
import dev.weir.storage.StoreUnavailableException;
import dev.weir.storage.Tag;
import dev.weir.storage.fs.FsObjectStore;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

final class TakingTest {
  private static final RepositoryName NAME = RepositoryName.parse("team/app");
  private static final byte[] CONTENT = new byte[]{1, 2, 3};

  private static final byte[] MANIFEST = ("{\"schemaVersion\":2,\"mediaType\":\"" + MediaTypes.OCI_MANIFEST
      + "\",\"layers\":[]}").getBytes(UTF_8);

  @TempDir private Path root;

  @Test
  void ofABlobItIsSaidHowMuchOfItIsHere() throws IOException {
    try (FsObjectStore store = new FsObjectStore(root)) {
      Content content = Content.of(store);
      Digest digest = Digest.sha256(CONTENT);
      Taking taking = new Taking(content, new ReleaseSignatures(store));
      assertThat(ask(taking, digest.toString())).isEqualTo(new Taking.Blob(-1));

      content.blobs().commit(digest, CONTENT);
      assertThat(ask(taking, digest.toString())).as("without a link").isEqualTo(new Taking.Blob(-1));
      content.blobs().link(NAME, digest);

      assertThat(ask(taking, digest.toString())).isEqualTo(new Taking.Blob(CONTENT.length));
      assertThatThrownBy(() -> ask(taking, "nonsense")).isInstanceOf(RegistryException.class);
    }
  }

  /** Others took the image away while this process answers from memory after a moment's outage. */
  @Test
  void whatIsRememberedOfAFarStoreIsNotSaidToBeHere() throws IOException {
    InMemoryObjectStore far = new InMemoryObjectStore();
    AtomicBoolean isDown = new AtomicBoolean();
    RememberedStore store = new RememberedStore(new FaultyObjectStore(far).runBeforeAll(call -> isDown.get(), () -> {
      throw new StoreUnavailableException("does not answer", new IOException());
    }), () -> 1);
    Content content = Content.of(store);
    Digest digest = Digest.sha256(CONTENT);
    content.blobs().commit(digest, CONTENT);
    content.blobs().link(NAME, digest);
    Manifest image = new Manifest(MediaTypes.OCI_MANIFEST, Digest.sha256(MANIFEST), MANIFEST);
    content.manifests().putOwned(NAME, image);
    content.tags().setOwned(NAME, Tag.parse("v1"), image.digest());
    Taking taking = Taking.over(store);
    assertThat(ask(taking, digest.toString())).isEqualTo(new Taking.Blob(CONTENT.length));
    assertThat(holding(taking)).isEqualTo(new Taking.Holding(image.digest().toString(), true));

    isDown.set(true);
    assertThat(content.blobs().linked(NAME, digest)).as("remembered").isPresent();
    isDown.set(false);
    Content others = Content.of(far);
    others.tags().delete(NAME, Tag.parse("v1"));
    others.blobs().delete(digest);
    others.blobs().unlink(NAME, digest);

    assertThat(ask(taking, digest.toString())).isEqualTo(new Taking.Blob(-1));
    assertThat(holding(taking)).isEqualTo(new Taking.Holding("", false));
  }

  private static Object holding(Taking taking) throws IOException {
    return java.util.Objects.requireNonNull(taking.endpoints().get("POST /weir/v1/holding"))
        .answer(Json.tree(Json.text(Map.of("name", NAME.value(), "reference", "v1")).getBytes(UTF_8)));
  }

  private static Object ask(Taking taking, String digest) throws IOException {
    return java.util.Objects.requireNonNull(taking.endpoints().get("POST /weir/v1/holding/blob"))
        .answer(Json.tree(Json.text(Map.of("name", NAME.value(), "digest", digest)).getBytes(UTF_8)));
  }
}
