package dev.weir.server.archive.out;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.weir.server.keep.Pusher;
import dev.weir.storage.Digest;
import dev.weir.storage.Manifest;
import dev.weir.storage.MediaTypes;
import dev.weir.storage.ObjectKey;
import dev.weir.storage.RepositoryName;
import dev.weir.storage.Tag;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

/** {@code weir export --to archive:}, read again by a tar reader that is not ours. */
class ArchiveExportTest {
  private static final byte[] CONFIG = Pusher.bytes(1, 500);
  private static final byte[] BASE = Pusher.bytes(2, 300_000);
  private static final byte[] ONE = Pusher.bytes(3, 200_000);
  private static final byte[] TWO = Pusher.bytes(4, 100_000);
  private static final byte[] THREE = Pusher.bytes(5, 50_000);

  @TempDir private Path folder;
  private Site site;
  private Path out;
  private Manifest amd;
  private Manifest arm;
  private Manifest index;

  @BeforeEach
  void fill() throws IOException {
    site = new Site(folder.resolve("here"));
    out = folder.resolve("out");
    amd = site.push("team/app", "", CONFIG, BASE, ONE);
    arm = site.push("team/app", "", CONFIG, BASE, TWO);
    index = Site.index(amd, arm);
    site.put("team/app", "v1", index);
    site.push("team/other", "v1", CONFIG, BASE, THREE);
  }

  @AfterEach
  void close() throws IOException {
    site.close();
  }

  private int export(String... words) {
    return site.export("archive:" + out, words);
  }

  private String said() {
    return site.said();
  }

  private List<String> files() throws IOException {
    try (Stream<Path> all = Files.list(out)) {
      return all.map(file -> String.valueOf(file.getFileName())).sorted().toList();
    }
  }

