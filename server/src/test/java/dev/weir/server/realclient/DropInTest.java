package dev.weir.server.realclient;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.weir.auth.PasswordFileEditor;
import dev.weir.server.tls.TestCertificates;

import static org.assertj.core.api.Assertions.assertThat;

/** registry:2's command line, with only the program changed, on a volume that registry:2 filled. */
@NeedsPrograms({DockerRegistryProcess.PROGRAM, Podman.PROGRAM, Skopeo.PROGRAM, "curl"})
class DropInTest {
  private static final String USER = "user1";
  private static final String PASSWORD = "its secret: 1";
  private static final String RIGHT = USER + ":" + PASSWORD;
  private static final Pattern STATUS = Pattern.compile("HTTP/\\S+ (\\d{3})");
  private static final Pattern CODE = Pattern.compile("\"code\":\"(\\w+)\"");
  private static final String DIGEST = "sha256:00000000000000000000000000000000000000000000000000000000000000ff";

  private static Path volume;
  private static Path config;
  private static Path trusting;
  private static RegistryLine line;
  private static TestImage image;
  private static TestImage large;
  private static ClientHome home;
  private static ServerProcess peer;
  private static ServerProcess weir;

  @BeforeAll
  static void changeTheProgram(@TempDir Path directory) throws IOException {
    TestCertificates ca = TestCertificates.in(directory.resolve("ca"));
    Path htpasswd = directory.resolve("htpasswd");
    new PasswordFileEditor(htpasswd).set(USER, PASSWORD.getBytes(StandardCharsets.UTF_8), 5);
    line = new RegistryLine(htpasswd, ca.write("tls", ca.local()), ca.authority());
    config = Files.writeString(directory.resolve("config.yml"), RegistryLine.SHIPPED);
    trusting = Files.createDirectory(directory.resolve("trusting"));
    Files.copy(ca.authority(), trusting.resolve("ca.crt"));
    home = ClientHome.in(directory.resolve("home"));
    TestImages forge = new TestImages(directory);
    image = forge.multiArch("team/app", "1.0");
    large = forge.dockerSchema2("team/legacy", "3.0");
    volume = filled(directory.resolve("volume"));
    peer = line.start(List.of(DockerRegistryProcess.PROGRAM, "serve", config.toString()),
        filled(directory.resolve("peer")));
    weir = line.start(WeirProgram.command(config.toString()), volume);
  }

