package dev.weir.server.realclient;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** weir and registry:2 read each other's directories. */
@NeedsPrograms({DockerRegistryProcess.PROGRAM, Podman.PROGRAM, Skopeo.PROGRAM})
class SharedTreeTest {
  /** The large layer adds nothing here. */
  private static List<TestImage> images(Path directory) throws IOException {
    var forge = new TestImages(directory);
    TestImage app = forge.multiArch("team/app", "1.0");
    return List.of(app, forge.large("team/big", "2.0", 5L << 20), forge.dockerSchema2("team/legacy", "3.0"),
        forge.signatureOf(app));
  }

  @Test
  void dockerRegistryServesWhatWeirFilled(@TempDir Path directory, @TempDir Path target) throws IOException {
    ClientHome home;
    List<TestImage> images = images(directory);
    try (Site site = Site.open(directory, images)) {
      home = site.home();
      for (TestImage image : images) {
        new Skopeo(home).copyAll(site.byTag(Route.UPSTREAM_PATH, image), target.resolve("filling" + image.tag()))
            .orFail();
      }
      assertThat(site.weir().stop()).as("exit status after SIGTERM").isIn(0, 143);
    }

    try (var reader = DockerRegistryProcess.start(target, Site.weirRoot(directory))) {
      for (TestImage image : images) {
        String name = reader.hostAndPort() + "/" + Route.UPSTREAM_PATH.repository(image);
        assertCopied(home, name + ":" + image.tag(), image, target.resolve("tag" + image.tag()));
        assertCopied(home, name + "@" + image.digest(), image, target.resolve("digest" + image.tag()));
      }
    }
  }

  @Test
  void weirServesWhatDockerRegistryFilled(@TempDir Path directory, @TempDir Path target) throws IOException {
    Path root = directory.resolve("registry");
    List<TestImage> images = images(directory);
    try (var writer = DockerRegistryProcess.start(directory, root)) {
      new RegistryFiller(writer.uri()).push(images);
    }

    var home = ClientHome.in(directory.resolve("home"));
    try (var weir = WeirProcess.start(directory, root, "upstreams: {}\n")) {
      for (TestImage image : images) {
        String name = weir.hostAndPort() + "/" + image.repository();
        assertCopied(home, name + ":" + image.tag(), image, target.resolve("tag" + image.tag()));
        assertCopied(home, name + "@" + image.digest(), image, target.resolve("digest" + image.tag()));
      }
      new Podman(home).pull(weir.hostAndPort() + "/" + images.getFirst()).orFail();
      assertThat(new Skopeo(home).listTags(weir.hostAndPort() + "/team/app").orFail().stdout()).contains("\"1.0\"",
          ".sig");
    }
  }

  /** An index with children missing is served as it is: by the manifests that are there. */
  @Test
  void weirServesASparseIndexThatDockerRegistryHolds(@TempDir Path directory) throws IOException {
    Path root = directory.resolve("registry");
    TestImage sparse = new TestImages(directory).sparse("team/sparse", "5.0");
    try (var writer = DockerRegistryProcess.start(directory, root)) {
      new RegistryFiller(writer.uri()).push(sparse);
    }

    try (var weir = WeirProcess.start(directory, root, "upstreams: {}\n")) {
      new Podman(ClientHome.in(directory.resolve("home"))).pull(weir.hostAndPort() + "/" + sparse).orFail();
      for (TestManifest absent : sparse.absent()) {
        String path = "/v2/" + sparse.repository() + "/manifests/" + absent.digest();
        assertThat(weir.wire().get(path).statusCode()).isEqualTo(404);
      }
    }
  }

  private static void assertCopied(ClientHome home, String name, TestImage image, Path target) {
    new Skopeo(home).copyAll(name, target).orFail();
    new DirImage(target).assertHolds(image);
  }
}
