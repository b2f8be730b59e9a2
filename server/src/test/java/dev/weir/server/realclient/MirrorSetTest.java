package dev.weir.server.realclient;

import java.io.IOException;
import java.nio.file.Path;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/** weir as the digest-only mirror of a registry that cannot be reached, as an ImageDigestMirrorSet puts it on a node. */
@NeedsPrograms({DockerRegistryProcess.PROGRAM, Podman.PROGRAM, Skopeo.PROGRAM})
class MirrorSetTest {
  private static Site site;

  @BeforeAll
  static void openTheSite(@TempDir Path directory) throws IOException {
    site = Site.open(directory);
  }

  @AfterAll
  static void closeTheSite() {
    site.close();
  }

  @ParameterizedTest
  @EnumSource
  void podmanPullsDigestsThroughTheMirror(RegistriesConf spelling) {
    var podman = new Podman(mirrored(spelling));
    podman.forgetImages();

    for (TestImage image : site.images()) {
      podman.pullByConfiguration(byDigest(image)).orFail();

      assertThat(podman.digests(byDigest(image))).contains(image.digest());
    }
  }

  @ParameterizedTest
  @EnumSource
  void skopeoCopiesDigestsThroughTheMirror(RegistriesConf spelling, @TempDir Path target) {
    var skopeo = new Skopeo(mirrored(spelling));

    for (TestImage image : site.images()) {
      Path copy = target.resolve(image.tag());
      skopeo.copyAllByConfiguration(byDigest(image), copy).orFail();

      new DirImage(copy).assertHolds(image);
    }
  }

  /** Otherwise the tests above might not have gone through the mirror. */
  @ParameterizedTest
  @EnumSource
  void tagsDoNotComeFromTheMirror(RegistriesConf spelling) {
    TestImage image = site.images().getFirst();

    Outcome pull = new Podman(mirrored(spelling)).pullByConfiguration(RegistriesConf.SOURCE + "/" + image);

    assertThat(pull.exit()).isNotZero();
    assertThat(pull.stderr()).contains("blocked");
  }

  private static ClientHome mirrored(RegistriesConf spelling) {
    return site.home().registries(spelling.toml(site.weir().hostAndPort() + "/" + Site.UPSTREAM));
  }

  private static String byDigest(TestImage image) {
    return RegistriesConf.SOURCE + "/" + image.repository() + "@" + image.digest();
  }
}