  /** Of all parts, by path; a folder has no content. */
  private Map<String, byte[]> members() throws IOException {
    Map<String, byte[]> found = new TreeMap<>();
    for (String file : files().stream().filter(name -> name.endsWith(".tar")).toList()) {
      try (TarArchiveInputStream tar = new TarArchiveInputStream(Files.newInputStream(out.resolve(file)))) {
        for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
          assertThat(found.put(entry.getName(), tar.readAllBytes())).as("%s once", entry.getName()).isNull();
        }
      }
    }
    return found;
  }

  private Set<String> blobs() throws IOException {
    Set<String> found = new HashSet<>();
    members().forEach((path, content) -> {
      if (path.startsWith("docker/registry/v2/blobs/")) {
        assertThat(path).contains("/" + Digest.sha256(content).hex() + "/data");
        found.add(Digest.sha256(content).toString());
      }
    });
    return found;
  }

  private static String digest(byte[] content) {
    return Digest.sha256(content).toString();
  }

  /** Unpacks everything under a fresh root. */
  private Site unpacked(Path there) throws IOException {
    Site other = new Site(there);
    for (Map.Entry<String, byte[]> each : members().entrySet()) {
      Path file = other.root.resolve(each.getKey());
      if (each.getKey().endsWith("/")) {
        Files.createDirectories(file);
      } else {
        Files.createDirectories(file.getParent());
        Files.write(file, each.getValue());
      }
    }
    return other;
  }

  @Test
  void whatIsUnpackedUnderARootIsHeldThere() throws IOException {
    assertThat(export("--all")).as(said()).isZero();
    assertThat(files()).containsExactly("SHA256SUMS", "mirror_000001.tar", "weir-export.json");
    RepositoryName app = RepositoryName.parse("team/app");
    try (Site other = unpacked(folder.resolve("there"))) {
      assertThat(other.content.tags().resolve(app, Tag.parse("v1"))).contains(index.digest());
      for (Manifest each : List.of(amd, arm, index)) {
        assertThat(other.content.manifests().get(app, each.digest()).orElseThrow().content())
            .isEqualTo(each.content());
      }
      for (byte[] each : List.of(CONFIG, BASE, ONE, TWO)) {
        assertThat(other.content.blobs().isLinked(app, Digest.sha256(each))).isTrue();
        assertThat(Files.readAllBytes(other.data(Digest.sha256(each)))).isEqualTo(each);
      }
      assertThat(other.content.blobs().isLinked(app, Digest.sha256(THREE))).isFalse();
      assertThat(other.commands.run("verify", "--all")).as(other.commands.out()).isZero();
      assertThat(other.commands.run("export", "--all", "--to", "archive:" + folder.resolve("again"))).isZero();
      assertThat(folder.resolve("again/mirror_000001.tar")).as("what came over goes on as it came")
          .hasSameBinaryContentAs(out.resolve("mirror_000001.tar"));
    }
  }

  @Test
  void oneImageGoesWithItsPlatformsAndTheTagsThatLeadToItAndNothingElse() throws IOException {
    assertThat(export("team/app@" + index.digest())).as(said()).isZero();
    assertThat(blobs()).containsExactlyInAnyOrder(digest(CONFIG), digest(BASE), digest(ONE), digest(TWO),
        amd.digest().toString(), arm.digest().toString(), index.digest().toString());
    assertThat(members().keySet()).anyMatch(path -> path.endsWith("team/app/_manifests/tags/v1/current/link"))
        .noneMatch(path -> path.contains("team/other"));
  }

  @Test
  void ofAnIndexOnlyThePlatformsThatAreWantedNeedBeHere() throws IOException {
    Manifest sparse = Site.manifest("{\"schemaVersion\":2,\"mediaType\":\"" + MediaTypes.OCI_INDEX
        + "\",\"manifests\":[" + child(amd.digest(), "amd64") + "," + child(arm.digest(), "arm64") + ","
        + child(Digest.sha256(CONFIG), "s390x") + "]}");
    site.put("team/app", "sparse", sparse);
    assertThat(export("team/app:sparse", "--platform", "linux/s390x")).isEqualTo(1);
    assertThat(said()).contains("the manifest " + digest(CONFIG) + " is not held");
    out = folder.resolve("all");
    assertThat(export("team/app:sparse")).as(said()).isZero();
    assertThat(said()).contains("goes with 2 of the 3 manifests that it names");
    assertThat(export("team/app:sparse", "--platform", "linux/amd64,linux/arm64")).as(said()).isZero();
    out = folder.resolve("amd");
    assertThat(export("team/app:sparse", "--platform", "linux/amd64")).as(said()).isZero();
    assertThat(blobs()).contains(amd.digest().toString()).doesNotContain(arm.digest().toString());
    out = folder.resolve("none");
    assertThat(export("team/app:sparse", "--platform", "linux/ppc64le")).isEqualTo(1);
    assertThat(said()).contains("for none of these platforms: linux/ppc64le; its index has linux/amd64, linux/arm64");
  }

  private static String child(Digest digest, String architecture) {
    return "{\"mediaType\":\"" + MediaTypes.OCI_MANIFEST + "\",\"digest\":\"" + digest
        + "\",\"size\":1,\"platform\":{\"os\":\"linux\",\"architecture\":\"" + architecture + "\"}}";
  }

  @Test
  void signaturesGoWithWhatTheySign() throws IOException {
    byte[] claim = Pusher.bytes(9, 900);
    Manifest signature = site.push("team/app", "sha256-" + arm.digest().hex() + ".sig", CONFIG, claim);
    byte[] statement = Pusher.bytes(10, 901);
    site.blob("team/app", statement);
    Manifest referrer = Pusher.image(List.of(CONFIG, statement), ",\"subject\":{\"mediaType\":\""
        + MediaTypes.OCI_INDEX + "\",\"digest\":\"" + index.digest() + "\",\"size\":" + index.content().length + "}");
    site.put("team/app", "", referrer);
    assertThat(export("team/app:v1")).as(said()).isZero();
    assertThat(blobs()).contains(digest(claim), signature.digest().toString(), digest(statement),
        referrer.digest().toString());
    assertThat(members().keySet()).anyMatch(path -> path.endsWith(arm.digest().hex() + ".sig/current/link"));
  }

  @Test
  void signaturesOfReleasesGoAsConfigMaps() throws IOException {
    byte[] message = {1, 2, 3};
    site.store.putBytes(new ObjectKey("weir/signatures/sha256=" + index.digest().hex() + "/signature-1"),
        message);
    assertThat(export("team/app:v1")).as(said()).isZero();
    JsonNode map = new ObjectMapper().readTree(members().get("working-dir/config/signature-sha256-"
        + index.digest().hex().substring(0, 16) + ".json"));
    assertThat(map.path("kind").asText()).isEqualTo("ConfigMap");
    assertThat(map.at("/metadata/namespace").asText()).isEqualTo("openshift-config-managed");
    assertThat(map.at("/binaryData/sha256-" + index.digest().hex() + "-1").binaryValue()).isEqualTo(message);
  }

  @Test
  void theSameContentIsTheSameBytesHoweverItCameHere() throws IOException {
    assertThat(export("--all", "--split", "200KiB")).as(said()).isZero();
    try (Site other = new Site(folder.resolve("other"))) {
      other.push("team/other", "v1", CONFIG, BASE, THREE);
      for (byte[] each : List.of(TWO, ONE, BASE, CONFIG)) {
        other.blob("team/app", each);
      }
      other.put("team/app", "", arm);
      other.put("team/app", "", amd);
      other.put("team/app", "v1", index);
      Path again = folder.resolve("again");
      assertThat(other.commands.run("export", "--all", "--split", "200KiB", "--to", "archive:" + again)).isZero();
      assertThat(files()).hasSizeGreaterThan(4);
      for (String file : files()) {
        assertThat(again.resolve(file)).hasSameBinaryContentAs(out.resolve(file));
      }
    }
  }

  @Test
  void eachPartIsSmallerThanTheSplitAndATarOfItsOwn() throws IOException {
    assertThat(export("--all", "--split", "310000")).as(said()).isZero();
    List<String> parts = files().stream().filter(name -> name.endsWith(".tar")).toList();
    assertThat(parts).hasSizeBetween(3, 4).first().isEqualTo("mirror_000001.tar");
    for (String part : parts) {
      assertThat(Files.size(out.resolve(part))).isLessThan(310_000);
    }
    assertThat(blobs()).hasSize(9);

    out = folder.resolve("small");
    assertThat(export("--all", "--split", "100KiB")).as(said()).isZero();
    assertThat(said()).contains("more than --split says");
    assertThat(blobs()).hasSize(9);
    assertThat(export("--all", "--split", "much")).isEqualTo(2);
    assertThat(said()).contains("--split much: not a size");
  }

  @Test
  void theListSaysWhatIsInItAndTheSumsSayWhetherItIsWhole() throws Exception {
    assertThat(export("--all", "--split", "200KiB")).as(said()).isZero();
    JsonNode list = new ObjectMapper().readTree(out.resolve("weir-export.json").toFile());
    assertThat(list.path("format").asText()).isEqualTo("weir-archive-1");
    List<String> listed = new ArrayList<>();
    list.path("blobs").forEach(blob -> listed.add(blob.path("digest").asText()));
    assertThat(listed).containsExactlyInAnyOrderElementsOf(blobs());
    assertThat(list.at("/images/0/name").asText()).isEqualTo("team/app");
    List<String> lines = Files.readAllLines(out.resolve("SHA256SUMS"));
    assertThat(lines).hasSameSizeAs(files().stream().filter(name -> !name.equals("SHA256SUMS")).toList());
    assertThat(sums()).isZero();
    Path part = out.resolve("mirror_000002.tar");
    byte[] bytes = Files.readAllBytes(part);
    bytes[7_000] ^= 1;
    Files.write(part, bytes);
    assertThat(sums()).as("a damaged part").isNotZero();
  }

  private int sums() throws Exception {
    return new ProcessBuilder("sha256sum", "--check", "--status", "SHA256SUMS").directory(out.toFile()).start()
        .waitFor();
  }

  @Test
  void opensslChecksTheSignature() throws Exception {
    for (String[] how : new String[][]{{"RSA", "rsa_keygen_bits:2048"}, {"EC", "ec_paramgen_curve:P-256"}}) {
      out = folder.resolve("signed" + how[0]);
      Path key = folder.resolve(how[0] + ".pem");
      Path known = folder.resolve(how[0] + ".pub");
      assertThat(openssl("genpkey", "-algorithm", how[0], "-pkeyopt", how[1], "-out", key.toString())).isZero();
      assertThat(openssl("pkey", "-in", key.toString(), "-pubout", "-out", known.toString())).isZero();
      assertThat(export("--all", "--sign", key.toString())).as(said()).isZero();
      String[] check = {"dgst", "-sha256", "-verify", known.toString(), "-signature", out + "/SHA256SUMS.sig",
          out + "/SHA256SUMS"};
      assertThat(openssl(check)).isZero();
      Files.writeString(out.resolve("SHA256SUMS"), Files.readString(out.resolve("SHA256SUMS")) + "\n");
      assertThat(openssl(check)).as("changed").isNotZero();
      assertThat(export("--all", "--sign", known.toString())).isEqualTo(1);
      assertThat(said()).contains(known + " holds no private key");
    }
  }

  private static int openssl(String... words) throws Exception {
    List<String> all = new ArrayList<>(List.of("openssl"));
    all.addAll(List.of(words));
    return new ProcessBuilder(all).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start()
        .waitFor();
  }

  @Test
  void whatIsNotHeldIsNamedAndTheRestGoes() throws IOException {
    Files.delete(site.data(Digest.sha256(TWO)));
    assertThat(export("team/app:v1", "team/other:v2", "nobody/here")).isEqualTo(1);
    assertThat(said()).contains("team/app@" + index.digest() + ": its blob " + digest(TWO) + " is not held",
        "team/other:v2: is not held", "nobody/here: nothing is held under this name", "NOT COMPLETE: 3 things");
    assertThat(blobs()).contains(digest(ONE), index.digest().toString(), arm.digest().toString())
        .doesNotContain(digest(TWO), digest(THREE));

    site.blob("team/app", TWO);
    site.put("team/other", "v2", amd);
    site.push("nobody/here", "v1", CONFIG, THREE);
    assertThat(export("team/app:v1", "team/other:v2", "nobody/here")).as("the same folder, once all is here: " + said())
        .isZero();
    assertThat(blobs()).contains(digest(TWO));
    assertThat(said()).contains("all that was asked for is there");
  }

  @Test
  void whatACacheNeverHadOfAnIndexIsNotedAndOnlyWithoutAnyPlatformItIsMissing() throws IOException {
    Manifest absent = Pusher.image(CONFIG, THREE);
    Manifest partial = Site.index(amd, absent);
    site.put("team/app", "v2", partial);
    site.blob("team/asked", CONFIG);
    assertThat(export("--all")).as(said()).isZero();
    assertThat(said()).contains("note: team/app@" + partial.digest() + " goes with 1 of the 2 manifests that it names");
    assertThat(blobs()).contains(partial.digest().toString());

    out = folder.resolve("asked");
    assertThat(export("team/app:v2", "team/app@" + absent.digest())).as("asked for by its name").isEqualTo(1);
    assertThat(said()).contains("the manifest " + absent.digest() + " is not held");
    out = folder.resolve("none");
    Manifest none = Site.index(absent);
    site.put("team/none", "v1", none);
    assertThat(export("team/none:v1")).as("of no use to anybody").isEqualTo(1);
    out = folder.resolve("lost");
    Files.delete(site.data(arm.digest()));
    assertThat(export("team/app:v1")).as("it was here").isEqualTo(1);
    assertThat(said()).contains("the manifest " + arm.digest() + " is not held, or damaged");
  }

  @Test
  void whatIsDamagedIsNamedAndLeavesNothingBehind() throws IOException {
    Path data = site.data(Digest.sha256(TWO));
    byte[] wrong = TWO.clone();
    wrong[99_999] ^= 1;
    Files.write(data, wrong);
    assertThat(export("--all", "--split", "310000")).isEqualTo(1);
    assertThat(said()).contains(digest(TWO) + " is damaged");
    assertThat(blobs()).as("every blob in there is what its name says").hasSize(8).doesNotContain(digest(TWO));
    assertThat(Files.readString(out.resolve("weir-export.json"))).contains("is damaged");
    assertThat(new ObjectMapper().readTree(out.resolve("weir-export.json").toFile()).path("blobs").size()).isEqualTo(8);

    Files.write(data, TWO);
    assertThat(export("--all", "--split", "310000")).as(said()).isZero();
    assertThat(blobs()).hasSize(9);
  }

  @Test
  void aSecondRunWritesOnlyWhatIsNotWhole() throws IOException {
    assertThat(export("--all", "--split", "200KiB")).as(said()).isZero();
    Map<String, Object> before = inodes();
    byte[] second = Files.readAllBytes(out.resolve("mirror_000002.tar"));
    assertThat(export("--all", "--split", "200KiB", "--output", "json")).isZero();
    assertThat(site.commands.json().path("written").asLong()).isZero();
    Files.write(out.resolve("mirror_000002.tar"), new byte[700]);
    assertThat(export("--all", "--split", "200KiB", "--output", "json")).isZero();
    assertThat(site.commands.json().path("written").asLong()).isEqualTo(second.length);
    assertThat(Files.readAllBytes(out.resolve("mirror_000002.tar"))).isEqualTo(second);
    assertThat(inodes()).as("the others were not touched").containsEntry("mirror_000001.tar",
        before.get("mirror_000001.tar")).containsEntry("mirror_000003.tar", before.get("mirror_000003.tar"));
  }

  private Map<String, Object> inodes() throws IOException {
    Map<String, Object> found = new TreeMap<>();
    for (String file : files()) {
      found.put(file, Files.getAttribute(out.resolve(file), "unix:ino"));
    }
    return found;
  }

  @Test
  void killedInTheMiddleItGoesOnBehindTheLastWholePart() throws Exception {
    for (int i = 0; i < 30; i++) {
      site.push("team/big", "v" + i, CONFIG, Pusher.bytes(100 + i, 1 << 20));
    }
    String[] words = {"--all", "--split", "2MiB"};
    Process process;
    Files.createDirectories(out);
    try (WatchService watch = out.getFileSystem().newWatchService()) {
      out.register(watch, StandardWatchEventKinds.ENTRY_CREATE);
      process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
          System.getProperty("java.class.path"), "dev.weir.server.Main", "export", "--all", "--split", "2MiB", "--to",
          "archive:" + out, "--config", site.root.resolveSibling("data.yml").toString())
          .redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
      while (!Files.exists(out.resolve("mirror_000003.tar"))) {
        WatchKey key = watch.take();
        key.pollEvents();
        assertThat(key.reset() && (process.isAlive() || Files.exists(out.resolve("mirror_000003.tar")))).isTrue();
      }
      process.destroyForcibly().waitFor();
    }
    assertThat(files()).doesNotContain("SHA256SUMS", "weir-export.json");
    Map<String, Object> before = inodes();
    assertThat(export(words)).as(said()).isZero();
    assertThat(inodes()).containsEntry("mirror_000001.tar", before.get("mirror_000001.tar"))
        .containsEntry("mirror_000002.tar", before.get("mirror_000002.tar"));
    assertThat(files()).as("nothing unfinished is left").noneMatch(name -> name.startsWith("."));
    assertThat(sums()).isZero();
    Path disturbed = out;
    out = folder.resolve("undisturbed");
    assertThat(export(words)).isZero();
    for (String file : files()) {
      assertThat(disturbed.resolve(file)).hasSameBinaryContentAs(out.resolve(file));
    }
  }

  @Test
  void aFinishedArchiveOfSomethingElseIsLeftAlone() throws IOException {
    assertThat(export("team/app:v1")).as(said()).isZero();
    byte[] first = Files.readAllBytes(out.resolve("mirror_000001.tar"));
    assertThat(export("team/other:v1")).isEqualTo(1);
    assertThat(said()).contains("holds a finished archive of something else");
    assertThat(Files.readAllBytes(out.resolve("mirror_000001.tar"))).isEqualTo(first);
  }

  @Test
  void theOtherSidesBlobsStayHome() throws IOException {
    assertThat(export("team/app:v1")).as(said()).isZero();
    Path first = out;
    out = folder.resolve("second");
    assertThat(export("team/other:v1", "--since", first.toString(), "--output", "json")).as(said()).isZero();
    assertThat(blobs()).hasSize(2).contains(digest(THREE));
    assertThat(members().keySet()).as("where they belong is said all the same")
        .anyMatch(path -> path.endsWith("team/other/_layers/sha256/" + Digest.sha256(BASE).hex() + "/link"));
    assertThat(site.commands.json().path("already").asLong()).isEqualTo(BASE.length + CONFIG.length);

    Path second = out;
    out = folder.resolve("third");
    assertThat(export("--all", "--since", second.resolve("weir-export.json").toString(), "--since", first.toString()))
        .as(said()).isZero();
    assertThat(blobs()).as("the manifests alone").hasSize(4).contains(index.digest().toString());

    Files.writeString(first.resolve("weir-export.json"), Files.readString(first.resolve("weir-export.json")) + " ");
    out = folder.resolve("fourth");
    assertThat(export("--all", "--since", first.toString())).isEqualTo(1);
    assertThat(said()).contains("weir-export.json is damaged");
    assertThat(export("--all", "--since", folder.resolve("none").toString())).isEqualTo(1);
    assertThat(said()).contains("is no archive that weir finished");
  }

  @Test
  void manifestsThatRegistry2CannotReadGetNoLinkThatWouldSpoilItsGarbageCollector() throws IOException {
    Manifest old = Site.manifest("{\"schemaVersion\":1,\"name\":\"team/old\",\"tag\":\"v1\",\"fsLayers\":[],"
        + "\"signatures\":[]}");
    site.put("team/old", "v1", old);
    assertThat(export("team/old:v1")).as(said()).isZero();
    String revision = "docker/registry/v2/repositories/team/old/_manifests/revisions/sha256/" + old.digest().hex();
    assertThat(members()).doesNotContainKey(revision + "/link").containsKey(revision + "/mediatype");
    assertThat(members().get(revision + "/mediatype")).isEqualTo(MediaTypes.DOCKER_SCHEMA1_SIGNED.getBytes(UTF_8));
    try (Site other = unpacked(folder.resolve("there"))) {
      assertThat(other.content.manifests().get(RepositoryName.parse("team/old"), old.digest())).isPresent();
    }
  }

  @Test
  void nothingAskedForIsAQuestion() {
    assertThat(export()).isEqualTo(2);
    assertThat(said()).contains("which images?");
    assertThat(site.commands.run("export", "--all", "--to", "zip:" + out)).isEqualTo(2);
    assertThat(said()).contains("--to zip:" + out + " says no format and folder, such as archive:FOLDER");
  }
}
