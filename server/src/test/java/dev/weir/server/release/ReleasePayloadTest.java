package dev.weir.server.release;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.weir.server.ocreplay.Ustar;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

final class ReleasePayloadTest {
  private static final String DIGEST = "sha256:" + "a".repeat(64);
  private static final String REFERENCES = """
      {"kind": "ImageStream", "apiVersion": "image.openshift.io/v1", "metadata": {"name": "4.16.17"},
       "spec": {"lookupPolicy": {"local": false}, "tags": [
         {"name": "cli", "from": {"kind": "DockerImage", "name": "quay.io/openshift-release-dev/ocp-v4.0-art-dev@%s"}},
         {"name": "etcd", "from": {"kind": "DockerImage", "name": "quay.io/openshift-release-dev/ocp-v4.0-art-dev@%s"}}
      ]}}
      """.formatted(DIGEST, DIGEST);
  private static final String METADATA = """
      {"kind": "cincinnati-metadata-v0", "version": "4.16.17", "previous": ["4.16.16", "4.15.37"]}
      """;

  private static byte[] tar(Map<String, String> files) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
      tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
      tar.putArchiveEntry(new TarArchiveEntry("release-manifests/"));
      tar.closeArchiveEntry();
      for (Map.Entry<String, String> file : files.entrySet()) {
        TarArchiveEntry entry = new TarArchiveEntry(file.getKey());
        entry.setSize(file.getValue().getBytes(UTF_8).length);
        tar.putArchiveEntry(entry);
        tar.write(file.getValue().getBytes(UTF_8));
        tar.closeArchiveEntry();
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    return bytes.toByteArray();
  }

  private static InputStream gzip(byte[] content) {
    return new ByteArrayInputStream(Ustar.gzip(content));
  }

  private static Map<String, String> files(String... namesAndContents) {
    Map<String, String> files = new LinkedHashMap<>();
    for (int i = 0; i < namesAndContents.length; i += 2) {
      files.put(namesAndContents[i], namesAndContents[i + 1]);
    }
    return files;
  }

  private static void assertRefused(String references, String because) {
    byte[] layer = tar(files("release-manifests/image-references", references));
    assertThatThrownBy(() -> ReleasePayload.read(gzip(layer))).isInstanceOf(IOException.class)
        .hasMessageContaining(because);
  }

  @Test
  void theComponentsAreThoseThatTheLayerLists() throws IOException {
    ReleasePayload release = ReleasePayload.read(gzip(tar(files("release-manifests/0000_50_operator.yaml", "a: b\n",
        "release-manifests/image-references", REFERENCES, "release-manifests/release-metadata", METADATA))));

    assertThat(release.version()).isEqualTo("4.16.17");
    assertThat(release.previous()).containsExactly("4.16.16", "4.15.37");
    assertThat(release.references().components()).extracting(ImageReferences.Component::name).containsExactly("cli",
        "etcd");
    assertThat(release.references().image("cli").map(PullSpec::toString))
        .contains("quay.io/openshift-release-dev/ocp-v4.0-art-dev@" + DIGEST);
  }

  @Test
  void aLayerThatIsNotCompressedAndNamesItsFilesFromADotIsReadAlike() throws IOException {
    byte[] layer = tar(files("./release-manifests/image-references", REFERENCES));

    assertThat(ReleasePayload.read(new ByteArrayInputStream(layer)).references().components()).hasSize(2);
  }

  @Test
  void whatFollowsBothFilesIsNotRead() throws IOException {
    byte[] whole = tar(files("release-manifests/image-references", REFERENCES, "release-manifests/release-metadata",
        METADATA, "release-manifests/later", "x".repeat(100_000)));
    byte[] cut = Arrays.copyOf(whole, whole.length - 90_000);

    assertThat(ReleasePayload.read(new ByteArrayInputStream(cut)).version()).isEqualTo("4.16.17");
  }

  @Test
  void anImageThatIsNoReleaseIsToldFromADamagedOne() {
    assertThatThrownBy(() -> ReleasePayload.read(gzip(tar(files("etc/passwd", "root")))))
        .hasMessage("no release image: its last layer holds no release-manifests/image-references");
    byte[] layer = tar(files("release-manifests/image-references", REFERENCES + " ".repeat(10_000)));
    assertThatThrownBy(
        () -> ReleasePayload.read(new ByteArrayInputStream(Arrays.copyOf(layer, 4_000))))
        .hasMessageStartingWith("the last layer of the release image: ");
    assertThatThrownBy(() -> ReleasePayload.read(new ByteArrayInputStream("no tar at all".repeat(99).getBytes(UTF_8))))
        .isInstanceOf(IOException.class).hasMessageStartingWith("the last layer of the release image: ");
  }

  @Test
  void aListThatCannotBeTrustedToBeWholeIsRefused() {
    assertRefused("{}", "is no ImageStream");
    assertRefused("{\"kind\": \"ImageStream\"", "is no JSON");
    assertRefused(REFERENCES.replace("\"cli\"", "\"cli\\nquay.io/evil/image\""),
        "lists a component whose name has more");
    assertRefused(REFERENCES.replace("\"4.16.17\"", "\"4.16.17\\nx\""), "names a version that can be none");
    assertRefused(REFERENCES.replace("4.16.17", ""), "names no version");
    assertRefused(REFERENCES.replace("\"etcd\"", "\"cli\""), "lists cli twice");
    assertRefused(REFERENCES.replace("art-dev@" + DIGEST, "art-dev:latest"), "names cli without its digest");
    assertRefused(REFERENCES.replace("quay.io/", ""), "begins with no registry's host");
    assertRefused(REFERENCES.replace("DockerImage", "ImageStreamTag"), "'cli', which is no image");
  }

  @Test
  void aLayerThatUnpacksBeyondAllMeasureIsLeftThere() {
    LayerFiles small = new LayerFiles(50_000, 1_000);
    byte[] bomb = tar(files("a", "x".repeat(100_000), "b", "y"));

    assertThatThrownBy(() -> small.read(gzip(bomb), (path, file) -> true))
        .hasMessage("unpacks to more than 50000 bytes");
    assertThatThrownBy(() -> small.read(gzip(bomb), (path, file) -> !path.equals("a") || file.content().length > 0))
        .hasMessageContaining("holds a with 100000 bytes, more than the 1000");
  }

  @ParameterizedTest
  @CsvSource({"quay.io/a/b:c,quay.io,a/b,c,", "Host:5000/a@sha256:" + A64 + ",host:5000,a,,sha256:" + A64,
      "localhost/a/b:t@sha256:" + A64 + ",localhost,a/b,t,sha256:" + A64, "[::1]:5000/x,[::1]:5000,x,,"})
  void anImagesFullNameIsTakenApart(String text, String registry, String repository, String tag, String digest) {
    PullSpec image = PullSpec.parse(text);

    assertThat(image.registry()).isEqualTo(registry);
    assertThat(image.repository().value()).isEqualTo(repository);
    assertThat(image.tag().map(Object::toString).orElse(null)).isEqualTo(tag);
    assertThat(image.digest().map(Object::toString).orElse(null)).isEqualTo(digest);
    assertThat(image).hasToString(text.replace("Host", "host"));
  }

  private static final String A64 = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

  @Test
  void aNameWithoutAHostIsNoFullOne() {
    for (String text : new String[]{"", "alpine", "library/alpine", "quay.io", "quay.io/", "quay.io/A", "quay.io/a:",
        "quay.io/a@sha256:1", "https://quay.io/a"}) {
      assertThatThrownBy(() -> PullSpec.parse(text)).isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("'" + text + "' is no full image name");
    }
  }
}
