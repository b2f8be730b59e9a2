package dev.weir.server.ui;

import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.weir.server.pullthrough.TestClient.Reply;

import static org.assertj.core.api.Assertions.assertThat;

/** How the page's files are answered, and to whom. */
final class PageTest {
  private static final Pattern NAMED = Pattern.compile("(?:src|href)=\"([a-z]+\\.[a-z]+)\"|from '\\./([a-z]+\\.js)'");

  @TempDir private Path folder;

  @Test
  void aBrowserAtTheRootIsShownToThePageAndAProgramIsNot() {
    try (Rig rig = Rig.open(folder)) {
      Reply browser = rig.weir.client().get("/", "Accept", "text/html,application/xhtml+xml,*/*;q=0.8");
      assertThat(browser.status()).isEqualTo(302);
      assertThat(browser.header("Location")).contains("/ui/");
      for (Reply program : List.of(rig.weir.client().get("/"), rig.weir.client().get("/", "Accept", "*/*"))) {
        assertThat(program.status()).isEqualTo(200);
        assertThat(program.body()).isEmpty();
        assertThat(program.header("Vary")).contains("Accept");
      }
      assertThat(rig.get("-", "/ui").header("Location")).contains("/ui/");
    }
  }

  @Test
  void everyFileIsThereWithAStrictPolicyAndATypeThatIsNotGuessed() {
    try (Rig rig = Rig.open(folder)) {
      for (String file : List.of("", "weir.css", "weir.svg", "main.js", "dom.js", "data.js", "words.js", "overview.js",
          "repositories.js", "repository.js", "image.js", "plot.js", "commands.js")) {
        Reply reply = rig.get("-", "/ui/" + file);
        assertThat(reply.status()).as(file).isEqualTo(200);
        assertStrict(reply);
        assertThat(reply.header("Cache-Control")).contains("private, no-cache");
        assertThat(reply.header("Access-Control-Allow-Origin")).isEmpty();
        assertNamesOnlyWhatIsHere(rig, file, reply.text());
      }
    }
  }

