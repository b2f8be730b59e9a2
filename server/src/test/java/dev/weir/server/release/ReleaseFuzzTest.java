package dev.weir.server.release;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Map;

import org.junit.jupiter.api.Test;

import dev.weir.server.fuzz.Fuzzing;
import dev.weir.server.ocreplay.Ustar;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

/** Whatever a layer is, it is read as a release or refused in a sentence. */
class ReleaseFuzzTest {
  private static final byte[] REFERENCES = """
      {"kind": "ImageStream", "metadata": {"name": "4.16.17"}, "spec": {"tags": [{"name": "cli", "from":
       {"kind": "DockerImage", "name": "quay.io/a/b@sha256:%s"}}]}}
      """.formatted("a".repeat(64)).getBytes(UTF_8);

  private static byte[] tar() {
    return Ustar.archive(Map.of("release-manifests/image-references", REFERENCES));
  }

  @Test
  void layers() {
    Fuzzing.run(2, noise -> {
      byte[] layer = noise.in(2) ? noise.damaged(Ustar.gzip(tar())) : Ustar.gzip(noise.damaged(tar()));
      try {
        assertThat(ReleasePayload.read(new ByteArrayInputStream(layer)).references().components()).isNotEmpty();
      } catch (IOException e) {
        assertThat(e.getMessage()).matches("(?s)(the last layer of the release image: |no release image: ).+");
      }
    });
  }
}
