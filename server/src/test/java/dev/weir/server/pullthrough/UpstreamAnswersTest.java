package dev.weir.server.pullthrough;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.weir.server.upstream.MockAnswer;
import dev.weir.server.upstream.MockServer;
import dev.weir.server.wiring.Waits;
import dev.weir.storage.Content;
import dev.weir.storage.Digest;
import dev.weir.storage.Manifest;
import dev.weir.storage.MediaTypes;
import dev.weir.storage.RepositoryName;
import dev.weir.storage.Tag;
import dev.weir.storage.fs.FsObjectStore;

import static org.assertj.core.api.Assertions.assertThat;

/** The table of DESIGN.md §4, "Answers when upstream is in play", over HTTP: each row for every kind of pull. */
final class UpstreamAnswersTest {
  private static final Digest DIGEST = Digest.sha256(new byte[]{4});
  private static final List<String> MANIFESTS = List.of("manifests/1.0", "manifests/" + DIGEST);
  private static final String BLOB = "blobs/" + DIGEST;
  private static final String TAGS = "tags/list";
  private static final String SIGNATURE = "manifests/sha256-" + DIGEST.hex();
  private static final String CHALLENGE = "WWW-Authenticate";

  @TempDir private Path folder;

  private volatile MockAnswer answer = MockAnswer.html(404);
  private final MockServer upstream = MockServer.http(request -> answer);
  private final List<TestWeir> running = new ArrayList<>();

  @AfterEach
  void close() {
    running.forEach(TestWeir::close);
    upstream.close();
  }

  private TestWeir.Builder behind(URI remote) {
    return TestWeir.in(folder.resolve("data")).upstream("origin", remote);
  }

  private TestClient start(TestWeir.Builder builder) {
    TestWeir weir = builder.start();
    running.add(weir);
    return weir.client();
  }

  private static List<String> everything() {
    List<String> all = new ArrayList<>(MANIFESTS);
    all.add(BLOB);
    all.add(TAGS);
    return all;
  }

  /** The same for everything, by GET and by HEAD where there is one; never 401, and never an invitation to log in. */
  private static void allAre(TestClient client, int status, String code, String part) {
    for (String what : everything()) {
      TestClient.Reply reply = client.get("/v2/origin/team/app/" + what);
      assertThat(reply.status()).as(what).isEqualTo(status);
      assertThat(reply.code()).as(what).isEqualTo(code);
      assertThat(reply.sentence()).as(what).contains(part);
      assertThat(reply.header(CHALLENGE)).as(what).isEmpty();
      if (!what.equals(TAGS)) {
        assertThat(client.head("/v2/origin/team/app/" + what).status()).as("HEAD " + what).isEqualTo(status);
      }
    }
  }

  private static void isAbsent(TestClient client, String repository, String what, String code) {
    TestClient.Reply reply = client.get("/v2/" + repository + "/" + what);
    assertThat(reply.status()).as(what).isEqualTo(404);
    assertThat(reply.code()).as(what).isEqualTo(code);
    assertThat(reply.header(CHALLENGE)).as(what).isEmpty();
  }

  private static void allAreAbsent(TestClient client, String repository) {
    MANIFESTS.forEach(what -> isAbsent(client, repository, what, "MANIFEST_UNKNOWN"));
    isAbsent(client, repository, BLOB, "BLOB_UNKNOWN");
    isAbsent(client, repository, TAGS, "NAME_UNKNOWN");
    assertThat(client.head("/v2/" + repository + "/" + BLOB).status()).isEqualTo(404);
    assertThat(client.head("/v2/" + repository + "/" + MANIFESTS.getFirst()).status()).isEqualTo(404);
  }

  @ParameterizedTest
  @ValueSource(ints = {404, 410})
  void whatUpstreamDoesNotHaveIsAbsent(int status) {
    answer = MockAnswer.html(status);

    allAreAbsent(start(behind(upstream.uri())), "origin/team/app");
  }

