package dev.weir.server.pullthrough;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import dev.weir.server.upstream.Fault;
import dev.weir.server.upstream.MockAnswer;
import dev.weir.server.upstream.ScriptedRegistry;
import dev.weir.storage.Digest;

import static org.assertj.core.api.Assertions.assertThat;

/** A weir behind a weir, and two that ask each other. */
@Timeout(300)
final class StackedWeirsTest {
  private static final String REPOSITORY = "origin/team/app";
  /** No wait for another's answer is shorter; who served what is held after it would serve what is old. */
  private static final Duration A_WAIT = Duration.ofSeconds(5);

  @TempDir private Path folder;

  private final ScriptedRegistry origin = ScriptedRegistry.plain();
  private final byte[] config = "{}".getBytes(StandardCharsets.UTF_8);
  private final byte[] layer = Bytes.random(9, 8 << 20);
  private final Digest digest = Digest.sha256(layer);
  private final List<AutoCloseable> open = new ArrayList<>(List.of(origin));

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable each : open.reversed()) {
      each.close();
    }
  }

  private TestWeir start(TestWeir.Builder builder) {
    TestWeir weir = builder.start();
    open.add(weir);
    return weir;
  }

  private TestWeir.Builder at(String name) {
    return TestWeir.in(folder.resolve(name)).cache("tagttl: 0s");
  }

  private TestWeir hub() {
    return start(at("hub").upstream("origin", origin.uri()));
  }

  private TestWeir edge(TestWeir hub) {
    return start(at("edge").upstream("origin",
        "remoteurl: '" + origin.uri() + "', mirrors: ['" + hub.uri() + "/origin']"));
  }

  @Test
  void aHerdOnTheFarSideCostsOneFetchAtEachLevel() throws Exception {
    origin.addImage("team/app", "1.0", config, layer);
    TestWeir hub = hub();
    TestWeir edge = edge(hub);
    try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<Boolean>> pulls = new ArrayList<>();
      for (int i = 0; i < 64; i++) {
        pulls.add(() -> edge.client().manifest(REPOSITORY, "1.0").status() == 200
            && Digest.sha256(edge.client().blob(REPOSITORY, digest).body()).equals(digest));
      }
      for (Future<Boolean> pulled : clients.invokeAll(pulls)) {
        assertThat(pulled.get()).isTrue();
      }
    }
    assertThat(origin.log()).filteredOn(line -> line.contains("/blobs/"))
        .containsExactly("GET /v2/team/app/blobs/" + digest);
    assertThat(origin.log()).filteredOn("GET /v2/team/app/manifests/1.0"::equals).hasSize(1);
    assertThat(hub.metric("registry_proxy_pulled_bytes_total")).as("bytes fetched by the hub")
        .isEqualTo(edge.metric("registry_proxy_pulled_bytes_total"));
    assertThat(edge.metric("weir_downloads_failed_total")).isZero();
  }

  @Test
  void aTagThatTheWeirAboveCouldNotConfirmIsNoMoreConfirmedHere() {
    origin.addImage("team/app", "1.0", config, layer);
    TestWeir hub = hub();
    TestWeir edge = start(at("edge").upstream("hub", hub.uri()));
    TestClient.Reply fresh = edge.client().manifest("hub/" + REPOSITORY, "1.0");
    assertThat(fresh.header("Warning")).isEmpty();
    origin.close();
    TestClient.Reply stale = edge.client().manifest("hub/" + REPOSITORY, "1.0");
    assertThat(stale.body()).isEqualTo(fresh.body());
    assertThat(stale.header("Warning")).contains("110 weir \"Response is Stale\"");
    assertThat(edge.metric("weir_upstream_down")).as("the weir above is well").isZero();
  }

  @Test
  void twoThatMirrorEachOtherSayOnceThatNobodyHasIt() {
    // the second is not there yet when the first begins: it is started at the port that the first was told
    ScriptedRegistry first = ScriptedRegistry.plain();
    int port = URI.create(first.uri().toString()).getPort();
    first.close();
    TestWeir one = start(at("one").upstream("origin", mirrored(URI.create("http://127.0.0.1:" + port))));
    TestWeir two = start(at("two").port(port).upstream("origin", mirrored(one.uri())));
    for (TestWeir weir : List.of(one, two)) {
      origin.forget();
      for (String path : List.of("manifests/9.9", "manifests/" + digest, "blobs/" + digest, "tags/list")) {
        TestClient.Reply reply = weir.client().get("/v2/" + REPOSITORY + "/" + path);
        assertThat(reply.status()).as(path).isEqualTo(404);
        assertThat(reply.time()).as(path).isLessThan(A_WAIT);
      }
    }
    origin.addImage("team/app", "1.0", config, layer);
    assertThat(one.client().manifest(REPOSITORY, "1.0").status()).isEqualTo(200);
    assertThat(one.client().blob(REPOSITORY, digest).body()).isEqualTo(layer);
  }

  @Test
  void twoThatMirrorEachOtherSeeATagMoveAndWaitForNoneOfTheirOwnQuestions() throws Exception {
    ScriptedRegistry first = ScriptedRegistry.plain();
    int port = first.uri().getPort();
    first.close();
    TestWeir one = start(at("one").upstream("origin", mirrored(URI.create("http://127.0.0.1:" + port))));
    TestWeir two = start(at("two").port(port).upstream("origin", mirrored(one.uri())));
    try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int round = 0; round < 10; round++) {
        byte[] moved = ("{\"round\":" + round + "}").getBytes(StandardCharsets.UTF_8);
        origin.addImage("team/app", "1.0", moved, layer);
        List<Callable<TestClient.Reply>> both = List.of(() -> one.client().manifest(REPOSITORY, "1.0"),
            () -> two.client().manifest(REPOSITORY, "1.0"));
        for (Future<TestClient.Reply> reply : clients.invokeAll(both)) {
          assertThat(new String(reply.get().body(), StandardCharsets.UTF_8)).contains(Digest.sha256(moved).toString());
          assertThat(reply.get().time()).isLessThan(A_WAIT);
        }
      }
    }
  }

  private String mirrored(URI other) {
    return "remoteurl: '" + origin.uri() + "', mirrors: ['" + other + "/origin']";
  }

  @Test
  void theTroubleOfTheUpstreamIsHandedOnAndTheHubIsNotTakenForDown() {
    origin.addImage("team/app", "1.0", config, layer);
    TestWeir hub = start(at("hub").upstream("origin", origin.uri()).waits(TestWaits.ONCE));
    TestWeir edge = start(at("edge").upstream("origin", hub.uri()).section("aliases: {app: [origin/origin/team/app]}"));
    assertThat(edge.client().manifest("app", "1.0").status()).isEqualTo(200);
    for (int status : List.of(502, 429)) {
      origin.forget();
      origin.next("/manifests/2.0", new Fault.Instead(MockAnswer.html(status).with("Retry-After", "60")));
      TestClient.Reply reply = edge.client().manifest("app", "2.0");
      assertThat(reply.status()).isEqualTo(status);
      assertThat(origin.log()).as("who is asked again").filteredOn("GET /v2/team/app/manifests/2.0"::equals)
          .hasSize(1);
      assertThat(edge.metric("weir_upstream_down")).isZero();
    }
  }

  @Test
  void aRequestSaysWhichWeirsItCameThroughAndNotOnWhichHost() {
    origin.addImage("team/app", "1.0", config, layer);
    assertThat(edge(hub()).client().manifest(REPOSITORY, "1.0").header("Via")).get().asString()
        .matches("1\\.1 weir-[0-9a-f]{16}");
    assertThat(origin.server().requests()).last().satisfies(request -> assertThat(request.header("Via")).get()
        .asString().matches("1\\.1 weir-[0-9a-f]{16}, 1\\.1 weir-[0-9a-f]{16}"));
  }
}