  /** As a volume is that registry:2 was given: nobody but its owner writes to it. */
  private static Path filled(Path root) throws IOException {
    Files.createDirectory(root, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
    try (var writer = DockerRegistryProcess.start(home.directory(), root)) {
      new RegistryFiller(writer.uri()).push(List.of(image, large));
      writer.stop();
    }
    return root;
  }

  @AfterAll
  static void stop() {
    weir.kill();
    peer.kill();
  }

  private static String name(TestImage pushed) {
    return "127.0.0.1:" + weir.port() + "/" + pushed;
  }

  private static Outcome podman(String command, String... more) {
    return new Podman(home).run(Stream.of(Stream.of(command, "--tls-verify=true", "--cert-dir", trusting.toString()),
        command.equals("login") ? Stream.<String>empty() : Stream.of("--signature-policy", home.policy().toString()),
        Stream.of(more)).flatMap(words -> words).toArray(String[]::new));
  }

  private static Outcome login(String password) {
    return podman("login", "-u", USER, "-p", password, "127.0.0.1:" + weir.port());
  }

  @Test
  void itSaysNothingButThatItListens() {
    assertThat(weir.log().lines()).filteredOn(said -> said.contains(" WARN ") || said.contains(" ERROR ")).isEmpty();
    assertThat(weir.log().toString()).contains("serves " + volume, "configured by " + config, "TLS by");
  }

  @Test
  void podmanLogsInPullsAndPushes() {
    assertThat(login("wrong").stderr()).contains("invalid username/password");
    login(PASSWORD).orFail();
    podman("pull", name(large)).orFail();
    String pushed = "127.0.0.1:" + weir.port() + "/team/pushed:1";
    new Podman(home).run("tag", name(large), pushed).orFail();
    podman("push", pushed).orFail();
    new Podman(home).forgetImages();
    podman("pull", pushed).orFail();
    new Podman(home).logout("127.0.0.1:" + weir.port()).orFail();
    assertThat(podman("pull", name(large)).stderr()).contains("authentication required");
  }

  @Test
  void skopeoCopiesWhatRegistry2Holds(@TempDir Path target) {
    new Skopeo(home).run("copy", "-q", "--all", "--preserve-digests", "--src-cert-dir", trusting.toString(),
        "--src-creds", RIGHT, "docker://" + name(image), "dir:" + target).orFail();
    new DirImage(target).assertHolds(image);
  }

  @ParameterizedTest
  @ValueSource(strings = {"--creds=" + USER + ":wrong", "--creds=nobody:" + PASSWORD, "--creds=" + USER + ":",
      "--no-creds"})
  void skopeoIsToldAsRegistry2TellsIt(String credentials) {
    String[] said = Stream.of(weir, peer).map(server -> {
      Outcome inspect = new Skopeo(home).run("inspect", "--no-tags", "--cert-dir", trusting.toString(), credentials,
          "docker://127.0.0.1:" + server.port() + "/" + image);
      assertThat(inspect.exit()).isNotZero();
      return inspect.stderr().replaceAll("time=\\S+", "").replace(":" + server.port(), ":PORT");
    }).toArray(String[]::new);
    assertThat(said[0]).containsAnyOf("invalid username/password", "authentication required");
    assertThat(said[0].replaceAll("authentication required[^\"\\n]*", "authentication required")).isEqualTo(said[1]
        .replaceAll("authentication required[^\"\\n]*", "authentication required"));
  }

  /** What clients act upon. */
  private record Answer(int status, List<String> challenge, List<String> version, String code) {
    private static List<String> fields(String head, String name) {
      return Pattern.compile("(?im)^" + name + ": (.*?)\\r?$").matcher(head).results().map(MatchResult::group)
          .map(field -> field.substring(field.indexOf(':') + 1).strip()).toList();
    }

    static Answer of(String text) {
      var status = STATUS.matcher(text);
      assertThat(status.find()).as(text).isTrue();
      var code = CODE.matcher(text);
      return new Answer(Integer.parseInt(status.group(1)), fields(text, "WWW-Authenticate"),
          fields(text, "Docker-Distribution-Api-Version"), code.find() ? code.group(1) : "");
    }
  }

  /** Comes back when it is asked to, as after more guesses than weir looks at in a second; the last answer counts. */
  private static Answer curl(ServerProcess server, List<String> credentials, String method, String path) {
    Outcome outcome = new Command(
        List.of("curl", "-s", "-i", "--retry", "20", "--http1.1", "--noproxy", "*", "--cacert",
            line.authority().toString(), "-X", method, "https://127.0.0.1:" + server.port() + path),
        Map.of(),
        Duration.ofMinutes(1)).run(credentials).orFail();
    return Answer.of(outcome.stdout().substring(outcome.stdout().lastIndexOf("HTTP/1.1 ")));
  }

  static Stream<Arguments> requestsAndCredentials() {
    List<List<String>> requests = List.of(List.of("GET", "/v2/"), List.of("GET", "/v2/_catalog"),
        List.of("GET", "/v2/team/app/tags/list"), List.of("GET", "/v2/team/app/manifests/1.0"),
        List.of("GET", "/v2/team/app/manifests/absent"), List.of("GET", "/v2/team/app/blobs/" + DIGEST),
        List.of("POST", "/v2/team/app/blobs/uploads/"), List.of("PUT", "/v2/team/app/manifests/new"),
        List.of("DELETE", "/v2/team/app/manifests/" + DIGEST), List.of("GET", "/v2/absent/manifests/1"),
        List.of("GET", "/"));
    List<List<String>> wrong = List.of(List.of(), List.of("-u", USER + ":wrong"), List.of("-u", "nobody:" + PASSWORD),
        List.of("-u", USER + ":"), List.of("-H", "Authorization: Basic Og=="), List.of("-H", "Authorization: Bearer x"),
        List.of("-H", "Authorization: Basic ???"), List.of("-H", "Authorization: Basic dXNlcjE="));
    return requests.stream().flatMap(request -> wrong.stream().map(each -> Arguments.of(each, request.get(0), request
        .get(1))));
  }

  @ParameterizedTest
  @MethodSource("requestsAndCredentials")
  void curlWithoutTheRightCredentialsIsAnsweredAsByRegistry2(List<String> credentials, String method, String path) {
    Answer answer = curl(weir, credentials, method, path);
    if (!path.equals("/")) {
      assertThat(answer).isEqualTo(new Answer(401, List.of("Basic realm=\"Registry Realm\""), List.of("registry/2.0"),
          "UNAUTHORIZED"));
    }
    assertThat(answer).isEqualTo(curl(peer, credentials, method, path));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v2/", "/v2/_catalog", "/v2/team/app/tags/list", "/v2/team/app/manifests/1.0",
      "/v2/team/app/manifests/absent", "/v2/team/app/blobs/" + DIGEST, "/v2/absent/manifests/1",
      "/v2/absent/tags/list"})
  void curlWithTheRightCredentialsIsAnsweredAsByRegistry2(String path) {
    List<String> right = List.of("-u", RIGHT, "-H", "Accept: " + image.top().mediaType());
    assertThat(curl(weir, right, "GET", path)).isEqualTo(curl(peer, right, "GET", path));
  }

