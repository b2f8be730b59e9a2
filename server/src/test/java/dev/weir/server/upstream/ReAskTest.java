package dev.weir.server.upstream;

import java.io.IOException;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import dev.weir.storage.Digest;
import dev.weir.storage.RepositoryName;
import dev.weir.storage.Tag;

import static org.assertj.core.api.Assertions.assertThat;

/** One question that takes two requests, because of what the first was answered. */
final class ReAskTest {
  private static final RepositoryName APP = RepositoryName.parse("team/app");
  private static final byte[] LAYER = new byte[1000];

  private final ScriptedRegistry plain = ScriptedRegistry.plain();
  private final ScriptedRegistry quay = ScriptedRegistry.quay();
  private final Digest layer = plain.addBlob("team/app", LAYER);

  @AfterEach
  void close() {
    plain.close();
    quay.close();
  }

  /** What we have of it is no beginning of it, or all of it. */
  @Test
  void aRegistryThatHasNoByteFromThereOnIsAskedForTheWhole() throws IOException {
    try (RemoteRegistry remote = Remotes.of(plain); BlobStream blob = remote.blob(APP, layer, LAYER.length)) {
      assertThat(blob.offset()).isZero();
      assertThat(blob.size()).isEqualTo(LAYER.length);
      assertThat(Remotes.readAll(blob)).isEqualTo(LAYER);
    }
    assertThat(plain.log()).containsExactly("GET /v2/team/app/blobs/" + layer + " [bytes=1000-]",
        "GET /v2/team/app/blobs/" + layer);
  }

  @Test
  void theSameGoesForADeliveryServerAndTheRegistryIsAskedForANewAddress() throws IOException {
    quay.addBlob("team/app", LAYER);
    try (RemoteRegistry remote = Remotes.of(quay); BlobStream blob = remote.blob(APP, layer, 2000)) {
      assertThat(Remotes.readAll(blob)).isEqualTo(LAYER);
    }
    assertThat(quay.cdn().log()).map(line -> line.replaceFirst(".*Signature=([0-9]).*?( \\[.*)?$", "$1$2"))
        .containsExactly("1 [bytes=2000-]", "2");
  }

  /** A server behind a proxy does not always know how it is reached. */
  @Test
  void theNextPageIsAskedForWhereTheFirstWasWhateverSchemeAndPortItsLinkNames() throws IOException {
    plain.addImage("team/app", "a", LAYER);
    plain.addImage("team/app", "b", LAYER);
    for (String authority : new String[]{"https://127.0.0.1:1", "http://127.0.0.1", "//127.0.0.1:2"}) {
      plain.forget();
      plain.next("/tags/list", new Fault.Instead(MockAnswer.json(200, "{\"name\":\"team/app\",\"tags\":[\"a\"]}")
          .with("Link", "<" + authority + "/v2/team/app/tags/list?last=a>; rel=\"next\"")));
      try (RemoteRegistry remote = Remotes.of(plain)) {
        assertThat(remote.tags(APP)).as(authority).map(Tag::value).containsExactly("a", "b");
      }
      assertThat(plain.log()).containsExactly("GET /v2/team/app/tags/list", "GET /v2/team/app/tags/list?last=a");
    }
  }
}
