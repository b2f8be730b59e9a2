package dev.weir.server.pullthrough;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

import dev.weir.server.http.AccessLog;
import dev.weir.server.http.RawClient;
import dev.weir.server.http.RawClient.Reply;
import dev.weir.server.upstream.ScriptedRegistry;
import dev.weir.storage.Digest;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

/** A blob that many ask for within a moment: nobody can tell, inside weir or outside, how each came by his answer. */
class SentAgainTest {
  private static final int TIMES = 20;
  private static final String NAME = "/v2/origin/team/app";

  @TempDir private Path folder;
  private final ScriptedRegistry upstream = ScriptedRegistry.plain();
  private final byte[] layer = Bytes.random(1, 1 << 20);
  private final Digest digest = Digest.sha256(layer);
  private final Logger access = (Logger) LoggerFactory.getLogger(AccessLog.NAME);
  private final LogLines lines = LogLines.capture(AccessLog.NAME);
  @SuppressWarnings("NullAway.Init") // set before each test
  private TestWeir weir;

  @BeforeEach
  void start() throws Exception {
    upstream.addImage("team/app", "1.0", Bytes.random(2, 100), layer);
    weir = TestWeir.in(folder.resolve("data")).upstream("origin", upstream.uri()).deletes().start();
    access.setLevel(Level.INFO);
    assertThat(weir.client().manifest("origin/team/app", "1.0").status()).isEqualTo(200);
    assertThat(weir.client().blob("origin/team/app", digest).body()).isEqualTo(layer);
    Await.until("it is held", () -> !weir.files(digest.hex() + "/data").isEmpty());
  }

  @AfterEach
  void stop() {
    weir.close();
    access.setLevel(null);
    lines.close();
    upstream.close();
  }

  private String path() {
    return NAME + "/blobs/" + digest;
  }

  private static String withoutDate(Reply reply) {
    return reply.status() + String.join("\n", reply.lines().stream().filter(line -> !line.startsWith("date:")).toList())
        + "\n" + new String(reply.body(), ISO_8859_1);
  }

  /** Those that name the blob, but for how long it took. */
  private List<String> accessLines() {
    return lines.containing(digest.toString()).stream().map(line -> line.replaceFirst(" \\d+ms ", " ")).toList();
  }

  @Test
  void answersLinesAndCountsAreThoseOfAnyOther() throws Exception {
    for (String[] request : new String[][]{{"GET"}, {"HEAD"}, {"GET", "Range: bytes=5-1004"},
        {"GET", "If-None-Match: " + digest}, {"HEAD", "If-None-Match: " + digest}}) {
      boolean counts = request[0].equals("GET") && !String.join("", request).contains("If-None-Match");
      double hits = weir.metric("registry_proxy_hits_total");
      int before = accessLines().size();
      try (RawClient client = new RawClient(weir.port())) {
        String[] headers = Stream.concat(Stream.of("X-Request-Id: it"), Stream.of(request).skip(1))
            .toArray(String[]::new);
        String first = withoutDate(client.ask(request[0], path(), headers));
        for (int i = 1; i < TIMES; i++) {
          assertThat(withoutDate(client.ask(request[0], path(), headers))).isEqualTo(first);
        }
      }
      Await.until("each is logged", () -> accessLines().size() == before + TIMES);
      assertThat(accessLines().subList(before, before + TIMES).stream().distinct()).hasSize(1);
      assertThat(weir.metric("registry_proxy_hits_total") - hits).isEqualTo(counts ? TIMES : 0);
    }
  }

  @Test
  void deletedBlobIsGivenToNobodyAnyMore() throws Exception {
    byte[] pushed = Bytes.random(3, 1000);
    String path = "/v2/mine/app/blobs/" + Digest.sha256(pushed);
    assertThat(weir.client().push("mine/app", pushed).status()).isEqualTo(201);
    try (RawClient client = new RawClient(weir.port())) {
      for (String method : new String[]{"GET", "HEAD", "GET", "HEAD"}) {
        assertThat(client.ask(method, path).status()).isEqualTo(200);
      }
      assertThat(client.ask("DELETE", path).status()).isEqualTo(202);
      assertThat(client.ask("HEAD", path).status()).isEqualTo(404);
      assertThat(client.get(path).status()).isEqualTo(404);
    }
  }
}
