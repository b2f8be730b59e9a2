package dev.weir.server.ui;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.weir.auth.PasswordFileEditor;
import dev.weir.server.pullthrough.TestWeir;
import dev.weir.server.realclient.NeedsPrograms;

import static org.assertj.core.api.Assertions.assertThat;

/** The page in a browser while things go wrong around it. */
@NeedsPrograms("chromium")
final class UiTroubleTest {
  private static final String MARKUP = "<b id=got>in</b>";
  /** {@code window.late} becomes true when the page has done with an answer to a search for {@code mine}. */
  private static final String NOTING_LATE_ANSWERS = """
      (() => {
        const real = window.fetch;
        window.fetch = async (...asked) => {
          const answer = await real(...asked);
          if (String(asked[0]).includes('q=mine')) {
            const read = answer.json.bind(answer);
            answer.json = () => read().finally(() => setTimeout(() => { window.late = true; }));
          }
          return answer;
        };
      })()""";
  private static final String[] RULES = {"{users: ['*'], repositories: ['**'], actions: [pull, push, admin]}"};

  @TempDir private Path folder;
  private Rig rig;
  private Chromium browser;

  @BeforeEach
  void open() throws IOException {
    rig = start(0).known();
    for (String name : List.of("mine/app", "mine/other", "team/base")) {
      Pictures.push(rig, "ann", name, "v1", "nothing");
    }
    browser = new Chromium(folder.resolve("browser"), "ann");
  }

  private Rig start(int port) {
    return new Rig(Rig.guard(TestWeir.in(folder.resolve("data")).port(port), folder, RULES).start());
  }

  @AfterEach
  void close() {
    browser.close();
    rig.close();
  }

  private void go(String view) {
    browser.go("http://127.0.0.1:" + rig.weir.port() + "/ui/" + view);
  }

  private void who(String text) {
    browser.until("document.getElementById('who').innerText.includes(" + Chromium.quoted(text) + ")");
  }

  private void click(String text) {
    browser.evaluate("[...document.querySelectorAll('a')].find(each => each.innerText === '" + text + "').click()");
  }

  @Test
  void whoLogsOutIsAskedAgainAndMayBeSomebodyElseOrNobody() {
    go("");
    who("as ann");
    browser.become("bob");
    click("Log out");
    who("as bob");
    browser.become("");
    click("Log out");
    browser.until("document.body.innerText.includes('You are not logged in')");
    int asked = browser.asked.get();
    go("");
    browser.until("document.body.innerText.includes('You are not logged in')");
    assertThat(browser.asked.get()).as("the browser has forgotten bob").isGreaterThan(asked);
    browser.become("ann");
    click("Log in");
    who("as ann");
  }

  @Test
  void whoIsNoLongerKnownIsToldSoInThePageAndNotAskedInItsMidst() throws IOException {
    go("");
    browser.says("Hit ratio");
    int asked = browser.asked.get();
    new PasswordFileEditor(folder.resolve("htpasswd")).set("ann", "another".getBytes(StandardCharsets.UTF_8), 4);
    browser.says("weir no longer shows this to you: authentication required");
    browser.says("The numbers are as of");
    assertThat(browser.asked.get()).isEqualTo(asked);
    browser.become("bob");
    click("Log in again");
    who("as bob");
  }

  @Test
  void aPageThatIsOpenWhileWeirStartsAgainGoesOnByItself() {
    go("");
    browser.says("Hit ratio");
    int port = rig.weir.port();
    rig.close();
    browser.says("weir does not answer this page");
    rig = start(port).known();
    browser.until("document.querySelector('main .notice.bad').hidden");
    browser.until("document.getElementById('status').textContent === 'weir answers again'");
    click("Repositories");
    browser.says("3 repositories");
  }

  @Test
  void anAnswerThatComesAfterALaterOneChangesNothing() {
    go("#/repositories");
    browser.says("3 repositories");
    browser.evaluate(NOTING_LATE_ANSWERS);
    browser.evaluate("document.querySelector('#search').focus()");
    browser.hold("q=mine");
    browser.type("mine");
    browser.holds();
    browser.evaluate("document.querySelector('#search').value = 'team';"
        + "document.querySelector('#search').dispatchEvent(new Event('input'))");
    browser.says("1 repository");
    browser.says("team/base");
    browser.release();
    browser.until("window.late");
    assertThat(browser.text()).contains("1 repository", "team/base").doesNotContain("mine/app");
  }

  @Test
  void aUserWhoseNameIsMarkupIsTextLikeAnyOther() throws IOException {
    new PasswordFileEditor(folder.resolve("htpasswd")).set(MARKUP,
        Rig.secret(MARKUP).getBytes(StandardCharsets.UTF_8), 4);
    browser.become(MARKUP);
    rig.close();
    rig = start(0).known();
    go("");
    who("as " + MARKUP);
    go("#/repository?name=" + "%3Cimg%20src%3Dx%3E");
    browser.says("<img src=x>");
    assertThat(browser.evaluate("document.querySelectorAll('#got, main img').length").asInt()).isZero();
  }
}
