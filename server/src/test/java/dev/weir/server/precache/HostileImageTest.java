package dev.weir.server.precache;

import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import dev.weir.server.pullthrough.TestWeir;
import dev.weir.server.upstream.ScriptedRegistry;
import dev.weir.storage.Digest;
import dev.weir.storage.MediaTypes;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

/** What is made up to keep a job busy for ever, or to break it, is missing, with a reason; the rest comes. */
@Timeout(300)
class HostileImageTest {
  @TempDir private Path folder;

  private final ScriptedRegistry quay = ScriptedRegistry.quay();

  @AfterEach
  void close() {
    quay.close();
  }

  private Digest index(String tag, String children) {
    Digest index = quay.addManifest("team/app", MediaTypes.OCI_INDEX, "{\"schemaVersion\":2,\"mediaType\":\""
        + MediaTypes.OCI_INDEX + "\",\"manifests\":[" + children + "]}");
    quay.tag("team/app", tag, index);
    return index;
  }

  private static String child(Digest digest) {
    return "{\"mediaType\":\"" + MediaTypes.OCI_INDEX + "\",\"digest\":\"" + digest + "\",\"size\":1}";
  }

  private void assertMissing(String image, String why) throws IOException {
    quay.addImage("team/good", "v1", new byte[]{1}, PrecacheTest.bytes(1, 1_000));
    Path root = folder.resolve("data");
    try (TestWeir _ = TestWeir.in(root).upstream("quay.io", quay.uri()).section("scrub: {interval: 0s}").start()) {
      Commands commands = new Commands(root);
      assertThat(commands.run("precache", image, "quay.io/team/good:v1", "--output", "json")).isEqualTo(1);
      Report report = commands.report();
      assertThat(report.imagesHeld()).isEqualTo(1);
      assertThat(report.missing()).singleElement().satisfies(each -> {
        assertThat(each.image()).isEqualTo(image);
        assertThat(each.reason()).contains(why);
      });
    }
  }

  @Test
  void indexesWithinIndexesEnd() throws IOException {
    Digest inner = quay.addImage("team/app", "inner", new byte[]{2}, PrecacheTest.bytes(2, 100));
    for (int i = 0; i < 5; i++) {
      inner = index("v" + i, child(inner));
    }
    assertMissing("quay.io/team/app:v4", "an index within so many others");
  }

  @Test
  void anIndexOfThousandsIsNotFollowed() throws IOException {
    index("v1", IntStream.range(0, 1_001).mapToObj(i -> child(Digest.sha256(("" + i).getBytes(UTF_8))))
        .collect(Collectors.joining(",")));
    assertMissing("quay.io/team/app:v1", "1001 manifests, which are more than");
  }

  @Test
  void aLayerOfMoreThanThereIsIsNotCounted() throws IOException {
    Digest image = quay.addManifest("team/app", MediaTypes.OCI_MANIFEST, "{\"schemaVersion\":2,\"mediaType\":\""
        + MediaTypes.OCI_MANIFEST + "\",\"config\":{\"mediaType\":\"c\",\"digest\":\"" + Digest.sha256(new byte[]{3})
        + "\",\"size\":" + Long.MAX_VALUE + "},\"layers\":[]}");
    assertMissing("quay.io/team/app@" + image, "cannot be of " + Long.MAX_VALUE + " bytes");
  }
}
