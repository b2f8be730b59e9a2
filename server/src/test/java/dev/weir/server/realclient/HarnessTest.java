package dev.weir.server.realclient;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import dev.weir.storage.Digest;
import dev.weir.storage.MediaTypes;

import static org.assertj.core.api.Assertions.assertThat;

/** The images and clients of these tests, against a registry that is not weir: what fails here is no fault of weir's. */
@NeedsPrograms({DockerRegistryProcess.PROGRAM, Podman.PROGRAM, Skopeo.PROGRAM, Buildah.PROGRAM})
class HarnessTest {
  private static List<TestImage> images = List.of();
  private static DockerRegistryProcess registry;
  private static ClientHome home;

  @BeforeAll
  static void fillARegistry(@TempDir Path directory) throws IOException {
    var forge = new TestImages(directory);
    TestImage app = forge.multiArch("team/app", "1.0");
    images = List.of(app, forge.large("team/big", "2.0", 3L << 20), forge.dockerSchema2("team/legacy", "3.0"),
        forge.signatureOf(app), forge.sparse("team/sparse", "5.0"));
    registry = DockerRegistryProcess.start(directory, directory.resolve("registry"));
    new RegistryFiller(registry.uri()).push(images);
    home = ClientHome.in(directory.resolve("home"));
  }

  @AfterAll
  static void stop() {
    registry.close();
  }

  static List<TestImage> images() {
    return images;
  }

  static List<TestImage> runnableImages() {
    return images.stream().filter(image -> !image.tag().endsWith(".sig")).toList();
  }

  static List<TestImage> wholeImages() {
    return images.stream().filter(image -> image.absent().isEmpty()).toList();
  }

  @ParameterizedTest
  @MethodSource("runnableImages")
  void podmanPullsWhatWasMade(TestImage image) {
    var podman = new Podman(home);

    podman.pull(name(image)).orFail();

    assertThat(podman.digests(name(image))).contains(image.digest());
  }

  @ParameterizedTest
  @MethodSource("runnableImages")
  void buildahPullsWhatWasMade(TestImage image) {
    new Buildah(home).pull(name(image)).orFail();
  }

  @ParameterizedTest
  @MethodSource("wholeImages")
  void skopeoCopiesWhatWasMade(TestImage image, @TempDir Path target) {
    new Skopeo(home).copyAll(name(image), target).orFail();

    new DirImage(target).assertHolds(image);
  }

  @ParameterizedTest
  @MethodSource("images")
  void skopeoSeesTheDigestThatWasPushed(TestImage image) {
    String raw = new Skopeo(home).inspect(name(image), "--raw").orFail().stdout();

    assertThat(raw).isEqualTo(image.top().json());
  }

  @Test
  void theRegistryKeepsItsPortAndItsContentOverARestart() {
    int port = registry.port();
    int requests = registry.requests().size();

    registry.stop();
    registry.start();

    assertThat(registry.port()).isEqualTo(port);
    assertThat(registry.requests()).hasSizeGreaterThanOrEqualTo(requests);
    assertThat(new Wire(registry.uri()).get("/v2/team/legacy/manifests/3.0", "Accept", MediaTypes.DOCKER_MANIFEST)
        .statusCode()).isEqualTo(200);
  }

  @Test
  void imagesAreTheSameBytesEveryTime(@TempDir Path one, @TempDir Path other) throws IOException {
    Digest first = new TestImages(one).multiArch("a", "1").digest();

    assertThat(new TestImages(other).multiArch("a", "1").digest()).isEqualTo(first);
  }

  private static String name(TestImage image) {
    return registry.hostAndPort() + "/" + image;
  }
}
