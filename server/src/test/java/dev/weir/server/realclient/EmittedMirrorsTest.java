package dev.weir.server.realclient;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.weir.auth.PasswordFileEditor;
import dev.weir.server.tls.TestCertificates;

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
    List<String> words = new ArrayList<>(List.of("registries-conf", "--host", weir.hostAndPort()));
    words.addAll(List.of(more));
    String toml = weirSays(directory.resolve("weir.yml"), words.toArray(String[]::new));
    return ClientHome.in(directory.resolve(home)).registries(toml);
  }

  private static String weirSays(Path config, String... words) {
    List<String> all = new ArrayList<>(List.of("openshift", "--config", config.toString()));
    all.addAll(List.of(words));
    return new Command(WeirProgram.brief(all.toArray(String[]::new)), Map.of(), Duration.ofMinutes(1)).run().orFail()
        .stdout();
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

  /** As a node has it once the files are applied: registries.conf, the CA under the door's name, the pull secret. */
  @Test
  void aNodeThatWasToldOfAllPullsOverTlsAsTheUserOfThePullSecret() throws IOException {
    Path place = Files.createDirectory(directory.resolve("tls"));
    Path users = place.resolve("htpasswd");
    new PasswordFileEditor(users).set("cluster", "s3cret".getBytes(StandardCharsets.UTF_8), 5);
    Path password = Files.writeString(place.resolve("password"), "s3cret\n");
    Path before = Files.writeString(place.resolve("before.json"), "{\"auths\": {\"quay.io\": {\"auth\": \"eDp5\"}}}");
    try (WeirProcess guarded = WeirProcess.startTls(place, place.resolve("data"), "{auto: true}", """
        certs: {path: "%s"}
        auth: {htpasswd: {realm: weir, path: "%s"}}
        upstreams: {quay.io: {remoteurl: "%s"}}
        """.formatted(place.resolve("certs"), users, upstream.uri()),
        () -> TestCertificates.clientTrusting(place.resolve("certs/ca.crt")))) {
      Path told = place.resolve("told");
      weirSays(place.resolve("weir.yml"), "all", "--host", guarded.hostAndPort(), "--to", told.toString(), "--user",
          "cluster", "--password-file", password.toString(), "--pull-secret", before.toString(),
          "--no-ca-configmap", "--never-contact-source");
      ClientHome home = ClientHome.in(directory.resolve("n"))
          .registries(Files.readString(told.resolve("hosts/registries.conf.d/50-weir.conf")));
      Podman podman = new Podman(home);
      assertThat(podman.pullByConfiguration(named("@" + image.digest())).stderr()).contains("x509");

      Path trusted = Files.createDirectories(
          home.directory().resolve(".config/containers/certs.d").resolve(guarded.hostAndPort()));
      String key = guarded.hostAndPort().replace(":", "..");
      Files.writeString(trusted.resolve("ca.crt"),
          new YAMLMapper().readTree(told.resolve("20-ca.yaml").toFile()).path("data").path(key).asText());
      assertThat(podman.pullByConfiguration(named("@" + image.digest())).exit()).as("nobody logged in").isNotZero();

      Files.copy(told.resolve("data/pull-secret.json"), home.credentials(), StandardCopyOption.REPLACE_EXISTING);
      podman.pullByConfiguration(named("@" + image.digest())).orFail();
      assertThat(podman.digests(named("@" + image.digest()))).contains(image.digest());
    }
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
