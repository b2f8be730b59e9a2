package dev.weir.server.ui;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.weir.server.http.RawClient;
import dev.weir.server.pullthrough.RawPull;
import dev.weir.server.pullthrough.TestClient.Reply;
import dev.weir.server.pullthrough.TestWeir;

import static org.assertj.core.api.Assertions.assertThat;

/** What a page of another site has a browser send, with the credentials that the browser has for weir. */
final class CrossSiteRequestTest {
  private static final String UPLOAD = "/v2/team/app/blobs/uploads/";

  @TempDir private Path folder;
  private Rig rig;

  @BeforeEach
  void start() {
    rig = new Rig(Rig.guard(TestWeir.in(folder.resolve("data")).deletes()
        .environment(Map.of("REGISTRY_HTTP_HOST", "http://weir.example:5000")), folder).start());
  }

  @AfterEach
  void stop() {
    rig.close();
  }

  @ParameterizedTest
  @CsvSource({"POST,/v2/team/app/blobs/uploads/", "DELETE,/v2/team/app/manifests/latest",
      "PUT,/v2/team/app/manifests/latest", "POST,/weir/v1/gc", "POST,/ui/data/site", "OPTIONS,/v2/", "POST,/"})
  void changesNothingWhateverItAsksFor(String method, String path) {
    for (String[] from : List.of(new String[]{"Origin", "https://evil.example"}, new String[]{"Origin", "null"},
        new String[]{"Sec-Fetch-Site", "cross-site"},
        new String[]{"Origin", rig.weir.uri().toString(), "Sec-Fetch-Site", "cross-site"},
        new String[]{"Origin", "http://127.0.0.1:1"}, new String[]{"Origin", "https://127.0.0.1"},
        new String[]{"Origin", "http://127.0.0.1.evil.example:" + rig.weir.port()})) {
      Reply reply = rig.send("ann", method, path, new byte[1], from);
      assertThat(reply.status()).as("%s from %s", path, List.of(from)).isEqualTo(403);
      assertThat(reply.code()).isEqualTo("DENIED");
      assertThat(reply.sentence()).contains("another site");
      assertThat(reply.headers().map().keySet()).noneMatch(name -> name.startsWith("access-control"));
    }
  }

  @Test
  void ourOwnPageAndProgramsWhichSayNothingMayWrite() {
    String own = rig.weir.uri().toString();
    assertThat(rig.send("ann", "POST", UPLOAD, new byte[0]).status()).isEqualTo(202);
    assertThat(rig.send("ann", "POST", UPLOAD, new byte[0], "Origin", own).status()).isEqualTo(202);
    assertThat(rig.send("ann", "POST", UPLOAD, new byte[0], "Origin", own, "Sec-Fetch-Site", "same-origin").status())
        .isEqualTo(202);
  }

  @Test
  void whatIsOnlyReadIsGivenAndNotSharedWithTheOtherSite() throws IOException {
    Reply reply = rig.weir.client().get("/v2/_catalog", "Authorization", Rig.basic("ann"), "Origin",
        "https://evil.example", "Sec-Fetch-Site", "cross-site");
    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.headers().map().keySet()).noneMatch(name -> name.startsWith("access-control"));
    try (RawPull pull = RawPull.start(rig.weir.port(), "/v2/", "Authorization: " + Rig.basic("ann"),
        "Origin: https://evil.example")) {
      assertThat(pull.status()).isEqualTo(200);
    }
  }

  private int post(String... lines) throws IOException {
    try (RawClient client = new RawClient(rig.weir.port())) {
      return client.send("POST " + UPLOAD + " HTTP/1.1\r\nContent-Length: 0\r\nAuthorization: " + Rig.basic("ann")
          + "\r\n" + String.join("\r\n", lines) + "\r\n\r\n").read().status();
    }
  }

  @Test
  void aNameThatAnotherSiteHasLeadHereIsNoneOfOurs() throws IOException {
    String evil = "evil.example:" + rig.weir.port();
    assertThat(post("Host: " + evil, "Origin: http://" + evil)).isEqualTo(403);
    assertThat(post("Host: " + evil, "Origin: http://" + evil, "Sec-Fetch-Site: same-origin")).isEqualTo(403);
    assertThat(post("Host: " + evil, "Sec-Fetch-Site: none")).isEqualTo(403);
    assertThat(post("Host: " + evil)).isEqualTo(202); // no browser: whatever it calls us
    for (String own : List.of("127.0.0.1:" + rig.weir.port(), "localhost:" + rig.weir.port(), "[::1]:5000",
        "weir.example:5000")) {
      assertThat(post("Host: " + own, "Origin: http://" + own)).as(own).isEqualTo(202);
    }
  }

  @Test
  void thePageIsSharedWithNobodyEvenIfTheRegistryIs() {
    try (Rig shared = new Rig(TestWeir.in(folder.resolve("shared"))
        .environment(Map.of("REGISTRY_HTTP_HEADERS", "{access-control-Allow-Origin: ['*'], X-Of: [weir]}")).start())) {
      assertThat(shared.get("-", "/v2/").header("Access-Control-Allow-Origin")).contains("*");
      for (String path : List.of("/ui/", "/ui/data/site", "/ui/data/nothing")) {
        Reply reply = shared.get("-", path);
        assertThat(reply.headers().map().keySet()).noneMatch(name -> name.startsWith("access-control"));
        assertThat(reply.header("X-Of")).contains("weir");
      }
    }
  }
}
