package dev.weir.server.ui;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

import dev.weir.server.pullthrough.Await;
import dev.weir.server.pullthrough.TestWeir;
import dev.weir.server.realclient.NeedsPrograms;
import dev.weir.server.upstream.ScriptedRegistry;
import dev.weir.storage.Digest;
import dev.weir.storage.MediaTypes;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

/** The page in a browser, over TLS, with credentials; of one weir, from which the tests only read. */
@NeedsPrograms("chromium")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class UiBrowserTest {
  private static final int MIB = 1 << 20;
  private static final String AXE = "/META-INF/resources/webjars/axe-core/4.6.3/axe.min.js";
  private static final String[] RULES = {"{users: [ann], repositories: ['**'], actions: [pull, push, admin]}",
      "{users: [bob], repositories: ['mine/**'], actions: [pull]}"};

  private final ScriptedRegistry upstream = ScriptedRegistry.plain();
  private final byte[] slow = new byte[8 * MIB];
  private Path folder = Path.of("");
  private Rig rig;

  @BeforeAll
  void start(@TempDir Path directory) {
    folder = directory;
    fill();
    rig = new Rig(Rig.guard(TestWeir.in(folder.resolve("data")).upstream("quay.example", upstream.uri())
        .environment(Map.of("REGISTRY_HTTP_TLS_AUTO", "true", "REGISTRY_CERTS_PATH", folder + "/certs")), folder, RULES)
        .start()).known();
  }

  /** What was there before: pushed over plain HTTP, which a test speaks more easily. */
  private void fill() {
    try (Rig before = new Rig(Rig.guard(TestWeir.in(folder.resolve("data")).upstream("quay.example", upstream.uri()),
        folder, RULES).start())) {
      for (String name : List.of("mine/app", "mine/app-tools", "team/base", "team/web/front")) {
        Pictures.push(before, "ann", name, "v1.0", "weir's test");
      }
      Digest marked = Pictures.push(before, "ann", "mine/markup", "v1", Pictures.MARKUP);
      byte[] empty = Pictures.bytes("{}");
      before.pushBlob("ann", "mine/markup", empty);
      before.pushManifest("ann", "mine/markup", "sbom", MediaTypes.OCI_MANIFEST,
          Pictures.referrer(marked, empty, "application/spdx+json"));
      before.pushManifest("ann", "mine/markup", "all", MediaTypes.OCI_INDEX,
          Pictures.index(marked, 700, Pictures.MARKUP)
              .replaceAll("(?s),\\s*\\{\"mediaType\":\"[^\"]*\",\"digest\":\"sha256:0+.*?\\}\\}", ""));
      upstream.addImage("team/large", "v2", Pictures.bytes(Pictures.config("amd64", "large")), slow, new byte[MIB]);
      assertThat(before.get("ann", "/v2/quay.example/team/large/manifests/v2").status()).isEqualTo(200);
    }
  }

  @AfterAll
  void stop() {
    rig.close();
    upstream.close();
  }

  private String address(String rest) {
    return "https://127.0.0.1:" + rig.weir.port() + rest;
  }

  private Chromium browser(String user) throws IOException {
    return new Chromium(Files.createTempDirectory(folder, user), user);
  }

  @Test
  void aPersonLooksAroundSearchesAndReadsThePlot() throws IOException {
    try (Chromium browser = browser("ann")) {
      browser.go(address("/"));
      browser.says("Hit ratio");
      browser.says("Nothing is on its way");
      browser.says("quay.example");
      browser.until("document.querySelectorAll('figure svg').length === 2");
      browser.until("document.querySelector('header').innerText.includes('as ann')");
      assertThat(browser.evaluate("document.querySelector('figure svg').getAttribute('aria-label')").asText())
          .startsWith("Hit ratio over the last hour: ");
      browser.evaluate("document.querySelector('nav a[data-view=repositories]').click()");
      browser.shows("repositories");
      browser.says("6 repositories");
      browser.picture("repositories");
      browser.evaluate("document.querySelector('#search').focus()");
      browser.type("APP tool");
      browser.says("1 repository");
      browser.evaluate("document.querySelector('main table a').focus()");
      browser.press("Enter");
      browser.says("podman pull 127.0.0.1:" + rig.weir.port() + "/mine/app-tools");
      browser.says("v1.0");
      browser.picture("repository");
      assertThat(browser.evaluate("document.activeElement.tagName").asText()).isEqualTo("H1");
      browser.evaluate("[...document.querySelectorAll('main table a')].find(a => a.innerText === 'v1.0').click()");
      browser.says("linux/amd64");
      browser.says("layer.v1.tar+gzip");
      browser.says("org.opencontainers.image.title");
      browser.picture("image");
      browser.go(address("/ui/#/use"));
      browser.says("podman login 127.0.0.1:" + rig.weir.port());
      browser.says("ImageDigestMirrorSet");
      browser.picture("use");
      assertThat(browser.errors).isEmpty();
    }
  }

  @Test
  void aRunningDownloadIsWatchedToItsEnd() throws IOException {
    upstream.pauseBodiesAfter(3 * MIB);
    String blob = "/v2/quay.example/team/large/blobs/" + Digest.sha256(new byte[MIB]);
    String large = "/v2/quay.example/team/large/blobs/" + Digest.sha256(slow);
    try (Chromium browser = browser("ann")) {
      browser.go(address("/ui/"));
      browser.says("Nothing is on its way");
      browser.evaluate("window.pulled = fetch('" + large + "').then(it => it.arrayBuffer()).then(it => it.byteLength);"
          + " window.missed = fetch('" + blob + "').then(it => it.status); true");
      browser.says("quay.example/team/large");
      browser.until("[...document.querySelectorAll('main progress')].some(bar => bar.value > " + 2 * MIB + ")");
      browser.picture("overview-light");
      browser.prefer("dark");
      browser.picture("overview-dark");
      browser.size(390, 844);
      browser.picture("overview-narrow");
      browser.size(1280, 900);
      upstream.resumeBodies();
      assertThat(browser.evaluate("window.pulled").asInt()).isEqualTo(slow.length);
      browser.says("over, 8.0 MiB");
      browser.until("document.getElementById('status').textContent.includes('is over')");
      browser.says("Nothing is on its way");
      browser.until("/Hit ratio over the last hour: .* of [1-9]/"
          + ".test(document.querySelector('figure svg').getAttribute('aria-label'))");
      assertThat(browser.evaluate("document.querySelectorAll('figure rect.miss').length").asInt()).isPositive();
      browser.picture("overview-plot");
      assertThat(browser.errors).isEmpty();
    }
  }

  @Test
  void whatAnImageSaysStaysTextWhateverItSays() throws IOException {
    try (Chromium browser = browser("bob")) {
      for (String view : List.of("#/image?name=mine/markup&reference=v1", "#/image?name=mine/markup&reference=all",
          "#/repository?name=mine/markup", "#/repositories?q=%3Cimg%20src%3Dx%3E")) {
        browser.go("about:blank");
        browser.go(address("/ui/" + view));
        browser.until("document.querySelector('main h1')");
        assertThat(browser.evaluate("document.querySelectorAll('main script, main img').length").asInt()).as(view)
            .isZero();
        assertThat(browser.evaluate("document.title").asText()).as(view).doesNotContain("got in");
      }
      browser.go(address("/ui/#/image?name=mine/markup&reference=v1"));
      browser.says(Pictures.MARKUP);
      browser.picture("markup");
      assertThat(browser.evaluate("document.title").asText()).doesNotContain("got in");
      assertThat(browser.errors).isEmpty();
      browser.go(address("/ui/#/image?name=%3Cscript%3E&reference=%3Cimg%20src=x%20onerror=alert(1)%3E"));
      browser.says("not a repository name: '<script>'");
    }
  }

  @Test
  void whoMayPullOneThingSeesNoMore() throws IOException {
    try (Chromium browser = browser("bob")) {
      browser.go(address("/ui/"));
      browser.says("is shown to those who administer it");
      browser.evaluate("location.hash = '#/repositories'");
      browser.shows("repositories");
      browser.says("3 repositories");
      assertThat(browser.text()).doesNotContain("team/");
      browser.evaluate("location.hash = '#/repository?name=team/base'");
      browser.says("no rule allows it");
    }
  }

  @Test
  void aFormOfAnotherSiteDoesNothing() throws IOException {
    String upload = address("/v2/mine/app/blobs/uploads/");
    String collect = address("/weir/v1/gc");
    HttpServer evil = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    evil.createContext("/", exchange -> {
      String target = exchange.getRequestURI().getPath().equals("/gc") ? collect : upload;
      byte[] page = ("<form method=post enctype='text/plain' action='" + target
          + "'><input name=a value=b></form><script>document.forms[0].submit()</script>").getBytes(UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "text/html");
      exchange.sendResponseHeaders(200, page.length);
      exchange.getResponseBody().write(page);
      exchange.close();
    });
    evil.start();
    try (Chromium browser = browser("ann")) {
      browser.go(address("/ui/"));
      browser.says("Hit ratio"); // from now on the browser has credentials for weir
      browser.go("http://localhost:" + evil.getAddress().getPort() + "/");
      Await.until("weir answered the form", () -> browser.answers.containsKey("POST " + upload));
      assertThat(browser.answers).containsEntry("POST " + upload, 403);
      browser.go("http://localhost:" + evil.getAddress().getPort() + "/gc");
      Await.until("weir answered the form", () -> browser.answers.containsKey("POST " + collect));
      assertThat(browser.answers).containsEntry("POST " + collect, 403);
      assertThat(rig.weir.files("weir/uploads")).isEmpty();
    } finally {
      evil.stop(0);
    }
  }

  @Test
  void nothingSeriousStandsInTheWayOfAnybody() throws IOException {
    try (Chromium browser = browser("ann")) {
      for (String scheme : List.of("light", "dark")) {
        browser.prefer(scheme);
        for (Map.Entry<String, String> view : Map.of("#/", "Hit ratio", "#/repositories", "Owned",
            "#/repository?name=mine/app", "podman pull", "#/image?name=mine/markup&reference=v1", "Layers", "#/use",
            "podman login").entrySet()) {
          browser.go("about:blank");
          browser.go(address("/ui/" + view.getKey()));
          browser.says(view.getValue());
          assertAccessible(browser, scheme + " " + view.getKey());
        }
        browser.picture("use-" + scheme);
      }
      browser.size(390, 844);
      browser.go(address("/ui/#/image?name=mine/markup&reference=v1"));
      browser.says("Layers");
      assertThat(browser.evaluate("document.documentElement.scrollWidth <= 390").asBoolean()).isTrue();
      browser.picture("image-narrow");
      assertThat(browser.errors).isEmpty();
    }
  }

  private static void assertAccessible(Chromium browser, String view) throws IOException {
    browser.evaluate(axe() + ";true");
    JsonNode found = browser.evaluate("axe.run(document, {resultTypes: ['violations']}).then(it => it.violations"
        + ".map(each => [each.impact, each.id, each.nodes.map(node => node.html + ' ' + node.failureSummary)]))");
    assertThat(found.valueStream().filter(each -> List.of("serious", "critical").contains(each.path(0).asText()))
        .map(JsonNode::toString)).as(view).isEmpty();
  }

  private static String axe() throws IOException {
    try (InputStream in = UiBrowserTest.class.getResourceAsStream(AXE)) {
      assertThat(in).as(AXE).isNotNull();
      return new String(in.readAllBytes(), UTF_8);
    }
  }
}
