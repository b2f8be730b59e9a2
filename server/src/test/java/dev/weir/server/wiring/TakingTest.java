package dev.weir.server.wiring;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.weir.server.admin.Json;
import dev.weir.server.oci.RegistryException;
import dev.weir.server.precache.ReleaseSignatures;
import dev.weir.storage.Content;
import dev.weir.storage.Digest;
import dev.weir.storage.RepositoryName;
import dev.weir.storage.fs.FsObjectStore;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

final class TakingTest {
  private static final RepositoryName NAME = RepositoryName.parse("team/app");
  private static final byte[] CONTENT = new byte[]{1, 2, 3};

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

  private static Object ask(Taking taking, String digest) throws IOException {
    return java.util.Objects.requireNonNull(taking.endpoints().get("POST /weir/v1/holding/blob"))
        .answer(Json.tree(Json.text(Map.of("name", NAME.value(), "digest", digest)).getBytes(UTF_8)));
  }
}
