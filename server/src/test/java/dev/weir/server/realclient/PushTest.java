package dev.weir.server.realclient;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.weir.storage.Digest;
import dev.weir.storage.MediaTypes;

import static org.assertj.core.api.Assertions.assertThat;

/** Real clients push images from a real registry into weir: the digests that come back are those that were sent. */
@NeedsPrograms({DockerRegistryProcess.PROGRAM, Podman.PROGRAM, Skopeo.PROGRAM, Buildah.PROGRAM})
class PushTest {
  private static final String[] TYPES = {"Accept", String.join(", ", MediaTypes.MANIFESTS)};

  private static List<TestImage> images = List.of();
  private static TestImage unseen;
  private static DockerRegistryProcess source;
  private static WeirProcess weir;
  private static ClientHome home;

  @BeforeAll
  static void startAnEmptyWeir(@TempDir Path directory) throws IOException {
    home = ClientHome.in(directory.resolve("home"));
    var forge = new TestImages(directory);
    TestImage app = forge.multiArch("team/app", "1.0");
    images = List.of(app, forge.large("team/big", "2.0", 20L << 20), forge.dockerSchema2("team/legacy", "3.0"),
        forge.signatureOf(app));
    source = DockerRegistryProcess.start(directory, directory.resolve("source"));
    unseen = forge.large("team/unseen", "7.0", 1L << 20);
    new RegistryFiller(source.uri()).push(images);
    new RegistryFiller(source.uri()).push(unseen);
    weir = WeirProcess.start(directory, directory.resolve("weir"), "upstreams: {}\nlog: {level: info}\n");
  }

  @AfterAll
  static void stop() {
    weir.close();
    source.close();
  }

  static List<TestImage> images() {
    return images;
  }

  static List<TestImage> runnableImages() {
    return images.stream().filter(image -> !image.tag().endsWith(".sig")).toList();
  }

  @ParameterizedTest
  @MethodSource("images")
  void skopeoCopiesEverythingAndTheDigestsStay(TestImage image, @TempDir Path target) {
    var skopeo = new Skopeo(home);
    String copy = at("copied/" + image);

    copy("--all", "--preserve-digests", source(image), "docker://" + copy);

    skopeo.copyAll(copy, target).orFail();
    new DirImage(target).assertHolds(image);
    assertThat(skopeo.inspect(copy, "--format", "{{.Digest}}").orFail().line()).isEqualTo(image.digest().toString());
    assertThat(weir.wire().get("/v2/copied/" + image.repository() + "/manifests/" + image.tag(), TYPES).body())
        .isEqualTo(image.top().bytes());
  }

  /** Clients that change what they send tell what they sent: that is what must come back. */
  @ParameterizedTest
  @CsvSource({"v2s2,gzip", "oci,gzip"})
  void skopeoConvertsAndWeirKeepsWhatItSent(String format, String compression, @TempDir Path directory) {
    for (TestImage image : runnableImages()) {
      String name = "converted/" + format + "-" + compression + "/" + image.repository();
      Path digest = directory.resolve("digest");

      copy("--format", format, "--dest-compress-format", compression, "--digestfile", digest.toString(),
          source(image), "docker://" + at(name + ":1"));

      assertHeldAsSent(name, Digest.parse(read(digest)), format, compression, directory.resolve(image.tag()));
    }
  }

  /** An image of its own: of one that weir has in another compression, skopeo would mount the layers as they are. */
  @Test
  void zstdLayersComeBackAsTheyWereSent(@TempDir Path directory) {
    Path digest = directory.resolve("digest");

    copy("--format", "oci", "--dest-compress-format", "zstd", "--digestfile", digest.toString(), source(unseen),
        "docker://" + at("zstd/app:1"));

    assertHeldAsSent("zstd/app", Digest.parse(read(digest)), "oci", "zstd", directory.resolve("copy"));
    new Podman(home).pull(at("zstd/app:1")).orFail();
  }

