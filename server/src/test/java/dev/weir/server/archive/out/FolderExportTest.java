package dev.weir.server.archive.out;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.weir.server.keep.Pusher;
import dev.weir.storage.Digest;
import dev.weir.storage.Manifest;
import dev.weir.storage.MediaTypes;
import dev.weir.storage.ObjectKey;

import static org.assertj.core.api.Assertions.assertThat;

/** {@code weir export} into folders that other tools read: {@code oci:} and {@code oc-dir:}. */
class FolderExportTest {
  private static final byte[] CONFIG = Pusher.bytes(1, 500);
  private static final byte[] BASE = Pusher.bytes(2, 30_000);
  private static final byte[] ONE = Pusher.bytes(3, 20_000);
  private static final byte[] TWO = Pusher.bytes(4, 10_000);

  @TempDir private Path folder;
  private Site site;
  private Path out;
  private Manifest amd;
  private Manifest arm;
  private Manifest index;
  private Manifest other;
  private Manifest signature;

  @BeforeEach
  void fill() throws IOException {
    site = new Site(folder.resolve("here"));
    out = folder.resolve("out");
    amd = site.push("team/app", "", CONFIG, BASE, ONE);
    arm = site.push("team/app", "", CONFIG, BASE, TWO);
    index = Site.index(amd, arm);
    site.put("team/app", "v1", index);
    other = site.push("team/other", "v1", CONFIG, BASE);
    signature = site.push("team/app", "sha256-" + amd.digest().hex() + ".sig", CONFIG, Pusher.bytes(5, 300));
  }

  @AfterEach
  void close() throws IOException {
    site.close();
  }

  private int export(String to, String... words) {
    return site.export(to + ":" + out, words);
  }

  private String said() {
    return site.said();
  }

  private Map<String, Path> files() throws IOException {
    Map<String, Path> found = new TreeMap<>();
    try (Stream<Path> all = Files.walk(out)) {
      all.filter(file -> !Files.isDirectory(file)).forEach(file -> found.put(out.relativize(file).toString(), file));
    }
    return found;
  }

  @Test
  void aLayoutHasEveryBlobOnceAndNamesEveryTag() throws IOException {
    assertThat(export("oci", "--all")).as(said()).isZero();
    assertThat(out.resolve("oci-layout")).hasContent("{\"imageLayoutVersion\":\"1.0.0\"}");
    for (Manifest each : List.of(amd, arm, index, other, signature)) {
      assertThat(out.resolve("blobs/sha256/" + each.digest().hex())).hasBinaryContent(each.content());
    }
    for (byte[] each : List.of(CONFIG, BASE, ONE, TWO)) {
      assertThat(out.resolve("blobs/sha256/" + Digest.sha256(each).hex())).hasBinaryContent(each);
    }
    JsonNode list = new ObjectMapper().readTree(out.resolve("index.json").toFile());
    Map<String, String> named = new TreeMap<>();
    list.path("manifests").forEach(each -> named
        .put(each.at("/annotations/org.opencontainers.image.ref.name").asText(), each.path("digest").asText()));
    assertThat(named).containsOnly(Map.entry("team/app:v1", index.digest().toString()),
        Map.entry("team/other:v1", other.digest().toString()),
        Map.entry("team/app:sha256-" + amd.digest().hex() + ".sig", signature.digest().toString()));
    assertThat(list.at("/manifests/1/mediaType").asText()).isEqualTo(MediaTypes.OCI_INDEX);
    assertThat(list.at("/manifests/1/size").asInt()).isEqualTo(index.content().length);
    assertThat(files()).hasSize(2 + 5 + 5);
  }

  @Test
  void referrersLieInALayoutBesideWhatTheyReferTo() throws IOException {
    Manifest referrer = Pusher.image(List.of(CONFIG), ",\"subject\":{\"mediaType\":\"" + MediaTypes.OCI_INDEX
        + "\",\"digest\":\"" + index.digest() + "\",\"size\":" + index.content().length + "}");
    site.put("team/app", "", referrer);
    assertThat(export("oci", "team/app:v1")).as(said()).isZero();
    assertThat(Files.readString(out.resolve("index.json"))).contains("team/app@" + referrer.digest())
        .doesNotContain("team/other");
  }

  @Test
  void whatALayoutNamesIsNotForgotten() throws IOException {
    assertThat(export("oci", "team/app:v1")).as(said()).isZero();
    assertThat(export("oci", "team/other:v1")).isEqualTo(1);
    assertThat(said()).contains("nothing was written: " + out.resolve("index.json") + " names team/app:");
    assertThat(export("oci", "--all")).as("more than before: " + said()).isZero();
  }

