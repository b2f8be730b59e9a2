package dev.weir.server.http;

import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.weir.server.http.RawClient.Reply;

import static org.assertj.core.api.Assertions.assertThat;

/** What is for administrators tells everybody else nothing, not even whether it is there. */
class AdministrationAccessTest {
  private static final List<String> PATHS = List.of("/weir/v1", "/weir/v1/", "/weir/v1/status", "/weir/v1/pins/a/b",
      "/weir%2Fv1/status", "/weir/v1/../v1/status", "/weir/v1/status?ns=quay.io");

  private static GuardedWeir weir;

  @BeforeAll
  static void start(@TempDir Path directory) throws Exception {
    weir = GuardedWeir.start(directory, """
        rules:
        - {users: [anonymous], repositories: ["public/**"], actions: [pull]}
        - {users: [all], repositories: ["**"], actions: [pull, push, delete]}
        - {users: [part], repositories: ["team/**", "*", "*/**"], actions: [admin]}
        - {users: [root], repositories: ["**"], actions: [admin]}
        """, "nobody", "all", "part", "root");
  }

  @AfterAll
  static void stop() {
    weir.close();
  }

  @ParameterizedTest
  @CsvSource({"-,401,UNAUTHORIZED", "nobody,403,DENIED", "all,403,DENIED", "part,403,DENIED"})
  void everyPathAnswersAlike(String user, int status, String code) throws Exception {
    for (String path : PATHS) {
      for (String method : List.of("GET", "POST", "PUT", "PATCH", "DELETE")) {
        Reply reply = weir.ask(user, method, path);
        assertThat(reply.status()).as("%s %s", method, path).isEqualTo(status);
        assertThat(reply.text()).contains("\"" + code + "\"");
        assertThat(reply.header("WWW-Authenticate").isPresent()).isEqualTo(status == 401);
      }
    }
  }

  @Test
  void anAdministratorSeesWhatThereIsAndIsToldWhatThereIsNot() throws Exception {
    assertThat(weir.ask("root", "GET", "/weir/v1/status").text()).contains("\"repositories\"");
    assertThat(weir.ask("root", "GET", "/weir/v1/status").status()).isEqualTo(200);
    for (String path : List.of("/weir/v1", "/weir/v1/", "/weir/v1/pins/a/b", "/weir/v1/jobs/none")) {
      assertThat(weir.ask("root", "GET", path).status()).as(path).isEqualTo(404);
    }
    assertThat(weir.ask("root", "DELETE", "/weir/v1/status").status()).isEqualTo(404);
    // without application/json: a page that somebody's browser shows could send this
    assertThat(weir.ask("root", "POST", "/weir/v1/gc", "{}").status()).isEqualTo(405);
  }

  @Test
  void wrongPasswordOfAnAdministratorIsAskedForAnother() throws Exception {
    try (RawClient client = weir.connect()) {
      Reply reply = client.get("/weir/v1/status", GuardedWeir.authorization("root", "wrong"));
      assertThat(reply.status()).isEqualTo(401);
      assertThat(reply.header("WWW-Authenticate")).contains("Basic realm=\"Registry Realm\"");
    }
  }

  @Test
  void whereNobodyCanLogInNobodyAdministers() throws Exception {
    try (TestServer open = TestServer.of(TestServer.registry(new FakeRegistry()));
        RawClient client = open.connect()) {
      for (String path : List.of("/metrics", "/weir/v1", "/weir/v1/status")) {
        Reply reply = client.get(path);
        assertThat(reply.status()).as(path).isEqualTo(403);
        assertThat(reply.header("WWW-Authenticate")).isEmpty();
      }
    }
  }
}
