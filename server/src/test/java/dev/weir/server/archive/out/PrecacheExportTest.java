package dev.weir.server.archive.out;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.weir.server.keep.Pusher;
import dev.weir.server.ocreplay.SyntheticBlob;
import dev.weir.server.ocreplay.SyntheticImage;
import dev.weir.server.ocreplay.SyntheticRelease;
import dev.weir.server.ocreplay.SyntheticRelease.Shape;
import dev.weir.storage.Digest;
import dev.weir.storage.Manifest;

import static org.assertj.core.api.Assertions.assertThat;

/** {@code weir export --to precache:}. */
class PrecacheExportTest {
  private static final byte[] CONFIG = Pusher.bytes(1, 500);
  private static final byte[] BASE = Pusher.bytes(2, 3_000_000);
  private static final byte[] ONE = Pusher.bytes(3, 2_000);

  @TempDir private Path folder;
  private Site site;
  private Path out;

  @BeforeEach
  void open() {
    site = new Site(folder.resolve("here"));
    out = folder.resolve("out");
  }

  @AfterEach
  void close() throws IOException {
    site.close();
  }

  private int export(String... words) {
    return site.export("precache:" + out, words);
  }

  private String said() {
    return site.said();
  }

  private List<String> list(String name) throws IOException {
    return Files.readAllLines(out.resolve(name));
  }

  private List<String> files() throws IOException {
    try (Stream<Path> all = Files.list(out)) {
      return all.map(file -> String.valueOf(file.getFileName())).sorted().toList();
    }
  }