  private static void assertStrict(Reply reply) {
    assertThat(reply.header("Content-Security-Policy")).contains(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self';"
            + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
    assertThat(reply.header("X-Content-Type-Options")).contains("nosniff");
    assertThat(reply.header("Referrer-Policy")).contains("no-referrer");
  }

  private static void assertNamesOnlyWhatIsHere(Rig rig, String file, String text) {
    assertThat(text.replace("http://www.w3.org/2000/svg", "")).as(file).doesNotContain("http://", "https://",
        "innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "style=\"", "onclick=");
    Matcher named = NAMED.matcher(text);
    while (named.find()) {
      String name = named.group(1) == null ? named.group(2) : named.group(1);
      assertThat(rig.get("-", "/ui/" + name).status()).as("%s names %s", file, name).isEqualTo(200);
    }
  }

  @Test
  void aBrowserThatHasAFileHearsThatItIsTheSame() {
    try (Rig rig = Rig.open(folder)) {
      String tag = rig.get("-", "/ui/main.js").header("ETag").orElseThrow();
      Reply again = rig.weir.client().get("/ui/main.js", "If-None-Match", "\"another\", W/" + tag);
      assertThat(again.status()).isEqualTo(304);
      assertThat(again.body()).isEmpty();
      assertThat(rig.weir.client().get("/ui/main.js", "If-None-Match", "\"another\"").status()).isEqualTo(200);
    }
  }

  @Test
  void whatIsNotThereIsNotFoundAndNothingIsWritten() {
    try (Rig rig = Rig.open(folder)) {
      for (String path : List.of("/ui/nothing.js", "/ui/../main.js", "/ui/data/", "/ui/data/nothing", "/ui/data/site/x",
          "/uix")) {
        assertThat(rig.get("-", path).status()).as(path).isEqualTo(404);
      }
      assertStrict(rig.get("-", "/ui/nothing.js"));
      assertThat(rig.send("-", "POST", "/ui/data/site", new byte[1]).status()).isEqualTo(405);
      assertThat(rig.weir.client().head("/ui/").body()).isEmpty();
    }
  }

  @Test
  void whoComesWithoutCredentialsIsAskedForThem() {
    try (Rig rig = Rig.guarded(folder)) {
      for (String path : List.of("/ui/", "/ui/main.js", "/ui/data/site", "/ui/data/repositories", "/ui/login")) {
        Reply reply = rig.get("-", path);
        assertThat(reply.status()).as(path).isEqualTo(401);
        assertThat(reply.header("WWW-Authenticate")).contains("Basic realm=\"weir\"");
        assertStrict(reply);
      }
      Reply toScript = rig.weir.client().get("/ui/data/site", "X-Weir-Page", "1");
      assertThat(toScript.status()).isEqualTo(401);
      assertThat(toScript.header("WWW-Authenticate")).isEmpty(); // or else the browser asks in its midst
      assertThat(rig.get("ann", "/ui/").status()).isEqualTo(200);
      assertThat(rig.get("ann", "/ui/login").header("Location")).contains("/ui/");
    }
  }

  @Test
  void whoLogsOutIsRefusedOnceAndGoesOnAsWhomeverHeSaysThen() {
    try (Rig rig = Rig.guarded(folder)) {
      assertThat(rig.data("ann", "site").path("mayLogOut").asBoolean()).isTrue();
      Reply refused = rig.get("ann", "/ui/logout?turn=1");
      assertThat(refused.status()).isEqualTo(401);
      assertThat(refused.header("WWW-Authenticate")).contains("Basic realm=\"weir\"");
      assertThat(rig.get("-", "/ui/logout?turn=1").status()).isEqualTo(401);
      assertThat(rig.get("bob", "/ui/logout?turn=1").header("Location")).contains("/ui/");
      assertThat(rig.get("ann", "/ui/logout?turn=2").status()).isEqualTo(401);
      assertThat(rig.get("ann", "/ui/logout?turn=2").header("Location")).as("the same again").contains("/ui/");
      assertThat(rig.get("ann", "/ui/logout").header("Location")).as("an address without a turn").contains("/ui/");
    }
  }

  @Test
  void aBrowserWhoseUserGivesNoNameShowsThatHeIsNotLoggedIn() {
    try (Rig rig = Rig.guarded(folder)) {
      Reply shown = rig.weir.client().get("/ui/", "Accept", "text/html,*/*;q=0.8");
      assertThat(shown.status()).isEqualTo(401);
      assertThat(shown.header("Content-Type")).contains("text/html; charset=utf-8");
      assertThat(shown.header("Cache-Control")).contains("no-store");
      assertThat(shown.text()).contains("You are not logged in", "href=\"login\"");
      assertStrict(shown);
      assertThat(rig.get("-", "/ui/data/site").text()).contains("UNAUTHORIZED");
    }
    try (Rig open = Rig.open(folder)) {
      assertThat(open.data("site").path("mayLogOut").asBoolean()).isFalse();
      assertThat(open.get("-", "/ui/logout?turn=1").header("Location")).contains("/ui/");
    }
  }

  @Test
  void whoMayLookAroundWithoutCredentialsIsAskedOnlyWhenHeWantsToLogIn() {
    try (Rig rig = Rig.guarded(folder, "{users: [anonymous], repositories: ['open/**'], actions: [pull]}",
        "{users: [ann], repositories: ['**'], actions: [pull, push, admin]}")) {
      assertThat(rig.get("-", "/ui/").status()).isEqualTo(200);
      assertThat(rig.data("-", "site").path("mayLogIn").asBoolean()).isTrue();
      assertThat(rig.data("-", "site").path("seesAll").asBoolean()).isFalse();
      assertThat(rig.get("-", "/ui/login").status()).isEqualTo(401);
      assertThat(rig.data("ann", "site").path("user").asText()).isEqualTo("ann");
      assertThat(rig.data("ann", "site").path("mayLogIn").asBoolean()).isFalse();
      assertThat(rig.data("ann", "site").path("seesAll").asBoolean()).isTrue();
    }
  }

  @Test
  void anUpstreamThatIsCalledAsThePageIsKeepsItsAddress() {
    try (Rig rig = Rig.open(folder)) {
      assertThat(rig.get("-", "/ui/v2/").header("Docker-Distribution-API-Version")).contains("registry/2.0");
    }
  }
}
