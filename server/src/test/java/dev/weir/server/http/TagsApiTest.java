package dev.weir.server.http;

import java.io.IOException;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.weir.storage.Tag;

import static org.assertj.core.api.Assertions.assertThat;

class TagsApiTest {
  private final FakeRegistry registry = new FakeRegistry();
  private TestServer server;
  private RawClient client;

  @BeforeEach
  void start() throws IOException {
    server = TestServer.of(TestServer.registry(registry));
    client = server.connect();
  }

  @AfterEach
  void stop() throws IOException {
    client.close();
    server.close();
  }

  @Test
  void repositoryWithoutTagsHasAnEmptyList() throws IOException {
    assertThat(client.get("/v2/team/app/tags/list").text()).isEqualTo("{\"name\":\"team/app\",\"tags\":[]}");
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', nullValues = "-", value = {"/v2/team/app/tags/list|a,b,c,d|-",
      "/v2/team/app/tags/list?n=2|a,b|/v2/team/app/tags/list?last=b&n=2",
      "/v2/team/app/tags/list?n=2&last=b|c,d|-", "/v2/team/app/tags/list?last=c|d|-",
      "/v2/team/app/tags/list?n=4|a,b,c,d|-", "/v2/team/app/tags/list?n=99999999999|a,b,c,d|-",
      "/v2/team/app/tags/list?n=0|''|-", "/v2/team/app/tags/list?last=zz|''|-",
      "/quay.io/v2/team/app/tags/list?n=1|a|/quay.io/v2/team/app/tags/list?last=a&n=1",
      "/v2/team/app/tags/list?ns=quay.io&n=1|a|/v2/team/app/tags/list?last=a&n=1&ns=quay.io",
      "/v2/team/app/tags/list?ns=%22%3E&n=1|a|/v2/team/app/tags/list?last=a&n=1&ns=%22%3E"})
  void pagesOfTags(String path, String shown, String next) throws IOException {
    Stream.of("a", "b", "c", "d").map(Tag::parse).forEach(registry.tags::add);
    RawClient.Reply reply = client.get(path);
    String list = shown.isEmpty() ? "" : "\"" + shown.replace(",", "\",\"") + "\"";
    assertThat(reply.text()).isEqualTo("{\"name\":\"team/app\",\"tags\":[" + list + "]}");
    assertThat(reply.header("Link").orElse(null)).isEqualTo(next == null ? null : "<" + next + ">; rel=\"next\"");
  }

  @ParameterizedTest
  @CsvSource({"/v2/other/tags/list,404,NAME_UNKNOWN", "/v2/team/app/tags/list?n=x,400,PAGINATION_NUMBER_INVALID",
      "/v2/team/app/tags/list?n=-1,400,PAGINATION_NUMBER_INVALID",
      "/elsewhere.io/v2/team/app/tags/list,404,NAME_UNKNOWN"})
  void errorsOfTagLists(String path, int status, String code) throws IOException {
    RawClient.Reply reply = client.get(path);
    assertThat(reply.status()).isEqualTo(status);
    assertThat(reply.text()).contains(code);
  }
}