  @ParameterizedTest
  @ValueSource(strings = {"v2s2", "oci"})
  void podmanPushes(String format, @TempDir Path directory) {
    var podman = new Podman(home);
    for (TestImage image : runnableImages()) {
      String from = source.hostAndPort() + "/" + image;
      podman.pull(from).orFail();
      String name = "podman/" + format + "/" + image.repository();
      Path digest = directory.resolve("digest");

      podman.run("push", "-q", "--tls-verify=false", "--signature-policy", home.policy().toString(), "--format", format,
          "--digestfile", digest.toString(), from, "docker://" + at(name + ":1")).orFail();

      assertHeldAsSent(name, Digest.parse(read(digest)), format, "gzip", directory.resolve(image.tag()));
      podman.pull(at(name + "@" + read(digest))).orFail();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"v2s2", "oci"})
  void buildahPushesWhatItBuilt(String format, @TempDir Path directory) {
    var buildah = new Buildah(home);
    String from = source.hostAndPort() + "/" + images.getLast().repository() + ":1.0";
    buildah.pull(from).orFail();
    String container = buildah.run("from", "--signature-policy", home.policy().toString(), from).orFail().line();
    buildah.run("config", "--label", "built=here", container).orFail();
    buildah.run("commit", "-q", "--signature-policy", home.policy().toString(), container, "built-" + format).orFail();
    Path digest = directory.resolve("digest");

    buildah.run("push", "-q", "--tls-verify=false", "--signature-policy", home.policy().toString(), "--format", format,
        "--digestfile", digest.toString(), "built-" + format, "docker://" + at("buildah/" + format + ":1")).orFail();

    assertHeldAsSent("buildah/" + format, Digest.parse(read(digest)), format, "gzip", directory.resolve("copy"));
    buildah.pull(at("buildah/" + format + ":1")).orFail();
  }

  /** By its tag, by the digest that its client named, and by the digests of its blobs, to the byte. */
  private static void assertHeldAsSent(String name, Digest sent, String format, String compression, Path target) {
    HttpResponse<byte[]> byTag = weir.wire().get("/v2/" + name + "/manifests/1", TYPES);
    HttpResponse<byte[]> byDigest = weir.wire().get("/v2/" + name + "/manifests/" + sent, TYPES);
    String type = format.equals("oci") ? MediaTypes.OCI_MANIFEST : MediaTypes.DOCKER_MANIFEST;

    assertThat(byTag.headers().firstValue("Docker-Content-Digest")).hasValue(sent.toString());
    assertThat(byTag.headers().firstValue("Content-Type")).hasValue(type);
    assertThat(Digest.sha256(byTag.body())).isEqualTo(sent);
    assertThat(byDigest.body()).isEqualTo(byTag.body());
    for (JsonNode layer : json(byTag.body()).path("layers")) {
      assertThat(layer.path("mediaType").asText()).endsWith(compression);
      Digest blob = Digest.parse(layer.path("digest").asText());
      assertThat(weir.wire().digestOf("/v2/" + name + "/blobs/" + blob)).isEqualTo(blob);
    }
    new Skopeo(home).copyAll(at(name + "@" + sent), target).orFail();
  }

  @Test
  void skopeoSyncsARepositoryWithAllItsTags(@TempDir Path target) {
    TestImage app = images.getFirst();

    new Skopeo(home).run("sync", "--all", "--preserve-digests", "--src", "docker", "--dest", "docker",
        "--src-tls-verify=false", "--dest-tls-verify=false", source.hostAndPort() + "/team/app", at("synced")).orFail();

    String tags = new Skopeo(home).listTags(at("synced/app")).orFail().stdout();
    assertThat(tags).contains("\"1.0\"", "\"" + images.getLast().tag() + "\"");
    new Skopeo(home).copyAll(at("synced/app:1.0"), target).orFail();
    new DirImage(target).assertHolds(app);
  }