  @Test
  void ocsTreeHasLinksForManifestsAndTags() throws IOException {
    site.store.putBytes(new ObjectKey("weir/signatures/sha256=" + index.digest().hex() + "/signature-1"),
        new byte[]{7});
    assertThat(export("oc-dir", "--all")).as(said()).isZero();
    Path app = out.resolve("v2/team/app");
    for (Manifest each : List.of(amd, arm, index, signature)) {
      assertThat(app.resolve("blobs/" + each.digest())).hasBinaryContent(each.content());
      assertThat(Files.isSameFile(app.resolve("manifests/" + each.digest()), app.resolve("blobs/" + each.digest())))
          .as("a hard link").isTrue();
    }
    assertThat(Files.readSymbolicLink(app.resolve("manifests/v1"))).hasToString(index.digest().toString());
    assertThat(app.resolve("manifests/v1")).hasBinaryContent(index.content());
    assertThat(app.resolve("manifests/sha256-" + amd.digest().hex() + ".sig")).hasBinaryContent(signature.content());
    Path base = Path.of("blobs", Digest.sha256(BASE).toString());
    assertThat(app.resolve(base)).hasBinaryContent(BASE);
    assertThat(Files.isSameFile(app.resolve(base), out.resolve("v2/team/other").resolve(base)))
        .as("what two repositories have takes room once").isTrue();
    assertThat(out.resolve("config/signature-sha256-" + index.digest().hex().substring(0, 16) + ".json")).exists();

    site.put("team/app", "v1", amd);
    assertThat(export("oc-dir", "--all")).as(said()).isZero();
    assertThat(Files.readSymbolicLink(app.resolve("manifests/v1"))).as("the tag moved")
        .hasToString(amd.digest().toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"oci", "oc-dir"})
  void aSecondRunWritesOnlyWhatIsNotWhole(String format) throws IOException {
    assertThat(export(format, "--all")).as(said()).isZero();
    Path lost = files().entrySet().stream().filter(each -> each.getKey().endsWith(Digest.sha256(TWO).hex()))
        .findFirst().orElseThrow().getValue();
    assertThat(export(format, "--all", "--output", "json")).isZero();
    assertThat(site.commands.json().path("written").asLong()).isZero();
    Files.write(lost, new byte[3]);
    assertThat(export(format, "--all", "--output", "json")).isZero();
    assertThat(site.commands.json().path("written").asLong()).isEqualTo(TWO.length);
    assertThat(lost).hasBinaryContent(TWO);
  }

  @ParameterizedTest
  @ValueSource(strings = {"oci", "oc-dir"})
  void whatHasTheSizeOfABlobAndNotItsBytesIsWrittenAnew(String format) throws IOException {
    assertThat(export(format, "--all")).as(said()).isZero();
    Path spoilt = files().entrySet().stream().filter(each -> each.getKey().endsWith(Digest.sha256(TWO).hex()))
        .findFirst().orElseThrow().getValue();
    Files.write(spoilt, new byte[TWO.length]);
    assertThat(export(format, "--all")).isZero();
    assertThat(spoilt).hasBinaryContent(TWO);
  }

  @Test
  void onlyWhatIsWholeGetsANameInALayout() throws IOException {
    spoil();
    assertThat(export("oci", "--all")).isEqualTo(1);
    assertThat(Files.readString(out.resolve("index.json"))).contains("team/other:v1").doesNotContain("team/app:v1");
  }

  @Test
  void onlyWhatIsWholeGetsANameInOcsTree() throws IOException {
    spoil();
    assertThat(export("oc-dir", "--all")).isEqualTo(1);
    Path manifests = out.resolve("v2/team/app/manifests");
    assertThat(manifests.resolve(amd.digest().toString())).exists();
    assertThat(manifests.resolve(arm.digest().toString())).doesNotExist();
    assertThat(manifests.resolve(index.digest().toString())).doesNotExist();
    assertThat(Files.exists(manifests.resolve("v1"), LinkOption.NOFOLLOW_LINKS)).isFalse();
    Files.write(site.data(Digest.sha256(TWO)), TWO);
    assertThat(export("oc-dir", "--all")).as(said()).isZero();
    assertThat(manifests.resolve("v1")).hasBinaryContent(index.content());
  }

  private void spoil() throws IOException {
    byte[] wrong = TWO.clone();
    wrong[9_000] ^= 1;
    Files.write(site.data(Digest.sha256(TWO)), wrong);
  }

  @ParameterizedTest
  @ValueSource(strings = {"oci", "oc-dir"})
  void whatIsDamagedOrNotHeldIsNamedAndNotWritten(String format) throws IOException {
    byte[] wrong = TWO.clone();
    wrong[9_000] ^= 1;
    Files.write(site.data(Digest.sha256(TWO)), wrong);
    Files.delete(site.data(other.digest()));
    assertThat(export(format, "--all")).isEqualTo(1);
    assertThat(said()).contains(Digest.sha256(TWO) + " is damaged",
        "the manifest " + other.digest() + " is not held, or damaged", "NOT COMPLETE: 2 things");
    assertThat(files().keySet()).noneMatch(name -> name.contains(Digest.sha256(TWO).hex()))
        .anyMatch(name -> name.contains(Digest.sha256(ONE).hex())).noneMatch(name -> name.contains(".unfinished"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"oci", "oc-dir", "precache"})
  void whatArchivesAloneCanDoIsSaidOfThem(String format) {
    assertThat(export(format, "--all", "--split", "4GiB")).isEqualTo(2);
    assertThat(said()).contains("--split, --since and --sign go with archive:FOLDER alone");
  }
}
