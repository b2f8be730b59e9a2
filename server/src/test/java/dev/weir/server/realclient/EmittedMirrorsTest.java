package dev.weir.server.realclient;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** podman and skopeo follow the registries.conf that {@code weir openshift} writes for this very weir. */
@NeedsPrograms({DockerRegistryProcess.PROGRAM, Podman.PROGRAM, Skopeo.PROGRAM})
class EmittedMirrorsTest {
  @TempDir private static Path directory;
  private static DockerRegistryProcess upstream;
  private static WeirProcess weir;
  private static TestImage image;

  @BeforeAll
  static void start() throws IOException {
    image = new TestImages(directory).multiArch("openshift-release-dev/ocp-release", "4.16.17-x86_64");
    upstream = DockerRegistryProcess.start(directory, directory.resolve("upstream"));
    new RegistryFiller(upstream.uri()).push(image);
    weir = WeirProcess.start(directory, directory.resolve("weir"), """
        upstreams: {quay.io: {remoteurl: "%s"}}
        aliases: {ocp4/openshift4: [quay.io/openshift-release-dev/ocp-release]}
        """.formatted(upstream.uri()));
  }

  @AfterAll
  static void stop() {
    weir.close();
    upstream.close();
  }

  /** @param home short: podman bounds the length of the paths below it */
  private static ClientHome following(String home, String... more) throws IOException {
    List<String> words = new ArrayList<>(List.of("openshift", "registries-conf", "--config",
        directory.resolve("weir.yml").toString(), "--host", weir.hostAndPort()));
    words.addAll(List.of(more));
    String toml = new Command(WeirProgram.command(words.toArray(String[]::new)), Map.of(), Duration.ofMinutes(1)).run()
        .orFail().stdout();
    return ClientHome.in(directory.resolve(home)).registries(toml);
  }

  private static String named(String end) {
    return "quay.io/" + image.repository() + end;
  }

  @Test
  void podmanPullsDigestsAndTagsThroughIt() throws IOException {
    var podman = new Podman(following("p", "--never-contact-source"));

    for (String name : List.of(named("@" + image.digest()), named(":" + image.tag()))) {
      podman.forgetImages();
      podman.pullByConfiguration(name).orFail();
      assertThat(podman.digests(name)).contains(image.digest());
    }
    Outcome absent = podman.pullByConfiguration("quay.io/team/absent:1");
    assertThat(absent.exit()).isNotZero();
    assertThat(absent.stderr()).as("the source itself is never asked").contains("blocked");
  }

  @Test
  void skopeoPullsWhatIsHeldWhenUpstreamIsGone(@TempDir Path target) throws IOException {
    var skopeo = new Skopeo(following("s"));
    skopeo.copyAllByConfiguration(named("@" + image.digest()), target.resolve("first")).orFail();
    upstream.stop();
    try {
      skopeo.copyAllByConfiguration(named("@" + image.digest()), target.resolve("second")).orFail();
      new DirImage(target.resolve("second")).assertHolds(image);
    } finally {
      upstream.start();
    }
  }
}
