package dev.weir.server.conformance;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.weir.server.http.RawClient;
import dev.weir.server.http.RawClient.Reply;
import dev.weir.storage.Digest;

import static dev.weir.server.conformance.Client.NOTHING;
import static dev.weir.server.conformance.Client.assertError;
import static dev.weir.server.conformance.Client.bytes;
import static dev.weir.server.conformance.Client.head;
import static dev.weir.server.conformance.Client.location;
import static dev.weir.server.conformance.Client.with;
import static org.assertj.core.api.Assertions.assertThat;

/** Uploads, byte for byte as the clients of mirror hosts send them. */
class WireTest {
  @TempDir private Path directory;
  private Stack stack;

  @BeforeEach
  void start() throws Exception {
    stack = Stack.overDirectory(directory);
  }

  @AfterEach
  void stop() {
    stack.close();
  }

  private Client client() {
    return stack.client();
  }

  /** HEAD, POST, PATCH in chunks and without any Content-*, PUT, HEAD, and the DELETE that comes in any case. */
  @ParameterizedTest
  @CsvSource({"0,0-0", "1,0-0", "2,0-1", "16383,0-16382", "16384,0-16383", "3000000,0-2999999"})
  void aBlobComesAsOcSendsIt(int size, String range) {
    byte[] blob = Image.random(size, size);
    Digest digest = Digest.sha256(blob);
    String address = "/v2/ocp4/openshift4/blobs/" + digest;
    assertThat(client().head(address).status()).isEqualTo(404);
    String upload = client().begin("ocp4/openshift4");

    Reply patched = client().sendChunked("PATCH", upload, blob);
    assertThat(patched.status()).isEqualTo(202);
    assertThat(patched.headers("Range")).containsExactly(range);
    assertThat(location(patched)).matches("/v2/ocp4/openshift4/blobs/uploads/[0-9a-f-]{36}\\?_state=[A-Za-z0-9_-]+");

    Reply put = client().send("PUT", location(patched) + "&digest=" + digest, NOTHING);
    assertThat(put.status()).isEqualTo(201);
    assertThat(put.header("Docker-Content-Digest")).contains(digest.toString());
    assertThat(client().head(address).header("Content-Length")).contains(Integer.toString(size));
    assertThat(client().delete(location(patched)).status()).isIn(204, 404);
    assertThat(client().head(address).status()).isEqualTo(200);
    assertThat(client().get(address).body()).isEqualTo(blob);
  }

  /** The digest in front, and percent-encoded as Go does it. */
  @Test
  void theDigestMayStandAnywhereInTheAddress() {
    byte[] blob = Image.random(3, 30);
    String upload = client().begin("a/b");
    String reordered = upload.replace("?", "?digest=" + Digest.sha256(blob).toString().replace(":", "%3A") + "&");
    assertThat(client().send("PUT", reordered, blob).status()).isEqualTo(201);
  }

