package dev.weir.server.http;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.weir.server.oci.ErrorCode;
import dev.weir.server.oci.RegistryException;
import dev.weir.storage.Digest;
import dev.weir.storage.Manifest;
import dev.weir.storage.MediaTypes;
import dev.weir.storage.Tag;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

/** The exact headers and bytes of pulls, over a socket. */
class PullApiTest {
  private static final byte[] BLOB = "0123456789".getBytes(UTF_8);
  private static final Digest BLOB_DIGEST = Digest.sha256(BLOB);
  private static final String BLOB_PATH = "/v2/team/app/blobs/" + BLOB_DIGEST;
  private static final byte[] MANIFEST = "{\"schemaVersion\": 2}".getBytes(UTF_8);
  private static final Digest MANIFEST_DIGEST = Digest.sha256(MANIFEST);
  private static final String MANIFEST_PATH = "/v2/team/app/manifests/latest";

  private final FakeRegistry registry = new FakeRegistry();
  @TempDir private Path directory;
  private TestServer server;
  private RawClient client;

  @BeforeEach
  void start() throws IOException {
    var manifest = new Manifest(MediaTypes.OCI_MANIFEST, MANIFEST_DIGEST, MANIFEST);
    registry.manifests.put(Tag.parse("latest"), manifest);
    registry.manifests.put(MANIFEST_DIGEST, manifest);
    registry.blobs.put(BLOB_DIGEST, () -> blob(BLOB));
    registry.blobs.put(Digest.sha256(new byte[0]), () -> blob(new byte[0]));
    server = TestServer.of(TestServer.registry(registry));
    client = server.connect();
  }

  @AfterEach
  void stop() throws IOException {
    client.close();
    server.close();
  }

