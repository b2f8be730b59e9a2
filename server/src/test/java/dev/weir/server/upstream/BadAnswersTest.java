package dev.weir.server.upstream;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.weir.server.upstream.UpstreamException.Kind;
import dev.weir.server.upstream.UpstreamSettings.Patience;
import dev.weir.storage.Digest;
import dev.weir.storage.MediaTypes;
import dev.weir.storage.RepositoryName;
import dev.weir.storage.Tag;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/** Whatever upstream does, its client hears one honest sentence, and never takes a part or a fake for the thing. */
class BadAnswersTest {
  private static final RepositoryName APP = RepositoryName.parse("team/app");
  private static final Tag V1 = Tag.parse("v1");
  private static final byte[] LAYER = RemoteRegistryTest.randomBytes(200_000);

  private final ScriptedRegistry upstream = ScriptedRegistry.plain();
  private final Digest layer = upstream.addBlob("team/app", LAYER);
  private RemoteRegistry remote = Remotes.of(Remotes.settings(upstream));

  @BeforeEach
  void fill() {
    upstream.addImage("team/app", "v1", new byte[]{1}, LAYER);
  }

  @AfterEach
  void close() {
    remote.close();
    upstream.close();
  }

  @ParameterizedTest
  @CsvSource({"404,ABSENT,404 Not Found", "410,ABSENT,410 Gone", "401,DENIED,401 Unauthorized",
      "403,DENIED,403 Forbidden",
      "429,RATE_LIMITED,429 Too Many Requests", "500,FAILED,500 Internal Server Error", "502,FAILED,502 Bad Gateway",
      "503,FAILED,503 Service Unavailable", "504,FAILED,504 Gateway Timeout", "400,FAILED,400 Bad Request",
      "418,FAILED,418", "304,FAILED,304"})
  void statusBecomesAKindAndASentence(int status, Kind kind, String words) {
    upstream.next("/manifests/", new Fault.Instead(MockAnswer.html(status)));
    UpstreamException failure = manifestFailure();
    assertThat(failure.kind()).isEqualTo(kind);
    assertThat(failure).hasMessageStartingWith("pull manifest v1 of team/app from mock: " + words);
  }

  @Test
  void absenceHasTheCodeOfTheErrorButNotItsText() {
    UpstreamException failure = failure(() -> remote.manifest(APP, Tag.parse("v2")));
    assertThat(failure).hasMessage("pull manifest v2 of team/app from mock: 404 Not Found (MANIFEST_UNKNOWN)");
  }

  @Test
  void retryAfterIsReadAsSecondsOrDateOrNotAtAll() {
    upstream.next("/manifests/", Fault.tooManyRequests("7"));
    assertThat(manifestFailure().retryAfter()).contains(Duration.ofSeconds(7));
    upstream.next("/manifests/", Fault.tooManyRequests("Wed, 21 Oct 2015 07:28:00 GMT"));
    assertThat(manifestFailure().retryAfter()).contains(Duration.ZERO);
    upstream.next("/manifests/", Fault.tooManyRequests("soon"));
    assertThat(manifestFailure().retryAfter()).isEmpty();
    upstream.next("/manifests/", Fault.tooManyRequests("99999999999999"));
    assertThat(manifestFailure().retryAfter()).contains(Duration.ofDays(1));
  }

  @ParameterizedTest
  @ValueSource(strings = {"<html>login</html>", "", "[]", "{}", "{\"errors\":[]}", "null", "7", "{\"schemaVersion\":2"})
  void bodyThatIsNoManifestIsRefused(String body) {
    upstream.next("/manifests/", new Fault.Instead(MockAnswer.text(200, MediaTypes.OCI_MANIFEST, body)));
    assertThat(manifestFailure().kind()).isEqualTo(Kind.FAILED);
  }

  @Test
  void manifestOfAnotherDigestThanAskedForOrStatedIsRefused() throws IOException {
    Digest digest = remote.manifest(APP, V1).digest();
    upstream.next("/manifests/", new Fault.FlipAt(3));
    assertThat(failure(() -> remote.manifest(APP, digest)).kind()).isEqualTo(Kind.FAILED);
    MockAnswer lie = MockAnswer.json(200, "{\"schemaVersion\":2}").with("Docker-Content-Digest", digest.toString());
    upstream.next("/manifests/", new Fault.Instead(lie));
    assertThat(manifestFailure()).hasMessageContaining("digest mismatch");
  }

