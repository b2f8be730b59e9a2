package dev.weir.server.realclient;

import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import dev.weir.storage.Digest;
import dev.weir.storage.MediaTypes;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A directory into which everything was pushed that weir takes, which is more than registry:2 knows: what it can parse it
 * serves, and the rest is no stumbling block to it.
 */
@NeedsPrograms({DockerRegistryProcess.PROGRAM, Skopeo.PROGRAM})
class PushedTreeTest {
  private static final Pattern ELIGIBLE = Pattern.compile("blob eligible for deletion: (sha\\d+:[0-9a-f]+)");

  private static List<TestImage> images = List.of();
  /** What only weir knows to be in use. */
  private static Set<Digest> beyondDistribution = Set.of();
  private static Path directory = Path.of(".");
  private static DockerRegistryProcess reader;
  private static ClientHome home;

  @BeforeAll
  static void pushEverythingThenGiveTheDirectoryToDockerRegistry(@TempDir Path temporary) throws IOException {
    directory = temporary;
    home = ClientHome.in(directory.resolve("home"));
    var forge = new TestImages(directory);
    TestImage app = forge.multiArch("team/app", "1.0");
    images = List.of(app, forge.large("team/big", "2.0", 3L << 20), forge.dockerSchema2("team/legacy", "3.0"),
        forge.signatureOf(app), forge.sparse("team/sparse", "5.0"));
    TestImage elsewhere = forge.multiArch("team/seen", "6.0");
    try (var upstream = DockerRegistryProcess.start(directory, directory.resolve("upstream"));
        var weir = WeirProcess.start(directory, root(), "upstreams: {hub: {remoteurl: \"%s\"}}%n".formatted(
            upstream.uri()))) {
      new RegistryFiller(upstream.uri()).push(elsewhere);
      new RegistryFiller(weir.uri()).push(images);
      beyondDistribution = new Oddities(weir.wire()).push();
      linkWithoutData(weir.wire(), elsewhere);
      weir.stop();
    }
    reader = DockerRegistryProcess.start(directory, root());
  }

  /** As a pull-through that has got no further than the manifest: its blobs are granted, and not here. */
  private static void linkWithoutData(Wire weir, TestImage image) {
    for (TestManifest child : image.children()) {
      assertThat(weir.get("/v2/hub/team/seen/manifests/" + child.digest()).statusCode()).isEqualTo(200);
    }
  }

  @AfterAll
  static void stop() {
    reader.close();
  }

  private static Path root() {
    return directory.resolve("weir");
  }

  static List<TestImage> wholeImages() {
    return images.stream().filter(image -> image.absent().isEmpty()).toList();
  }

  @ParameterizedTest
  @MethodSource("wholeImages")
  void dockerRegistryServesEveryByteByTagAndByDigest(TestImage image, @TempDir Path target) {
    String name = reader.hostAndPort() + "/" + image.repository();
    var skopeo = new Skopeo(home);

    skopeo.copyAll(name + ":" + image.tag(), target.resolve("tag")).orFail();
    skopeo.copyAll(name + "@" + image.digest(), target.resolve("digest")).orFail();

    new DirImage(target.resolve("tag")).assertHolds(image);
    new DirImage(target.resolve("digest")).assertHolds(image);
  }

  @Test
  void dockerRegistryServesASparseIndexAsItIs() {
    TestImage sparse = images.getLast();

    HttpResponse<byte[]> index = new Wire(reader.uri()).get("/v2/team/sparse/manifests/5.0", "Accept",
        MediaTypes.OCI_INDEX);

    assertThat(index.body()).isEqualTo(sparse.top().bytes());
  }

  @Test
  void dockerRegistryListsRepositoriesAndTags() {
    var wire = new Wire(reader.uri());

    assertThat(text(wire.get("/v2/_catalog"))).contains("team/app", "team/big", "team/legacy", "team/sparse");
    assertThat(text(wire.get("/v2/team/app/tags/list"))).contains("\"1.0\"", ".sig\"");
  }

  /** In a repository that also holds what it cannot parse. */
  @Test
  void whatDockerRegistryCannotParseSpoilsNothingElse() {
    assertThat(new Wire(reader.uri()).get("/v2/" + Oddities.REPOSITORY + "/manifests/plain", "Accept",
        MediaTypes.OCI_MANIFEST).statusCode()).isEqualTo(200);
    assertThat(text(new Wire(reader.uri()).get("/v2/" + Oddities.REPOSITORY + "/tags/list"))).contains("\"plain\"");
  }