  @ParameterizedTest
  @ValueSource(ints = {401, 403})
  void whatUpstreamRefusesIsDeniedAndNamesIt(int status) {
    answer = MockAnswer.json(status, "{\"errors\":[{\"code\":\"UNAUTHORIZED\"}]}");

    allAre(start(behind(upstream.uri())), 403, "DENIED", "origin");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Basic realm=\"upstream\"", "Bearer realm=\"http://127.0.0.1:1/token\",service=\"s\"",
      "Negotiate"})
  void upstreamsChallengeIsNotHandedOn(String challenge) {
    answer = MockAnswer.html(401).with(CHALLENGE, challenge);
    TestClient client = start(behind(upstream.uri()));

    for (String what : everything()) {
      TestClient.Reply reply = client.get("/v2/origin/team/app/" + what);
      assertThat(reply.status()).as(what).isIn(403, 502);
      assertThat(reply.header(CHALLENGE)).as(what).isEmpty();
      assertThat(reply.sentence()).as(what).contains("origin");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {401, 403})
  void aSignatureThatUpstreamRefusesToShowIsAbsent(int status) {
    answer = MockAnswer.html(status);
    TestClient client = start(behind(upstream.uri()));

    for (String suffix : List.of(".sig", ".att", ".sbom")) {
      isAbsent(client, "origin/team/app", SIGNATURE + suffix, "MANIFEST_UNKNOWN");
    }
    assertThat(client.get("/v2/origin/team/app/" + SIGNATURE + ".other").status()).isEqualTo(403);
  }

  @ParameterizedTest
  @ValueSource(ints = {401, 403})
  void aRefusedManifestInARepositoryThatHoldsPushesIsAbsent(int status) throws IOException {
    push("origin/team/app");
    answer = MockAnswer.html(status);
    TestClient client = start(behind(upstream.uri()));

    for (String what : MANIFESTS) {
      isAbsent(client, "origin/team/app", what, "MANIFEST_UNKNOWN");
      assertThat(client.get("/v2/origin/team/other/" + what).status()).isEqualTo(403);
    }
    assertThat(client.get("/v2/origin/team/app/" + BLOB).status()).isEqualTo(403);
    assertThat(client.get("/v2/origin/team/app/manifests/pushed").status()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(ints = {401, 403})
  void aRefusedManifestThatOnlyTheProxyPlacesIsAbsent(int status) {
    answer = MockAnswer.html(status);
    TestClient client = start(
        TestWeir.in(folder.resolve("data")).section("proxy: {remoteurl: '" + upstream.uri() + "'}"));

    MANIFESTS.forEach(what -> isAbsent(client, "team/app", what, "MANIFEST_UNKNOWN"));
    assertThat(client.get("/v2/team/app/" + BLOB).status()).isEqualTo(403);
  }

  @Test
  void upstreamsWaitIsHandedOnWithoutABody() {
    answer = MockAnswer.html(429).with("Retry-After", "30");
    TestClient client = start(behind(upstream.uri()).waits(TestWaits.ONCE));

    for (String what : everything()) {
      TestClient.Reply reply = client.get("/v2/origin/team/app/" + what);
      assertThat(reply.status()).as(what).isEqualTo(429);
      assertThat(reply.header("Retry-After").map(Integer::valueOf).orElseThrow()).as(what).isBetween(2, 30);
      assertThat(reply.header("Content-Length")).as(what).contains("0");
      assertThat(reply.body()).as(what).isEmpty();
    }
  }

  @Test
  void aWaitThatUpstreamDoesNotStateIsStatedAllTheSame() {
    answer = MockAnswer.html(429);

    assertThat(
        start(behind(upstream.uri()).waits(TestWaits.ONCE)).get("/v2/origin/team/app/" + BLOB).header("Retry-After"))
        .isPresent()
        .get().satisfies(text -> assertThat(Integer.parseInt(text)).isPositive());
  }

  @ParameterizedTest
  @ValueSource(ints = {500, 502, 503, 504, 418})
  void upstreamsOwnTroubleIsA502(int status) {
    answer = MockAnswer.html(status);

    allAre(start(behind(upstream.uri()).waits(TestWaits.ONCE)), 502, "UNAVAILABLE", "origin: " + status);
  }

  @Test
  void anUpstreamThatRefusesConnectionsIsA502() {
    allAre(start(behind(Doors.refusing())), 502, "UNAVAILABLE", "origin: no connection to 127.0.0.1:");
  }

  @Test
  void anUpstreamThatBreaksConnectionsIsA502() throws IOException {
    try (Doors.Slamming broken = new Doors.Slamming()) {
      allAre(start(behind(broken.uri())), 502, "UNAVAILABLE", "origin: ");
    }
  }

  @Test
  void anUpstreamThatAnswersAManifestWithAPageIsA502() {
    answer = MockAnswer.html(200);
    TestClient client = start(behind(upstream.uri()));

    for (String what : MANIFESTS) {
      assertThat(client.get("/v2/origin/team/app/" + what).status()).as(what).isEqualTo(502);
    }
  }

  @Test
  void anUpstreamThatTakesLongerThanAClientWaitsIsA504() throws IOException {
    try (Doors.Silent silent = new Doors.Silent()) {
      allAre(start(behind(silent.uri()).waits(TestWaits.SHORT)), 504, "UNAVAILABLE", "origin");
    }
  }

  @Test
  void anUpstreamThatTakesLongerThanWeirWaitsIsA504() throws IOException {
    try (Doors.Silent silent = new Doors.Silent()) {
      allAre(start(behind(silent.uri()).waits(TestWaits.SHORT_UPSTREAM)), 504, "UNAVAILABLE", "origin");
    }
  }

  @Test
  void severalUpstreamsShareOneWaitOfLessThan20Seconds() throws IOException {
    Duration oneWait = Duration.ofSeconds(2);
    try (Doors.Silent silent = new Doors.Silent()) {
      TestClient client = start(TestWeir.in(folder.resolve("data")).upstream("a", silent.uri())
          .upstream("b", silent.uri()).upstream("c", silent.uri()).upstream("d", silent.uri())
          .section("aliases: {team/app: [a/x, b/x, c/x, d/x]}").waits(TestWaits.ofClients(oneWait)));

      for (String what : everything()) {
        TestClient.Reply reply = client.get("/v2/team/app/" + what);
        assertThat(reply.status()).as(what).isEqualTo(504);
        assertThat(reply.time()).as(what).isLessThan(oneWait.multipliedBy(3));
      }
    }
    assertThat(Waits.DEFAULT.clients().cold()).isLessThan(Duration.ofSeconds(20));
  }

  @Test
  void offlineWhatIsNotHeldIsAbsentAndNobodyIsAsked() {
    allAreAbsent(start(behind(upstream.uri()).cache("offline: true")), "origin/team/app");

    assertThat(upstream.log()).isEmpty();
  }

  @Test
  void whatAnOfflineUpstreamWouldHaveIsAbsentAndItIsNotAsked() {
    allAreAbsent(start(TestWeir.in(folder.resolve("data")).upstream("origin",
        "remoteurl: '" + upstream.uri() + "', offline: true")), "origin/team/app");

    assertThat(upstream.log()).isEmpty();
  }

  private void push(String repository) throws IOException {
    byte[] index = "{\"schemaVersion\":2,\"mediaType\":\"%s\",\"manifests\":[]}".formatted(MediaTypes.OCI_INDEX)
        .getBytes(StandardCharsets.UTF_8);
    Manifest manifest = new Manifest(MediaTypes.OCI_INDEX, Digest.sha256(index), index);
    RepositoryName name = RepositoryName.parse(repository);
    try (FsObjectStore store = new FsObjectStore(folder.resolve("data"))) {
      Content content = Content.of(store);
      content.manifests().putOwned(name, manifest);
      content.tags().setOwned(name, new Tag("pushed"), manifest.digest());
    }
  }
}
