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

class CatalogueAccessTest {
  private static GuardedWeir weir;

  @BeforeAll
  static void start(@TempDir Path directory) throws Exception {
    weir = GuardedWeir.start(directory, """
        rules:
        - {users: [anonymous], repositories: ["public/**"], actions: [pull]}
        - {users: ['*'], repositories: ["shared/**"], actions: [pull]}
        - {users: [bob], repositories: [team/app], actions: [pull]}
        - {users: [pusher], repositories: ["**"], actions: [push, delete, admin]}
        - {users: [filler], repositories: ["**"], actions: [push, pull]}
        """, "bob", "pusher", "filler", "nobody");
    for (String repository : List.of("box/one", "public/img", "shared/img", "team/app", "team/other")) {
      weir.pushImage("filler", repository, "v1", "{}");
    }
  }

  @AfterAll
  static void stop() {
    weir.close();
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {"-|public/img", "nobody|public/img,shared/img",
      "bob|public/img,shared/img,team/app", "pusher|public/img,shared/img",
      "filler|box/one,public/img,shared/img,team/app,team/other"})
  void theCatalogueShowsWhatMayBePulled(String user, String repositories) throws Exception {
    Reply reply = weir.ask(user, "GET", "/v2/_catalog");
    assertThat(reply.text()).isEqualTo("{\"repositories\":[\"" + repositories.replace(",", "\",\"") + "\"]}");
  }

  @Test
  void pagesOfTheCatalogueStepOverWhatIsHidden() throws Exception {
    Reply first = weir.ask("bob", "GET", "/v2/_catalog?n=2");
    assertThat(first.text()).isEqualTo("{\"repositories\":[\"public/img\",\"shared/img\"]}");
    assertThat(first.header("Link")).contains("</v2/_catalog?last=shared%2Fimg&n=2>; rel=\"next\"");
    Reply next = weir.ask("bob", "GET", "/v2/_catalog?last=shared%2Fimg&n=2");
    assertThat(next.text()).isEqualTo("{\"repositories\":[\"team/app\"]}");
    assertThat(next.header("Link")).isEmpty();
  }
}
