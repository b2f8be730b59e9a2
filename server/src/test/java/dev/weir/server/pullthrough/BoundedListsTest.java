package dev.weir.server.pullthrough;

import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.weir.server.pullthrough.TestClient.Reply;
import dev.weir.server.upstream.ScriptedRegistry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

class BoundedListsTest {
  @TempDir private Path folder;

  @Test
  void moreTagsThanMayBeAskedForAtOnceAreRefusedAndAllOfThemAreNot() {
    try (ScriptedRegistry upstream = ScriptedRegistry.plain()) {
      for (String tag : List.of("v1", "v2", "v3")) {
        upstream.addImage("team/app", tag, tag.getBytes(UTF_8));
      }
      try (TestWeir weir = TestWeir.in(folder.resolve("data")).upstream("up", upstream.uri())
          .section("tags: {maxtags: 2}").start()) {
        String tags = "/v2/up/team/app/tags/list";
        Reply refused = weir.client().get(tags + "?n=3");
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.text()).contains("PAGINATION_NUMBER_INVALID", "the 2 tags", "tags.maxtags");
        Reply page = weir.client().get(tags + "?n=2");
        assertThat(page.text()).contains("\"v1\",\"v2\"").doesNotContain("v3");
        assertThat(page.header("Link")).isPresent();
        assertThat(weir.client().get(tags).text()).contains("\"v1\",\"v2\",\"v3\"");
      }
    }
  }
}
