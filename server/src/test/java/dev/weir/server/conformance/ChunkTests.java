package dev.weir.server.conformance;

import java.util.Arrays;

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

/** OCI distribution-spec v1.1, "Pushing a blob in chunks". */
interface ChunkTests extends OnStack {
  @Test
  default void aBlobIsPushedInChunksAndItsLastOneWithThePut() {
    String repository = stack().fresh();
    byte[] blob = Image.random(10, 10_000);
    Reply first = patch(client().begin(repository), blob, 0, 4_000);
    assertThat(first.status()).as(first.text()).isEqualTo(202);
    assertThat(first.header("Range")).contains("0-3999");
    Reply second = patch(location(first), blob, 4_000, 9_000);
    assertThat(second.header("Range")).contains("0-8999");
    assertThat(client().get(location(second)).header("Range")).contains("0-8999");
    Reply put = client().send("PUT", with(location(second), Digest.sha256(blob)), part(blob, 9_000, 10_000),
        "Content-Range: 9000-9999");
    assertThat(put.status()).as(put.text()).isEqualTo(201);
    assertThat(client().get(location(put)).body()).isEqualTo(blob);
  }

  @Test
  default void statusSaysHowMuchIsThere() {
    String upload = client().begin(stack().fresh());
    Reply empty = client().get(upload);
    assertThat(empty.status()).isEqualTo(204);
    assertThat(empty.header("Range")).contains("0-0");
    patch(upload, Image.random(1, 7), 0, 7);
    Reply status = client().get(upload);
    assertThat(status.status()).isEqualTo(204);
    assertThat(status.header("Range")).contains("0-6");
    assertThat(location(status)).isEqualTo(upload);
  }

  @ParameterizedTest
  @ValueSource(strings = {"50-149", "101-200", "0-99", "99999999999999999-100000000000000098",
      "99999999999999999999999999-100000000000000000000000098", "7-3", "x", "-1-98", "bytes */100"})
  default void aChunkInTheWrongPlaceIsRefusedWithTheRightOne(String range) {
    String repository = stack().fresh();
    byte[] blob = Image.random(11, 200);
    String upload = client().begin(repository);
    patch(upload, blob, 0, 100);
    Reply refused = client().send("PATCH", upload, part(blob, 0, 100), "Content-Range: " + range);
    assertError(refused, 416, "RANGE_INVALID");
    assertThat(refused.header("Range")).contains("0-99");
    Reply refusedPut = client().send("PUT", with(location(refused), Digest.sha256(blob)), part(blob, 0, 100),
        "Content-Range: " + range);
    assertError(refusedPut, 416, "RANGE_INVALID");
    assertThat(refusedPut.header("Range")).contains("0-99");
    assertThat(patch(location(refusedPut), blob, 100, 200).status()).isEqualTo(202);
    assertThat(client().send("PUT", with(upload, Digest.sha256(blob)), NOTHING).status()).isEqualTo(201);
  }

  @Test
  default void aChunkWhoseRangeAndLengthDisagreeIsRefusedAndNothingOfItIsKept() {
    String upload = client().begin(stack().fresh());
    assertError(client().send("PATCH", upload, Image.random(1, 5), "Content-Range: 0-9"), 400, "SIZE_INVALID");
    assertThat(client().get(upload).header("Range")).contains("0-0");
  }

  @Test
  default void anEmptyChunkChangesNothing() {
    String repository = stack().fresh();
    byte[] blob = Image.random(12, 50);
    String upload = client().begin(repository);
    assertThat(client().send("PATCH", upload, NOTHING).header("Range")).contains("0-0");
    patch(upload, blob, 0, 50);
    assertThat(client().sendChunked("PATCH", upload, NOTHING).header("Range")).contains("0-49");
    assertThat(client().send("PUT", with(upload, Digest.sha256(blob)), NOTHING).status()).isEqualTo(201);
  }

  @Test
  default void aBlobOfNoBytesNeedsNoChunk() {
    String repository = stack().fresh();
    Digest empty = Digest.sha256(NOTHING);
    Reply put = client().send("PUT", with(client().begin(repository), empty), NOTHING);
    assertThat(put.status()).as(put.text()).isEqualTo(201);
    assertThat(client().get(location(put)).body()).isEmpty();
  }

  private Reply patch(String upload, byte[] blob, int from, int to) {
    return client().send("PATCH", upload, part(blob, from, to), "Content-Range: " + from + "-" + (to - 1),
        "Content-Type: application/octet-stream");
  }

  private static byte[] part(byte[] blob, int from, int to) {
    return Arrays.copyOfRange(blob, from, to);
  }
}