  @Test
  void aPatchThatBreaksOffIsTakenBackToItsBeginning() throws Exception {
    byte[] blob = Image.random(4, 2_000_000);
    String upload = client().begin("a/b");
    client().send("PATCH", upload, Arrays.copyOf(blob, 500_000));
    breakOff(upload, blob, 500_000, 1_500_000);
    Reply status = client().get(upload);
    assertThat(status.status()).isEqualTo(204);
    assertThat(status.header("Range")).contains("0-499999");
    Reply rest = client().send("PATCH", location(status), Arrays.copyOfRange(blob, 500_000, 2_000_000));
    assertThat(rest.header("Range")).contains("0-1999999");
    assertThat(client().send("PUT", with(location(rest), Digest.sha256(blob)), NOTHING).status()).isEqualTo(201);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aFirstPatchThatBreaksOffCanBeSentAgainWhole(boolean askFirst) throws Exception {
    byte[] blob = Image.random(5, 1_000_000);
    String upload = client().begin("a/b");
    breakOff(upload, blob, 0, 600_000);
    if (askFirst) {
      assertThat(client().get(upload).header("Range")).contains("0-0");
    }
    assertThat(client().sendChunked("PATCH", upload, blob).header("Range")).contains("0-999999");
    assertThat(client().send("PUT", with(upload, Digest.sha256(blob)), NOTHING).status()).isEqualTo(201);
  }

  @Test
  void aPutThatBreaksOffLeavesTheUploadAsItWas() throws Exception {
    byte[] blob = Image.random(6, 1_000_000);
    String upload = client().begin("a/b");
    client().send("PATCH", upload, Arrays.copyOf(blob, 100));
    try (RawClient raw = new RawClient(client().port())) {
      raw.send(head("PUT", with(upload, Digest.sha256(blob)), Stream.of("Content-Length: 999900")));
      raw.send(Arrays.copyOfRange(blob, 100, 700_000)).reset();
    }
    assertThat(client().get(upload).header("Range")).contains("0-99");
    Reply put = client().send("PUT", with(upload, Digest.sha256(blob)), Arrays.copyOfRange(blob, 100, 1_000_000));
    assertThat(put.status()).isEqualTo(201);
  }

  /** Chunked, so that the end is missed; killed, not closed. */
  private void breakOff(String upload, byte[] blob, int from, int to) throws Exception {
    try (RawClient raw = new RawClient(client().port())) {
      raw.send(head("PATCH", upload, Stream.of("Transfer-Encoding: chunked")));
      raw.send(Integer.toHexString(to - from) + "\r\n").send(Arrays.copyOfRange(blob, from, to)).send("\r\n").reset();
    }
  }

  @Test
  void aClientThatAsksFirstIsToldToGoOnOnlyIfItsChunkIsWanted() throws Exception {
    String upload = client().begin("a/b");
    try (RawClient raw = new RawClient(client().port())) {
      raw.send(head("PATCH", upload, Stream.of("Content-Length: 5", "Expect: 100-continue")));
      assertThat(raw.read().status()).isEqualTo(100);
      assertThat(raw.send("hello").read().header("Range")).contains("0-4");
    }
    try (RawClient raw = new RawClient(client().port())) {
      raw.send(head("PATCH", upload,
          Stream.of("Content-Length: 5", "Content-Range: 9-13", "Expect: 100-continue")));
      assertThat(raw.read().status()).isEqualTo(416);
    }
  }

  @Test
  void anAddressThatWeirDidNotGiveIsUnknown() {
    String upload = client().begin("a/b");
    String session = upload.replaceFirst(".*/", "").replaceFirst("\\?.*", "");
    String state = upload.replaceFirst(".*_state=", "");
    String flipped = (state.charAt(0) == 'A' ? 'B' : 'A') + state.substring(1);
    String otherState = client().begin("a/b").replaceFirst(".*_state=", "");
    for (String forged : new String[]{"/v2/a/b/blobs/uploads/" + session,
        "/v2/a/b/blobs/uploads/" + session + "?_state=",
        "/v2/a/b/blobs/uploads/" + session + "?_state=" + flipped,
        "/v2/a/b/blobs/uploads/" + session + "?_state=%00%C3%BC",
        "/v2/a/b/blobs/uploads/" + session + "?_state=" + otherState,
        "/v2/a/c/blobs/uploads/" + session + "?_state=" + state,
        "/v2/a/b/blobs/uploads/" + session.toUpperCase(Locale.ROOT) + "?_state=" + state,
        "/v2/a/b/blobs/uploads/..?_state=" + state, "/v2/a/b/blobs/uploads/%2e%2e%2fhttp.secret?_state=" + state,
        "/v2/a/b/blobs/uploads/00000000-0000-0000-0000-000000000000?_state=" + state}) {
      assertThat(client().get(forged).status()).as(forged).isIn(404, 400);
      assertThat(client().send("PATCH", forged, bytes("x")).status()).as(forged).isIn(404, 400);
      assertThat(client().delete(forged).status()).as(forged).isIn(404, 400);
    }
    assertThat(client().get(upload).header("Range")).contains("0-0");
    assertError(client().get("/v2/a/c/blobs/uploads/" + session + "?_state=" + state), 404, "BLOB_UPLOAD_UNKNOWN");
  }

  @Test
  void anUploadSurvivesARestart() throws Exception {
    byte[] blob = Image.random(7, 400_000);
    String upload = client().begin("a/b");
    client().send("PATCH", upload, Arrays.copyOf(blob, 300_000));
    stack.close();
    stack = Stack.overDirectory(directory);
    Reply status = client().get(upload);
    assertThat(status.header("Range")).contains("0-299999");
    assertThat(client().send("PUT", with(location(status), Digest.sha256(blob)),
        Arrays.copyOfRange(blob, 300_000, 400_000)).status()).isEqualTo(201);
    assertThat(client().get("/v2/a/b/blobs/" + Digest.sha256(blob)).body()).isEqualTo(blob);
  }

  /** In one PATCH of a body that is made as it is sent, and never in memory. */
  @Test
  void aBlobOfMoreThanAGibibyteIsTakenWhole() throws Exception {
    long size = 1_181_116_006L;
    String upload = client().begin("a/b");
    Digest digest;
    try (RawClient raw = new RawClient(client().port())) {
      raw.send(head("PATCH", upload, Stream.of("Content-Length: " + size)));
      digest = sendZeros(raw, size);
      assertThat(raw.read().header("Range")).contains("0-" + (size - 1));
    }
    assertThat(client().send("PUT", with(upload, digest), NOTHING).status()).isEqualTo(201);
    assertThat(client().head("/v2/a/b/blobs/" + digest).header("Content-Length")).contains(Long.toString(size));
  }

  private static Digest sendZeros(RawClient raw, long size) throws Exception {
    var hash = Digest.Algorithm.SHA256.newHash();
    byte[] piece = new byte[1 << 20];
    for (long left = size; left > 0;) {
      int count = (int) Math.min(left, piece.length);
      byte[] part = count == piece.length ? piece : Arrays.copyOf(piece, count);
      hash.update(part);
      raw.send(part);
      left -= count;
    }
    return Digest.of(Digest.Algorithm.SHA256, hash);
  }
}