  static Stream<Arguments> commandLines() {
    String debian = "/etc/docker/registry/config.yml";
    return Stream.of(Arguments.of(List.of("serve"), Map.of()), Arguments.of(List.of("serve", debian), Map.of()),
        Arguments.of(List.of("registry", "serve", config.toString()), Map.of()),
        Arguments.of(List.of("registry", debian), Map.of()),
        Arguments.of(List.of("serve"), Map.of("REGISTRY_CONFIGURATION_PATH", config.toString())));
  }

  @ParameterizedTest
  @MethodSource("commandLines")
  void everyCommandLineOfTheImageStartsIt(List<String> arguments, Map<String, String> variables, @TempDir Path empty) {
    ServerProcess other = line.start(WeirProgram.command(arguments.toArray(String[]::new)), empty.resolve("volume"),
        variables);
    try {
      assertThat(curl(other, List.of("-u", RIGHT), "GET", "/v2/").status()).isEqualTo(200);
      assertThat(curl(other, List.of(), "GET", "/v2/").status()).isEqualTo(401);
      assertThat(other.log().toString()).contains("configured by " + Stream
          .concat(arguments.stream().skip(1).filter(word -> word.endsWith(".yml")), variables.values().stream())
          .findFirst().orElse("../conf/weir.yml"));
      assertThat(empty.toFile().list()).containsExactly("volume");
    } finally {
      assertThat(other.stop()).isIn(0, 143);
    }
  }

  @Test
  void theWayBackIsOpen(@TempDir Path other) throws IOException {
    Path root = other.resolve("volume");
    ServerProcess first = line.start(WeirProgram.command("serve", config.toString()), root);
    new Skopeo(home).run("copy", "-q", "--all", "--preserve-digests", "--src-cert-dir", trusting.toString(),
        "--src-creds", RIGHT, "--dest-cert-dir", trusting.toString(), "--dest-creds", RIGHT, "docker://" + name(image),
        "docker://127.0.0.1:" + first.port() + "/" + image).orFail();
    first.stop();
    ServerProcess back = line.start(List.of(DockerRegistryProcess.PROGRAM, "serve", config.toString()), root);
    new Skopeo(home).run("copy", "-q", "--all", "--preserve-digests", "--src-cert-dir", trusting.toString(),
        "--src-creds", RIGHT, "docker://127.0.0.1:" + back.port() + "/" + image, "dir:" + other.resolve("copy"))
        .orFail();
    new DirImage(other.resolve("copy")).assertHolds(image);
    back.stop();
  }
}