  @Test
  void digestHeaderThatIsNoneIsPassedOver() throws IOException {
    byte[] body = "{\"schemaVersion\":2}".getBytes(StandardCharsets.UTF_8);
    upstream.next("/manifests/", new Fault.Instead(MockAnswer.of(200, body).with("Docker-Content-Digest", "md5:00")));
    assertThat(remote.manifest(APP, V1).digest()).isEqualTo(Digest.sha256(body));
  }

  @Test
  void hugeManifestIsRefusedAfterTheBound() {
    byte[] huge = new byte[20 * 1024 * 1024];
    Arrays.fill(huge, (byte) ' ');
    upstream.next("/manifests/", new Fault.Instead(MockAnswer.of(200, huge).withoutLength()));
    assertThat(manifestFailure()).hasMessageContaining("larger than 8388608 bytes");
  }

  @Test
  void endlessHeadersAreRefused() {
    MockAnswer answer = MockAnswer.of(200, new byte[0]).with("X-Long", "a".repeat(2_000_000));
    upstream.next("/manifests/", new Fault.Instead(answer));
    assertThat(manifestFailure().kind()).isEqualTo(Kind.FAILED);
  }

  @Test
  void compressedAnswersAreRefusedSinceNobodyAskedForThem() {
    upstream.next("/manifests/",
        new Fault.Instead(MockCompression.compressed(MockAnswer.json(200, "{\"schemaVersion\":2}"))));
    assertThat(manifestFailure()).hasMessageContaining("compressed");
    upstream.next("/blobs/", new Fault.Instead(MockCompression.compressed(MockAnswer.of(200, LAYER))));
    assertThat(failure(() -> remote.blob(APP, layer, 0))).hasMessageContaining("compressed");
  }

  @Test
  void bodyThatBreaksOrEndsEarlyIsNeverWhole() {
    for (Fault fault : new Fault[]{new Fault.CutAt(150_000), new Fault.ResetAt(150_000), new Fault.CutAt(0)}) {
      upstream.next("/blobs/", fault);
      assertThat(failure(() -> Remotes.readAll(remote.blob(APP, layer, 0))).kind()).isEqualTo(Kind.FAILED);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"bytes 0-199999/200000", "bytes 999-199999/200000", "bytes 1000-199998/200000",
      "bytes 1000-1999/200000", "bytes */200000", "1000-199999/200000", ""})
  void partialAnswerToSomethingElseThanWasAskedIsRefused(String range) {
    MockAnswer answer = MockAnswer.of(206, Arrays.copyOfRange(LAYER, 1000, LAYER.length)).with("Content-Range", range);
    upstream.next("/blobs/", new Fault.Instead(answer));
    assertThat(failure(() -> remote.blob(APP, layer, 1000))).hasMessageContaining("asked from byte 1000");
  }

  @Test
  void stalledBodyAndSilentServerTimeOut() {
    patience(Duration.ofSeconds(5), Duration.ofMillis(300));
    upstream.next("/blobs/", new Fault.StallAt(100_000));
    assertThat(failure(() -> Remotes.readAll(remote.blob(APP, layer, 0))))
        .hasMessageContaining("no byte came for 300 ms")
        .extracting(UpstreamException::kind).isEqualTo(Kind.TIMED_OUT);
    patience(Duration.ofMillis(300), Duration.ofSeconds(5));
    upstream.next("/manifests/", new Fault.NoAnswer());
    assertThat(manifestFailure()).hasMessageContaining("did not answer within 300 ms")
        .extracting(UpstreamException::kind).isEqualTo(Kind.TIMED_OUT);
  }

  @Test
  void connectionThatEndsWithoutAnAnswerIsTriedOnceMore() throws IOException {
    upstream.next("/manifests/", new Fault.HangUp());
    assertThat(remote.manifest(APP, V1).content()).isNotEmpty();
    assertThat(upstream.log()).hasSize(2);
    for (int i = 0; i < 2; i++) {
      upstream.next("/manifests/", new Fault.HangUp());
    }
    assertThat(manifestFailure()).hasMessageContaining("broke before an answer");
    assertThat(upstream.log()).hasSize(4);
  }

