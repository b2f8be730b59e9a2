package dev.weir.server.pullthrough;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.weir.server.upstream.MockRequest;
import dev.weir.server.upstream.ScriptedRegistry;
import dev.weir.storage.Digest;

import static org.assertj.core.api.Assertions.assertThat;

/** A request has one name, from the client's edge to the last upstream. */
class RequestIdTest {
  @TempDir private Path folder;
  private final ScriptedRegistry origin = ScriptedRegistry.quay();
  private final byte[] config = "{}".getBytes(StandardCharsets.UTF_8);

  @BeforeEach
  void fill() {
    origin.addImage("team/app", "1.0", config);
  }

  @AfterEach
  void close() {
    origin.close();
  }

  private List<Optional<String>> ids() {
    return origin.server().requests().stream().filter(request -> request.target().startsWith("/v2/team"))
        .map(RequestIdTest::id).distinct().toList();
  }

  private static Optional<String> id(MockRequest request) {
    return request.header("X-Request-Id");
  }

  @Test
  void itIsPassedOnFromWeirToWeir() {
    try (TestWeir hub = TestWeir.in(folder.resolve("hub")).upstream("origin", origin.uri()).start();
        TestWeir edge = TestWeir.in(folder.resolve("edge"))
            .upstream("origin", "remoteurl: '" + origin.uri() + "', mirrors: ['" + hub.uri() + "/origin']").start()) {
      assertThat(edge.client().get("/v2/origin/team/app/manifests/1.0", "X-Request-Id", "edge-1.pod_7").status())
          .isEqualTo(200);
      assertThat(edge.client().get("/v2/origin/team/app/blobs/" + Digest.sha256(config), "X-Request-Id", "edge-1.pod_7")
          .body()).isEqualTo(config);
    }
    assertThat(ids()).containsExactly(Optional.of("edge-1.pod_7"));
    assertThat(origin.cdn().requests()).as("another host").isNotEmpty()
        .allSatisfy(request -> assertThat(id(request)).isEmpty());
  }

  @Test
  void aNameThatIsNoneIsReplaced() {
    try (TestWeir weir = TestWeir.in(folder.resolve("weir")).upstream("origin", origin.uri()).start()) {
      for (String wrong : List.of("a b", "\"x\"", "-", "a".repeat(65))) {
        assertThat(weir.client().get("/v2/origin/team/app/manifests/1.0", "X-Request-Id", wrong).status())
            .isEqualTo(200);
      }
    }
    assertThat(ids()).hasSize(1).allSatisfy(id -> assertThat(id.orElseThrow()).matches("[0-9a-f]{16}"));
  }
}
