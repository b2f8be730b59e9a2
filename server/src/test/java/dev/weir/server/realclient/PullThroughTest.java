package dev.weir.server.realclient;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Real clients pull real images through weir from a real registry, by every route. */
@NeedsPrograms({DockerRegistryProcess.PROGRAM, Podman.PROGRAM, Skopeo.PROGRAM, Buildah.PROGRAM})
class PullThroughTest {
  private static Site site;

  @BeforeAll
  static void openTheSite(@TempDir Path directory) throws IOException {
    site = Site.open(directory);
  }

  @AfterAll
  static void closeTheSite() {
    site.close();
  }

  static Stream<Arguments> everyImageByEveryRoute() {
    return Stream.of(Route.values()).flatMap(route -> site.images().stream().map(image -> Arguments.of(route, image)));
  }

  static List<TestImage> images() {
    return site.images();
  }

  @ParameterizedTest
  @MethodSource("everyImageByEveryRoute")
  void podmanPulls(Route route, TestImage image) {
    var podman = new Podman(site.home());
    podman.forgetImages();

    podman.pull(site.byTag(route, image)).orFail();

    assertThat(podman.digests(site.byTag(route, image))).contains(image.digest());
  }

  @ParameterizedTest
  @MethodSource("everyImageByEveryRoute")
  void skopeoCopiesEveryByte(Route route, TestImage image, @TempDir Path target) {
    new Skopeo(site.home()).copyAll(site.byTag(route, image), target).orFail();

    new DirImage(target).assertHolds(image);
  }

  @ParameterizedTest
  @MethodSource("everyImageByEveryRoute")
  void skopeoInspects(Route route, TestImage image) {
    var skopeo = new Skopeo(site.home());

    assertThat(skopeo.inspect(site.byTag(route, image), "--raw").orFail().stdout()).isEqualTo(image.top().json());
    assertThat(skopeo.inspect(site.byTag(route, image), "--format", "{{.Digest}}").orFail().line())
        .isEqualTo(image.digest()
            .toString());
  }

  @ParameterizedTest
  @MethodSource("images")
  void buildahPulls(TestImage image) {
    new Buildah(site.home()).pull(site.byDigest(Route.UPSTREAM_PATH, image)).orFail();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v2/%s?ns=hub", "/hub/v2/%s", "/hub/v2/%s?ns=hub", "/v2/hub/%s?ns=hub"})
  void containerdPullsByEveryFormOfItsHostsFile(String pathForm) {
    var containerd = new ContainerdPull(site.weir().wire(), pathForm);

    for (TestImage image : site.images()) {
      containerd.pull(image, image.tag());
      containerd.pull(image, image.digest().toString());
    }
  }

  @Test
  void whatIsHeldIsServedByDigestWithoutAWordToUpstream(@TempDir Path first, @TempDir Path second) {
    TestImage image = site.images().getFirst();
    var skopeo = new Skopeo(site.home());
    skopeo.copyAll(site.byDigest(Route.UPSTREAM_PATH, image), first).orFail();
    List<String> before = site.upstream().settledRequests();

    skopeo.copyAll(site.byDigest(Route.UPSTREAM_PATH, image), second).orFail();

    assertThat(site.upstream().settledRequests()).isEqualTo(before);
  }

  @Test
  void skopeoListsTheTagsUpstream() {
    String tags = new Skopeo(site.home()).listTags(site.repository(Route.UPSTREAM_PATH, site.images().getFirst()))
        .orFail()
        .stdout();

    assertThat(tags).contains("\"1.0\"");
  }

  /** podman and skopeo try TLS first where it is not required: silence here would add ten seconds to every pull. */
  @Test
  void aTlsHelloOnThePlainPortIsTurnedAwayAtOnce() throws IOException {
    try (var socket = (SSLSocket) SSLSocketFactory.getDefault().createSocket("127.0.0.1", site.weir().port())) {
      socket.setSoTimeout(8000);

      assertThatThrownBy(socket::startHandshake).isInstanceOf(IOException.class)
          .isNotInstanceOf(SocketTimeoutException.class);
    }
  }
}