  @Test
  void closingABlobWakesItsReader() throws Exception {
    upstream.next("/blobs/", new Fault.StallAt(0));
    BlobStream blob = remote.blob(APP, layer, 0);
    Thread closer = Thread.ofVirtual().start(blob::close);
    assertThat(failure(blob::next).kind()).isEqualTo(Kind.FAILED);
    closer.join();
  }

  @Test
  void nothingIsReadAheadOfASlowReader() throws IOException {
    byte[] large = RemoteRegistryTest.randomBytes(64 * 1024 * 1024);
    Digest digest = upstream.addBlob("team/app", large);
    try (BlobStream blob = remote.blob(APP, digest, 0)) {
      assertThat(blob.next()).isPresent();
      upstream.server().cutConnections();
      int got = 0;
      while (true) {
        got += blob.next().orElseThrow().remaining();
        assertThat(got).isLessThan(32 * 1024 * 1024);
      }
    } catch (UpstreamException e) {
      assertThat(e.kind()).isEqualTo(Kind.FAILED);
    }
  }

  @Test
  void refusedConnectionAndUnknownHostAreFailures() throws IOException {
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    try (RemoteRegistry nobody = Remotes.of(UpstreamSettings.of("mock", URI.create("http://127.0.0.1:" + port)))) {
      assertThat(failure(() -> nobody.manifest(APP, V1)))
          .hasMessage("pull manifest v1 of team/app from mock: no connection to 127.0.0.1:" + port);
    }
    try (RemoteRegistry nobody = Remotes.of(UpstreamSettings.of("mock", URI.create("http://nowhere.invalid")))) {
      assertThat(failure(() -> nobody.manifest(APP, V1)))
          .hasMessageContaining("nobody knows the host name nowhere.invalid");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{\"tags\":7}", "<html>", "[", ""})
  void tagListThatIsNoneIsRefused(String body) {
    upstream.next("/tags/", new Fault.Instead(MockAnswer.json(200, body)));
    assertThat(failure(() -> remote.tags(APP))).hasMessageContaining("no list of tags");
  }

  @Test
  void tagListOfNothingIsEmptyAndDeepNestingIsRefused() throws IOException {
    upstream.next("/tags/", new Fault.Instead(MockAnswer.json(200, "{\"tags\":null}")));
    assertThat(remote.tags(APP)).isEmpty();
    upstream.next("/tags/", new Fault.Instead(MockAnswer.json(200, "{\"tags\":" + "[".repeat(100_000))));
    assertThat(failure(() -> remote.tags(APP)).kind()).isEqualTo(Kind.FAILED);
  }

  @Test
  void nextPageOnAnotherHostOrWithoutEndIsRefused() {
    MockAnswer page = MockAnswer.json(200, "{\"tags\":[]}");
    upstream.next("/tags/", new Fault.Instead(page.with("Link", "<http://127.0.0.2:1/x>; rel=\"next\"")));
    assertThat(failure(() -> remote.tags(APP))).hasMessageContaining("another host");
    for (int i = 0; i < 1000; i++) {
      upstream.next("/tags/", new Fault.Instead(page.with("Link", "</v2/team/app/tags/list?last=a>; rel=\"next\"")));
    }
    assertThat(failure(() -> remote.tags(APP))).hasMessageContaining("more than 1000 pages");
  }

  private void patience(Duration response, Duration idle) {
    remote.close();
    remote = Remotes.of(Remotes.settings(upstream)
        .withPatience(new Patience(Duration.ofSeconds(5), response, idle, Duration.ZERO)));
  }

  private UpstreamException manifestFailure() {
    return failure(() -> remote.manifest(APP, V1));
  }

  static UpstreamException failure(org.assertj.core.api.ThrowableAssert.ThrowingCallable action) {
    UpstreamException failure = catchThrowableOfType(UpstreamException.class, action);
    assertThat(failure).isNotNull();
    return failure;
  }
}