  @Test
  void itsGarbageCollectorRunsCleanAndWouldDeleteNothingThatItKnowsOf() {
    Outcome run = new Command(List.of(DockerRegistryProcess.PROGRAM, "garbage-collect", "--dry-run"), Map.of(),
        Duration.ofMinutes(1)).run(directory.resolve("docker-registry.yml").toString()).orFail();

    assertThat(run.stdout() + run.stderr()).doesNotContainIgnoringCase("failed").doesNotContain("level=error");
    Set<Digest> eligible = ELIGIBLE.matcher(run.stdout()).results().map(match -> Digest.parse(match.group(1)))
        .collect(Collectors.toCollection(HashSet::new));
    assertThat(run.stdout()).contains("blobs marked");
    eligible.removeIf(PushedTreeTest::isOnlyOfDeletedManifests);
    assertThat(beyondDistribution).containsAll(eligible);
    for (TestImage image : images) {
      assertThat(run.stdout()).contains("marking manifest " + image.digest());
    }
  }

  /** A sparse index is made by pushing all of its children and deleting some. */
  private static boolean isOnlyOfDeletedManifests(Digest digest) {
    return images.stream().flatMap(image -> image.absent().stream())
        .anyMatch(deleted -> deleted.json().contains(digest.toString()));
  }

  @Test
  void theDirectoryIsWhole() throws IOException {
    var tree = new DiskTree(root());
    Set<Digest> there = tree.assertBlobsAreWhole();

    tree.assertLinksAreWhole();
    for (TestImage image : images) {
      for (TestBlob blob : image.blobs()) {
        assertThat(there).contains(blob.digest());
      }
    }
  }

  private static String text(HttpResponse<byte[]> answer) {
    return new String(answer.body(), StandardCharsets.UTF_8);
  }

  /** Content that weir takes and registry:2 does not know: beside a plain image, in the same repository. */
  private record Oddities(Wire weir) {
    static final String REPOSITORY = "team/odd";
    private static final byte[] CONFIG = "{}".getBytes(StandardCharsets.UTF_8);

    /** Returns the digests that only these name. */
    Set<Digest> push() {
      byte[] layer = "not a tar".getBytes(StandardCharsets.UTF_8);
      Digest config = blob(CONFIG, Digest.Algorithm.SHA256);
      manifest("plain", MediaTypes.OCI_MANIFEST, image(MediaTypes.OCI_MANIFEST, config, CONFIG.length, config,
          CONFIG.length));
      Set<Digest> odd = new HashSet<>();
      Digest long512 = blob(layer, Digest.Algorithm.SHA512);
      odd.add(long512);
      String big = image(MediaTypes.OCI_MANIFEST, config, CONFIG.length, long512, layer.length);
      odd.add(manifest(Digest.of(Digest.Algorithm.SHA512, big.getBytes(StandardCharsets.UTF_8)).toString(),
          MediaTypes.OCI_MANIFEST, big));
      Digest content = blob("of an unknown kind".getBytes(StandardCharsets.UTF_8), Digest.Algorithm.SHA256);
      odd.add(content);
      String type = "application/vnd.example.thing.v3+json";
      odd.add(manifest("unknown", type, image(type, config, CONFIG.length, content, 18)));
      String artifact = "{\"mediaType\":\"%s\",\"blobs\":[{\"digest\":\"%s\",\"size\":18}]}".formatted(
          MediaTypes.OCI_ARTIFACT, content);
      odd.add(manifest("artifact", MediaTypes.OCI_ARTIFACT, artifact));
      odd.addAll(schema1());
      return odd;
    }

    private Set<Digest> schema1() {
      Digest layer = blob("an old layer".getBytes(StandardCharsets.UTF_8), Digest.Algorithm.SHA256);
      String document = """
          {"schemaVersion": 1, "name": "%s", "tag": "old", "architecture": "amd64",
           "fsLayers": [{"blobSum": "%s"}], "history": [{"v1Compatibility": "{}"}],
           "signatures": [{"header": {"alg": "ES256"}, "signature": "x", "protected": "y"}]}""".formatted(REPOSITORY,
          layer);
      return Set.of(layer, manifest("old", MediaTypes.DOCKER_SCHEMA1_SIGNED, document));
    }

    private static String image(String type, Digest config, long configSize, Digest layer, long layerSize) {
      return """
          {"schemaVersion": 2, "mediaType": "%s",
           "config": {"mediaType": "application/vnd.oci.empty.v1+json", "digest": "%s", "size": %d},
           "layers": [{"mediaType": "text/plain", "digest": "%s", "size": %d}]}""".formatted(type, config, configSize,
          layer, layerSize);
    }

    private Digest blob(byte[] content, Digest.Algorithm algorithm) {
      Digest digest = Digest.of(algorithm, content);
      weir.expect(201, weir.request("/v2/" + REPOSITORY + "/blobs/uploads/?digest=" + digest, "Content-Type",
          "application/octet-stream").POST(BodyPublishers.ofByteArray(content)));
      return digest;
    }

    private Digest manifest(String reference, String type, String document) {
      HttpResponse<byte[]> put = weir.expect(201,
          weir.request("/v2/" + REPOSITORY + "/manifests/" + reference, "Content-Type", type)
              .PUT(BodyPublishers.ofString(document)));
      return Digest.parse(put.headers().firstValue("Docker-Content-Digest").orElseThrow());
    }
  }
}
