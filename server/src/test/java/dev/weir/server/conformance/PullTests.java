package dev.weir.server.conformance;

import java.util.Arrays;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.weir.server.http.RawClient.Reply;
import dev.weir.storage.Digest;
import dev.weir.storage.MediaTypes;

import static dev.weir.server.conformance.Client.assertError;
import static org.assertj.core.api.Assertions.assertThat;

/** OCI distribution-spec v1.1, "Pull". */
interface PullTests extends OnStack {
  @Test
  default void aManifestIsGivenByTagAndByDigestAsItWasStored() {
    String repository = stack().fresh();
    Image image = Image.oci("pull");
    stack().provide(repository, "v1", image);
    for (Object reference : new Object[]{"v1", image.digest()}) {
      Reply reply = client().get("/v2/" + repository + "/manifests/" + reference);
      assertThat(reply.status()).isEqualTo(200);
      assertThat(reply.body()).isEqualTo(image.content());
      assertThat(reply.header("Content-Type")).contains(MediaTypes.OCI_MANIFEST);
      assertThat(reply.header("Docker-Content-Digest")).contains(image.digest().toString());
      assertThat(reply.header("ETag")).contains("\"" + image.digest() + "\"");
      assertThat(reply.header("Docker-Distribution-API-Version")).contains("registry/2.0");
    }
  }

  @Test
  default void aHeadSaysWhatAGetWould() {
    String repository = stack().fresh();
    Image image = Image.docker("head");
    stack().provide(repository, "v1", image);
    Reply head = client().head("/v2/" + repository + "/manifests/v1");
    assertThat(head.status()).isEqualTo(200);
    assertThat(head.header("Content-Length")).contains(Integer.toString(image.content().length));
    assertThat(head.header("Content-Type")).contains(MediaTypes.DOCKER_MANIFEST);
    assertThat(head.header("Docker-Content-Digest")).contains(image.digest().toString());
    Image.Blob layer = image.blobs().getLast();
    Reply blob = client().head("/v2/" + repository + "/blobs/" + layer.digest(), "Range: bytes=1-2");
    assertThat(blob.status()).isEqualTo(200);
    assertThat(blob.header("Content-Length")).contains(Integer.toString(layer.bytes().length));
    assertThat(blob.header("Docker-Content-Digest")).contains(layer.digest().toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Accept: */*", "Accept: " + MediaTypes.DOCKER_SCHEMA1_SIGNED,
      "Accept: " + MediaTypes.OCI_INDEX + ", " + MediaTypes.OCI_MANIFEST + ", */*",
      "Accept: a/b|Accept: c/d|Accept: " + MediaTypes.OCI_MANIFEST + "|Accept: e/f|Accept: g/h|Accept: i/j"})
  default void whateverIsAcceptedTheBytesAreTheSame(String headers) {
    String repository = stack().fresh();
    Image image = Image.oci("accept");
    stack().provide(repository, "v1", image);
    String[] lines = headers.isEmpty() ? new String[0] : headers.split("\\|");
    Reply reply = client().get("/v2/" + repository + "/manifests/v1", lines);
    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.body()).isEqualTo(image.content());
    assertThat(reply.header("Content-Type")).contains(MediaTypes.OCI_MANIFEST);
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
      GET | /v2/%s/manifests/none | 404 | MANIFEST_UNKNOWN
      GET | /v2/%s/manifests/sha256:0000000000000000000000000000000000000000000000000000000000000000 | 404 | MANIFEST_UNKNOWN
      GET | /v2/%s/blobs/sha256:0000000000000000000000000000000000000000000000000000000000000000 | 404 | BLOB_UNKNOWN
      GET | /v2/%s/tags/list | 404 | NAME_UNKNOWN
      GET | /v2/%s/manifests/sha256:zz | 400 | DIGEST_INVALID
      GET | /v2/%s/blobs/sha256:zz | 400 | DIGEST_INVALID
      GET | /v2/UPPER/manifests/v1 | 400 | NAME_INVALID
      PATCH | /v2/%s/manifests/v1 | 405 | UNSUPPORTED
      """)
  default void whatIsNotThereOrWrongIsSaidSo(String method, String path, int status, String code) {
    assertError(client().ask(method, path.replace("%s", stack().fresh())), status, code);
  }

  @Test
  default void theHeadOfWhatIsNotThereIsA404WithoutMore() {
    String repository = stack().fresh();
    assertThat(client().head("/v2/" + repository + "/manifests/none").status()).isEqualTo(404);
    assertThat(client().head("/v2/" + repository + "/blobs/" + Digest.sha256(Image.random(9, 9))).status())
        .isEqualTo(404);
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
      bytes=0-         | 206 | bytes 0-2999/3000    | 0    | 3000
      bytes=10-19      | 206 | bytes 10-19/3000     | 10   | 20
      bytes=2990-9999  | 206 | bytes 2990-2999/3000 | 2990 | 3000
      bytes=-5         | 206 | bytes 2995-2999/3000 | 2995 | 3000
      bytes=0-1,5-6    | 200 | ''                   | 0    | 3000
      """)
  default void partsOfABlobAreGiven(String range, int status, String contentRange, int from, int to) {
    String repository = stack().fresh();
    Image image = Image.oci("range");
    stack().provide(repository, "v1", image);
    Image.Blob layer = image.blobs().getLast();
    Reply reply = client().get("/v2/" + repository + "/blobs/" + layer.digest(), "Range: " + range,
        "Accept-Encoding: gzip, zstd;q=1.0");
    assertThat(reply.status()).isEqualTo(status);
    assertThat(reply.header("Content-Range").orElse("")).isEqualTo(contentRange);
    assertThat(reply.header("Accept-Ranges")).contains("bytes");
    assertThat(reply.headers("Content-Encoding")).isEmpty();
    assertThat(reply.body()).isEqualTo(Arrays.copyOfRange(layer.bytes(), from, to));
  }

  @Test
  default void aPartPastTheEndIsRefusedWithTheSize() {
    String repository = stack().fresh();
    Image image = Image.oci("past");
    stack().provide(repository, "v1", image);
    Reply reply = client().get("/v2/" + repository + "/blobs/" + image.blobs().getLast().digest(),
        "Range: bytes=3000-");
    assertError(reply, 416, "RANGE_INVALID");
    assertThat(reply.header("Content-Range")).contains("bytes */3000");
  }

  @Test
  default void whatAClientHasAlreadyIsNotSentAgain() {
    String repository = stack().fresh();
    Image image = Image.oci("etag");
    stack().provide(repository, "v1", image);
    Digest layer = image.blobs().getLast().digest();
    assertThat(client().get("/v2/" + repository + "/blobs/" + layer, "If-None-Match: \"" + layer + "\"").status())
        .isEqualTo(304);
    assertThat(client().get("/v2/" + repository + "/manifests/v1", "If-None-Match: \"" + image.digest() + "\"")
        .status()).isEqualTo(304);
  }

  @Test
  default void theApiIsThere() {
    assertThat(client().get("/v2/").status()).isEqualTo(200);
    assertThat(client().get("/v2").status()).isEqualTo(200);
    assertThat(client().get("/v2/").text()).isEqualTo("{}");
  }
}