  private TestBlob blob(byte[] content) {
    try {
      return new TestBlob(directory, content).arriveWhole();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v2/", "/v2", "/quay.io/v2/"})
  void pingAnswersAnEmptyObject(String path) throws IOException {
    RawClient.Reply reply = client.get(path);
    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.text()).isEqualTo("{}");
    assertThat(reply.header("Docker-Distribution-API-Version")).contains("registry/2.0");
    assertThat(reply.header("Content-Type")).contains("application/json");
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "HEAD"})
  void manifestHasItsHeader(String method) throws IOException {
    RawClient.Reply reply = client.ask(method, MANIFEST_PATH, "Accept-Encoding: gzip");
    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.header("Content-Type")).contains(MediaTypes.OCI_MANIFEST);
    assertThat(reply.header("Content-Length")).contains(Integer.toString(MANIFEST.length));
    assertThat(reply.header("Docker-Content-Digest")).contains(MANIFEST_DIGEST.toString());
    assertThat(reply.header("ETag")).contains("\"" + MANIFEST_DIGEST + "\"");
    assertThat(reply.header("Docker-Distribution-API-Version")).contains("registry/2.0");
    assertThat(reply.header("Content-Encoding")).isEmpty();
    assertThat(reply.header("Date")).hasValueSatisfying(date -> assertThat(date).hasSize(29).endsWith(" GMT"));
    assertThat(client.get("/v2/").status()).as("nothing is left on the connection").isEqualTo(200);
  }

  @Test
  void manifestIsGivenByteForByte() throws IOException {
    assertThat(client.get("/v2/team/app/manifests/" + MANIFEST_DIGEST).body()).isEqualTo(MANIFEST);
    assertThat(client.get(MANIFEST_PATH, "Accept: text/plain").body()).isEqualTo(MANIFEST);
  }

  @Test
  void manifestThatTheClientHasIsNotSentAgain() throws IOException {
    RawClient.Reply reply = client.get(MANIFEST_PATH, "If-None-Match: \"x\"", "If-None-Match: " + MANIFEST_DIGEST);
    assertThat(reply.status()).isEqualTo(304);
    assertThat(reply.header("ETag")).contains("\"" + MANIFEST_DIGEST + "\"");
    assertThat(reply.header("Content-Length")).isEmpty();
    assertThat(client.get("/v2/").status()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "HEAD"})
  void blobHasItsHeader(String method) throws IOException {
    RawClient.Reply reply = client.ask(method, BLOB_PATH);
    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.header("Content-Type")).contains("application/octet-stream");
    assertThat(reply.header("Content-Length")).contains("10");
    assertThat(reply.header("Accept-Ranges")).contains("bytes");
    assertThat(reply.header("Docker-Content-Digest")).contains(BLOB_DIGEST.toString());
    assertThat(reply.header("ETag")).contains("\"" + BLOB_DIGEST + "\"");
    assertThat(reply.header("Cache-Control")).contains("max-age=31536000");
    assertThat(reply.header("Content-Range")).isEmpty();
    assertThat(reply.header("Docker-Distribution-API-Version")).contains("registry/2.0");
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {"bytes=0-|206|0|10", "bytes=3-|206|3|10", "bytes=2-4|206|2|5",
      "bytes=0-0|206|0|1", "bytes=8-99|206|8|10", "bytes=-3|206|7|10", "bytes=-99|206|0|10", "bytes=0-1,4-5|200|0|10",
      "lines=1-2|200|0|10", "bytes=5-2|200|0|10", "bytes=x-|200|0|10", "bytes=-|200|0|10"})
  void rangesOfABlob(String range, int status, int from, int end) throws IOException {
    RawClient.Reply reply = client.get(BLOB_PATH, "Range: " + range);
    assertThat(reply.status()).isEqualTo(status);
    assertThat(reply.body()).isEqualTo(Arrays.copyOfRange(BLOB, from, end));
    assertThat(reply.headers("Content-Range"))
        .isEqualTo(status == 200 ? List.of() : List.of("bytes " + from + "-" + (end - 1) + "/10"));
    assertThat(reply.header("ETag")).contains("\"" + BLOB_DIGEST + "\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"bytes=10-", "bytes=10-20", "bytes=-0"})
  void rangeBeyondTheBlobIsAnsweredWithItsSize(String range) throws IOException {
    RawClient.Reply reply = client.get(BLOB_PATH, "Range: " + range);
    assertThat(reply.status()).isEqualTo(416);
    assertThat(reply.header("Content-Range")).contains("bytes */10");
    assertThat(reply.text()).contains("\"code\":\"RANGE_INVALID\"");
    assertThat(client.get(BLOB_PATH).status()).isEqualTo(200);
  }

  @Test
  void rangeIsGivenOnlyOfTheBlobThatIfRangeNames() throws IOException {
    assertThat(client.get(BLOB_PATH, "Range: bytes=5-", "If-Range: \"" + BLOB_DIGEST + "\"").status()).isEqualTo(206);
    assertThat(client.get(BLOB_PATH, "Range: bytes=5-", "If-Range: \"other\"").body()).isEqualTo(BLOB);
  }

  @Test
  void headIgnoresRange() throws IOException {
    RawClient.Reply reply = client.ask("HEAD", BLOB_PATH, "Range: bytes=5-");
    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.header("Content-Length")).contains("10");
    assertThat(registry.asked).containsExactly("blobSize");
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "HEAD"})
  void blobThatTheClientHasIsNotSentAgain(String method) throws IOException {
    RawClient.Reply reply = client.ask(method, BLOB_PATH, "If-None-Match: *");
    assertThat(reply.status()).isEqualTo(304);
    assertThat(registry.asked).containsExactly("blobSize");
  }

  @Test
  void blobThatTheRepositoryDoesNotHaveIsAbsentEvenForThoseWhoClaimToHaveIt() throws IOException {
    Digest other = Digest.sha256(MANIFEST);
    RawClient.Reply reply = client.get("/v2/team/app/blobs/" + other, "If-None-Match: " + other);
    assertThat(reply.status()).isEqualTo(404);
  }

  @Test
  void emptyBlobIsAWholeAnswer() throws IOException {
    RawClient.Reply reply = client.get("/v2/team/app/blobs/" + Digest.sha256(new byte[0]));
    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.header("Content-Length")).contains("0");
    assertThat(client.get("/v2/").status()).isEqualTo(200);
  }

  @Test
  void absenceIsAnOciError() throws IOException {
    RawClient.Reply reply = client.get("/v2/team/app/manifests/gone");
    assertThat(reply.status()).isEqualTo(404);
    assertThat(reply.header("Content-Type")).contains("application/json");
    assertThat(reply.text())
        .startsWith("{\"errors\":[{\"code\":\"MANIFEST_UNKNOWN\",\"message\":\"no manifest gone in");
    assertThat(reply.header("Docker-Distribution-API-Version")).contains("registry/2.0");
    assertThat(client.ask("HEAD", "/v2/team/app/manifests/gone").status()).isEqualTo(404);
    assertThat(client.get("/v2/").status()).isEqualTo(200);
  }

  @Test
  void upstreamTroubleKeepsItsStatusAndSentence() throws IOException {
    registry.failure = RegistryException.gatewayTimeout("quay.io did not answer", null);
    RawClient.Reply reply = client.get(MANIFEST_PATH);
    assertThat(reply.status()).isEqualTo(504);
    assertThat(reply.text()).contains("\"UNAVAILABLE\"", "quay.io did not answer");
  }

  @Test
  void refusalForLoadHasNoBody() throws IOException {
    registry.failure = RegistryException.tooManyRequests("quay.io wants a pause", Duration.ofSeconds(7));
    RawClient.Reply reply = client.get(MANIFEST_PATH);
    assertThat(reply.status()).isEqualTo(429);
    assertThat(reply.header("Retry-After")).contains("7");
    assertThat(reply.body()).isEmpty();
  }

  @Test
  void surpriseIsTheServersFaultAndTellsNothingOfItself() throws Exception {
    registry.failure = new IllegalStateException("the secret inside");
    RawClient.Reply reply = client.get(MANIFEST_PATH);
    assertThat(reply.status()).isEqualTo(500);
    assertThat(reply.text()).contains("\"UNKNOWN\"").contains(server.nextAnswer().requestId())
        .doesNotContain("secret", "IllegalState");
  }

  @ParameterizedTest
  @CsvSource({"PUT,/v2/team/app/manifests/latest", "DELETE,/v2/team/app/manifests/latest",
      "POST,/v2/team/app/blobs/uploads/", "POST,/v2/_catalog", "POST,/v2/", "PATCH,/v2/team/app/tags/list",
      "POST,/healthz", "BREW,/v2/team/app/manifests/latest"})
  void whatIsNotOfferedIsUnsupported(String method, String path) throws IOException {
    RawClient.Reply reply = client.ask(method, path, "Content-Length: 0");
    assertThat(reply.status()).isEqualTo(405);
    assertThat(reply.text()).contains(ErrorCode.UNSUPPORTED.name());
  }

  @Test
  void probesAndTheRootNeedNoRegistry() throws IOException {
    registry.failure = new IllegalStateException("broken");
    assertThat(client.get("/healthz").status()).isEqualTo(200);
    assertThat(client.get("/readyz").status()).isEqualTo(200);
    assertThat(client.get("/").body()).isEmpty();
    assertThat(client.ask("HEAD", "/healthz").status()).isEqualTo(200);
  }
}