  private Map<String, byte[]> members(String file) throws IOException {
    Map<String, byte[]> found = new TreeMap<>();
    try (TarArchiveInputStream tar = new TarArchiveInputStream(
        new GZIPInputStream(Files.newInputStream(out.resolve(file))))) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        found.put(entry.getName(), tar.readAllBytes());
      }
    }
    return found;
  }

  @Test
  void anImageIsAnArchiveOfItsDirLayoutUnderTheNameThatTheScriptsLookFor() throws IOException {
    Manifest amd = site.push("quay.io/team/app", "", CONFIG, BASE, ONE);
    Manifest arm = site.push("quay.io/team/app", "", CONFIG, BASE);
    Manifest index = Site.index(amd, arm);
    site.put("quay.io/team/app", "v1", index);
    assertThat(export("quay.io/team/app:v1")).as(said()).isZero();
    assertThat(files()).contains("app_v1.tgz", "ai-images.txt", "ocp-images.txt", "mapping.txt");
    assertThat(list("ocp-images.txt")).containsExactly("quay.io/team/app:v1");
    assertThat(list("ai-images.txt")).isEmpty();
    assertThat(list("mapping.txt")).containsExactly("quay.io/team/app:v1=team/app:v1");
    Map<String, byte[]> members = members("app_v1.tgz");
    assertThat(members).containsOnlyKeys("app_v1/", "app_v1/version", "app_v1/manifest.json",
        "app_v1/" + amd.digest().hex() + ".manifest.json", "app_v1/" + arm.digest().hex() + ".manifest.json",
        "app_v1/" + Digest.sha256(CONFIG).hex(), "app_v1/" + Digest.sha256(BASE).hex(),
        "app_v1/" + Digest.sha256(ONE).hex());
    assertThat(members.get("app_v1/version")).asString().isEqualTo("Directory Transport Version: 1.1\n");
    assertThat(members.get("app_v1/manifest.json")).isEqualTo(index.content());
    assertThat(members.get("app_v1/" + Digest.sha256(BASE).hex())).isEqualTo(BASE);

    byte[] before = Files.readAllBytes(out.resolve("app_v1.tgz"));
    assertThat(export("quay.io/team/app:v1", "--output", "json")).isZero();
    assertThat(site.commands.json().path("written").asLong()).as("it is there").isZero();
    Files.delete(out.resolve("app_v1.tgz"));
    assertThat(export("quay.io/team/app:v1")).isZero();
    assertThat(Files.readAllBytes(out.resolve("app_v1.tgz"))).as("the same bytes again").isEqualTo(before);
    site.put("quay.io/team/app", "v1", amd);
    assertThat(export("quay.io/team/app:v1")).isZero();
    assertThat(members("app_v1.tgz").get("app_v1/manifest.json")).as("the tag moved").isEqualTo(amd.content());
  }

  private void push(String name, String tag, SyntheticImage image) throws IOException {
    for (SyntheticBlob blob : image.blobs()) {
      try (InputStream content = blob.content().get()) {
        site.blob(name, content.readAllBytes());
      }
    }
    site.put(name, tag, new Manifest(SyntheticImage.MEDIA_TYPE, image.digest(), image.manifest()));
  }

  @Test
  void aReleaseIsNamedAsItsClustersNameItWhereverItIsHeld() throws IOException {
    SyntheticRelease release = SyntheticRelease.of("4.16.17", new Shape(4, 8, 4096), 3);
    for (SyntheticImage image : release.components()) {
      push("ocp4/openshift4", image.tag(), image);
    }
    push("ocp4/openshift4", release.image().tag(), release.image());
    assertThat(export("--release", "ocp4/openshift4:4.16.17-x86_64")).as(said()).isZero();
    String self = "quay.io/openshift-release-dev/ocp-release@" + release.image().digest();
    assertThat(list("ai-images.txt")).containsExactly(self);
    assertThat(list("ocp-images.txt")).containsExactlyInAnyOrderElementsOf(release.components().stream()
        .map(image -> "quay.io/openshift-release-dev/ocp-v4.0-art-dev@" + image.digest()).toList());
    assertThat(list("mapping.txt")).contains(self + "=openshift/release-images:4.16.17-x86_64",
        "quay.io/openshift-release-dev/ocp-v4.0-art-dev@" + release.components().getFirst().digest()
            + "=openshift/release:4.16.17-x86_64-component-0");
    assertThat(files()).contains("ocp-release@sha256_" + release.image().digest().hex() + ".tgz")
        .filteredOn(name -> name.endsWith(".tgz")).hasSize(4);
  }

  @Test
  void theListsNameWhatIsThereAndTheReportTheRest() throws IOException {
    Manifest whole = site.push("quay.io/team/whole", "v1", CONFIG, ONE);
    site.push("quay.io/team/lacking", "v1", CONFIG, BASE);
    byte[] other = Pusher.bytes(8, 5_000);
    site.push("quay.io/team/damaged", "v1", CONFIG, other);
    site.push("quay.io/another/whole", "v1", CONFIG, other);
    Files.delete(site.data(Digest.sha256(BASE)));
    byte[] wrong = other.clone();
    wrong[0] ^= 1;
    Files.write(site.data(Digest.sha256(other)), wrong);
    assertThat(export("quay.io/team/whole:v1", "quay.io/team/lacking:v1", "quay.io/team/damaged:v1")).isEqualTo(1);
    assertThat(list("ocp-images.txt")).containsExactly("quay.io/team/whole:v1");
    assertThat(files()).filteredOn(name -> name.endsWith(".tgz")).containsExactly("whole_v1.tgz");
    assertThat(said()).contains("its blob " + Digest.sha256(BASE) + " is not held",
        "quay.io/team/damaged:v1: " + Digest.sha256(other) + " is damaged");
    assertThat(members("whole_v1.tgz").get("whole_v1/manifest.json")).isEqualTo(whole.content());

    Files.write(site.data(Digest.sha256(other)), other);
    assertThat(export("quay.io/another/whole:v1", "quay.io/team/whole:v1")).isEqualTo(1);
    assertThat(said()).contains("its file whole_v1.tgz is that of quay.io/another/whole:v1");
  }

  @Test
  void aNodeNeedsTheNameOfARegistry() throws IOException {
    site.push("team/app", "v1", CONFIG, ONE);
    assertThat(export("--all")).isEqualTo(2);
    assertThat(said()).contains("team/app:v1 is held without the name of a registry");
    assertThat(export("--all", "--registry", "mirror.example.com:5000")).as(said()).isZero();
    assertThat(list("ocp-images.txt")).containsExactly("mirror.example.com:5000/team/app:v1");
    assertThat(files()).contains("app_v1.tgz");
  }

  @Test
  void compressedByTwoThreadsItIsStillOneStream() throws IOException {
    byte[] long1 = Pusher.bytes(5, (5 << 20) + 77);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ParallelGzip gzip = new ParallelGzip(bytes)) {
      gzip.write(long1, 0, 1000);
      gzip.write(long1, 1000, long1.length - 1000);
      gzip.write(9);
      gzip.finish();
    }
    byte[] back = new GZIPInputStream(new ByteArrayInputStream(bytes.toByteArray())).readAllBytes();
    assertThat(back).hasSize(long1.length + 1).startsWith(long1).endsWith(9);
  }
}
