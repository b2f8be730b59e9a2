package dev.weir.server.conformance;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.weir.server.http.RawClient.Reply;
import dev.weir.storage.Digest;

import static dev.weir.server.conformance.Client.NOTHING;
import static dev.weir.server.conformance.Client.assertError;
import static dev.weir.server.conformance.Client.location;
import static dev.weir.server.conformance.Client.with;
import static org.assertj.core.api.Assertions.assertThat;

/** OCI distribution-spec v1.1, "Pushing blobs": in one request, in two, by mounting. */
interface PushTests extends OnStack {
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 16_383, 16_384, 300_000})
  default void aBlobIsPushedInTwoRequests(int size) {
    String repository = stack().fresh();
    byte[] blob = Image.random(size, size);
    Reply put = client().send("PUT", with(client().begin(repository), Digest.sha256(blob)), blob,
        "Content-Type: application/octet-stream");
    assertStored(repository, Digest.sha256(blob), blob, put);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 16_384})
  default void aBlobIsPushedInOneRequest(int size) {
    String repository = stack().fresh();
    byte[] blob = Image.random(size + 1L, size);
    Reply post = client().send("POST", with("/v2/" + repository + "/blobs/uploads/", Digest.sha256(blob)), blob,
        "Content-Type: application/octet-stream");
    assertStored(repository, Digest.sha256(blob), blob, post);
  }

  @Test
  default void aBlobIsPushedUnderItsSha512() {
    String repository = stack().fresh();
    byte[] blob = Image.random(512, 5_000);
    Digest digest = Digest.of(Digest.Algorithm.SHA512, blob);
    assertStored(repository, digest, blob, client().send("PUT", with(client().begin(repository), digest), blob));
  }

  private void assertStored(String repository, Digest digest, byte[] blob, Reply reply) {
    assertThat(reply.status()).as(reply.text()).isEqualTo(201);
    assertThat(reply.header("Docker-Content-Digest")).contains(digest.toString());
    assertThat(location(reply)).isEqualTo("/v2/" + repository + "/blobs/" + digest);
    assertThat(client().head(location(reply)).header("Content-Length")).contains(Integer.toString(blob.length));
    assertThat(client().get(location(reply)).body()).isEqualTo(blob);
  }

  @Test
  default void bytesThatAreNotWhatTheDigestSaysAreRefusedAndTheirUploadIsGone() {
    String repository = stack().fresh();
    byte[] blob = Image.random(1, 100);
    Digest other = Digest.sha256(Image.random(2, 100));
    String upload = client().begin(repository);
    assertError(client().send("PUT", with(upload, other), blob), 400, "DIGEST_INVALID");
    assertError(client().get(upload), 404, "BLOB_UPLOAD_UNKNOWN");
    assertError(client().send("POST", with("/v2/" + repository + "/blobs/uploads/", other), blob), 400,
        "DIGEST_INVALID");
    assertThat(client().head("/v2/" + repository + "/blobs/" + other).status()).isEqualTo(404);
    assertThat(client().head("/v2/" + repository + "/blobs/" + Digest.sha256(blob)).status()).isEqualTo(404);
  }

  @Test
  default void anUploadCannotBeFinishedWithoutADigestOrWithNone() {
    String upload = client().begin(stack().fresh());
    assertError(client().send("PUT", upload, NOTHING), 400, "DIGEST_INVALID");
    assertError(client().send("PUT", upload + "&digest=sha256:short", NOTHING), 400, "DIGEST_INVALID");
    assertThat(client().get(upload).status()).isEqualTo(204);
  }

  @Test
  default void anUploadThatHasBegunSaysWhereItGoesOn() {
    String repository = stack().fresh();
    Reply begun = client().post("/v2/" + repository + "/blobs/uploads/");
    assertThat(begun.status()).isEqualTo(202);
    assertThat(location(begun)).startsWith("/v2/" + repository + "/blobs/uploads/").contains("?_state=");
    assertThat(begun.header("Docker-Upload-UUID")).isPresent();
    assertThat(begun.header("Range")).contains("0-0");
    assertThat(begun.header("Content-Length")).contains("0");
  }

  @Test
  default void aBlobIsMountedFromARepositoryThatHasIt() {
    String from = stack().fresh();
    String to = stack().fresh();
    byte[] blob = Image.random(3, 1_000);
    Digest digest = client().push(from, blob);
    Reply mounted = client().post("/v2/" + to + "/blobs/uploads/?mount=" + digest + "&from=" + from);
    assertStored(to, digest, blob, mounted);
    assertStored(to, digest, blob, client().post("/v2/" + to + "/blobs/uploads/?mount=" + digest));
  }

  @Test
  default void whatCannotBeMountedIsToBeUploaded() {
    String to = stack().fresh();
    String owner = stack().fresh();
    Digest elsewhere = client().push(owner, Image.random(4, 1_000));
    Digest nowhere = Digest.sha256(Image.random(5, 10));
    for (String query : List.of("mount=" + nowhere + "&from=" + owner, "mount=" + elsewhere + "&from=" + to + "/none",
        "mount=" + elsewhere, "from=" + owner)) {
      Reply begun = client().post("/v2/" + to + "/blobs/uploads/?" + query);
      assertThat(begun.status()).as(query + begun.text()).isEqualTo(202);
      assertThat(client().delete(location(begun)).status()).isEqualTo(204);
    }
    assertThat(client().head("/v2/" + to + "/blobs/" + elsewhere).status()).isEqualTo(404);
  }

  @Test
  default void aCancelledUploadIsGone() {
    String upload = client().begin(stack().fresh());
    assertThat(client().delete(upload).status()).isEqualTo(204);
    assertError(client().get(upload), 404, "BLOB_UPLOAD_UNKNOWN");
    assertError(client().send("PATCH", upload, Image.random(1, 1)), 404, "BLOB_UPLOAD_UNKNOWN");
    assertError(client().delete(upload), 404, "BLOB_UPLOAD_UNKNOWN");
  }
}
