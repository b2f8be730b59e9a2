package dev.weir.server.realclient;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Everything was pulled once, under the upstream's own name; then upstream goes away. */
@NeedsPrograms({DockerRegistryProcess.PROGRAM, Podman.PROGRAM, Skopeo.PROGRAM})
class DisconnectedTest {
  private static final String NEVER = "sha256:00000000000000000000000000000000000000000000000000000000000000ff";
  private static Site site;

  @BeforeAll
  static void pullEverythingOnceThenStopUpstream(@TempDir Path directory) throws IOException {
    site = Site.open(directory);
    var skopeo = new Skopeo(site.home());
    for (TestImage image : site.images()) {
      for (Route route : new Route[]{Route.UPSTREAM_PATH, Route.PROXY}) {
        skopeo.copyAll(site.byTag(route, image), directory.resolve(route + image.tag())).orFail();
      }
    }
    site.upstream().stop();
  }

  @AfterAll
  static void closeTheSite() {
    site.close();
  }

  static Stream<Arguments> everyImageByEveryRoute() {
    return Stream.of(Route.values()).flatMap(route -> site.images().stream().map(image -> Arguments.of(route, image)));
  }

  @ParameterizedTest
  @MethodSource("everyImageByEveryRoute")
  void podmanStillPulls(Route route, TestImage image) {
    var podman = new Podman(site.home());
    podman.forgetImages();

    podman.pull(site.byTag(route, image)).orFail();
    podman.pull(site.byDigest(route, image)).orFail();

    assertThat(podman.digests(site.byDigest(route, image))).contains(image.digest());
  }

  @ParameterizedTest
  @MethodSource("everyImageByEveryRoute")
  void skopeoStillCopiesEveryByte(Route route, TestImage image, @TempDir Path target) {
    var skopeo = new Skopeo(site.home());

    skopeo.copyAll(site.byTag(route, image), target).orFail();

    new DirImage(target).assertHolds(image);
    assertThat(skopeo.inspect(site.byDigest(route, image), "--raw").orFail().stdout()).isEqualTo(image.top().json());
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v2/%s?ns=hub", "/hub/v2/%s", "/v2/hub/%s?ns=hub"})
  void containerdStillPulls(String pathForm) {
    var containerd = new ContainerdPull(site.weir().wire(), pathForm);

    for (TestImage image : site.images()) {
      containerd.pull(image, image.tag());
      containerd.pull(image, image.digest().toString());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v2/hub/team/never/manifests/1.0", "/v2/hub/team/never/manifests/" + NEVER,
      "/v2/hub/team/never/blobs/" + NEVER, "/v2/hub/team/app/manifests/never", "/v2/mirror/never/manifests/1.0",
      "/v2/team/never/manifests/1.0?ns=hub", "/hub/v2/team/never/manifests/1.0", "/v2/release/all/manifests/never"})
  void whatWasNeverPulledIsABadGatewayThatNamesTheUpstream(String path) throws IOException {
    long start = System.nanoTime();
    HttpResponse<byte[]> answer = site.weir().wire().get(path);
    var took = Duration.ofNanos(System.nanoTime() - start);

    assertThat(answer.statusCode()).isEqualTo(502);
    assertThat(took).isLessThan(Duration.ofSeconds(3));
    JsonNode error = new ObjectMapper().readTree(answer.body()).path("errors").path(0);
    assertThat(error.path("code").asText()).isEqualTo("UNAVAILABLE");
    assertThat(error.path("message").asText()).contains(Site.UPSTREAM).contains(" ");
  }

  @Test
  void podmanSaysWhatWasNeverPulledAndWhy() {
    Outcome pull = new Podman(site.home()).pull(site.weir().hostAndPort() + "/hub/team/never:1.0");

    assertThat(pull.exit()).isNotZero();
    assertThat(pull.stderr()).contains(Site.UPSTREAM);
  }

  @Test
  void whatIsHeldOutlivesAKill(@TempDir Path target) {
    TestImage image = site.images().getFirst();

    site.weir().kill();
    site.weir().start();
    new Skopeo(site.home()).copyAll(site.byTag(Route.UPSTREAM_PATH, image), target).orFail();

    new DirImage(target).assertHolds(image);
  }
}