  @Test
  void skopeoListsInspectsAndDeletes() {
    TestImage image = images.get(2);
    var skopeo = new Skopeo(home);
    for (String tag : List.of("old", "new")) {
      copy(source(image), "docker://" + at("deleted/legacy:" + tag));
    }
    copy("--all", source(images.getFirst()), "docker://" + at("deleted/legacy:kept"));
    String inspected = skopeo.run("inspect", "--tls-verify=false", "docker://" + at("deleted/legacy:old")).orFail()
        .stdout();
    assertThat(inspected).contains(image.digest().toString(), "\"new\"", "\"kept\"");

    skopeo.run("delete", "--tls-verify=false", "docker://" + at("deleted/legacy:old")).orFail();

    assertThat(skopeo.listTags(at("deleted/legacy")).orFail().stdout()).contains("\"kept\"")
        .doesNotContain("\"old\"", "\"new\"");
    assertThat(skopeo.inspect(at("deleted/legacy:old")).exit()).isNotZero();
    assertThat(skopeo.inspect(at("deleted/legacy@" + image.digest())).exit()).isNotZero();
    Outcome again = skopeo.run("delete", "--tls-verify=false", "docker://" + at("deleted/legacy:old"));
    assertThat(again.exit()).isNotZero();
    assertThat(skopeo.inspect(at("deleted/legacy:kept")).exit()).isZero();
  }

  /** No byte of a layer goes over the wire when a repository beside has it. */
  @Test
  void skopeoMountsBetweenRepositories(@TempDir Path target) {
    TestImage big = images.get(1);
    copy(source(big), "docker://" + at("mount/source:1"));

    copy("docker://" + at("mount/source:1"), "docker://" + at("mount/target:1"));

    new Skopeo(home).copyAll(at("mount/target:1"), target).orFail();
    new DirImage(target).assertHolds(big);
    List<String> requests = weir.log().settled().stream().filter(line -> line.contains(" /v2/mount/target/")).toList();
    assertThat(requests).filteredOn(line -> line.contains("POST /v2/mount/target/blobs/uploads/ 201 ")).hasSize(1);
    assertThat(requests).filteredOn(line -> line.contains(" PATCH ")).as("the configuration alone").hasSize(1);
  }

  /** Pushing what is there already asks, and sends nothing. */
  @Test
  void aSecondPushSendsNoBlob() {
    TestImage image = images.get(2);
    copy(source(image), "docker://" + at("twice/legacy:1"));
    long uploads = uploads("twice/legacy");

    copy(source(image), "docker://" + at("twice/legacy:2"));

    assertThat(uploads).isPositive();
    assertThat(uploads("twice/legacy")).isEqualTo(uploads);
  }

  private static long uploads(String repository) {
    return weir.log().settled().stream().filter(line -> line.contains(" /v2/" + repository + "/blobs/uploads/"))
        .count();
  }

  private static void copy(String... arguments) {
    String[] all = new String[arguments.length + 4];
    all[0] = "copy";
    all[1] = "-q";
    all[2] = "--src-tls-verify=false";
    all[3] = "--dest-tls-verify=false";
    System.arraycopy(arguments, 0, all, 4, arguments.length);
    new Skopeo(home).run(all).orFail();
  }

  private static String source(TestImage image) {
    return "docker://" + source.hostAndPort() + "/" + image;
  }

  private static String at(String name) {
    return weir.hostAndPort() + "/" + name;
  }

  private static String read(Path file) {
    try {
      return Files.readString(file).strip();
    } catch (IOException e) {
      throw new UncheckedIOException("read " + file, e);
    }
  }

  private static JsonNode json(byte[] document) {
    try {
      return new ObjectMapper().readTree(document);
    } catch (IOException e) {
      throw new UncheckedIOException("read a manifest", e);
    }
  }
}
