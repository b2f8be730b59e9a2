package dev.weir.server.realclient;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.weir.auth.PasswordFileEditor;

import static org.assertj.core.api.Assertions.assertThat;

/** podman and skopeo with right, wrong and missing credentials. */
@NeedsPrograms({DockerRegistryProcess.PROGRAM, Podman.PROGRAM, Skopeo.PROGRAM})
class LoginTest {
  private static DockerRegistryProcess source;
  private static WeirProcess weir;
  private static ClientHome home;
  private static TestImage image;

  @BeforeAll
  static void start(@TempDir Path directory) throws IOException {
    image = new TestImages(directory).dockerSchema2("team/app", "1.0");
    source = DockerRegistryProcess.start(directory, directory.resolve("source"));
    new RegistryFiller(source.uri()).push(image);
    Path htpasswd = directory.resolve("htpasswd");
    for (String user : new String[]{"writer", "reader"}) {
      new PasswordFileEditor(htpasswd).set(user, (user + "'s secret").getBytes(StandardCharsets.UTF_8), 5);
    }
    weir = WeirProcess.start(directory, directory.resolve("weir"), """
        auth: {htpasswd: {realm: Registry Realm, path: "%s"}}
        rules:
        - {users: [anonymous], repositories: ["public/**"], actions: [pull]}
        - {users: [reader], repositories: ["team/**"], actions: [pull]}
        - {users: [writer], repositories: ["**"], actions: [pull, push, delete]}
        """.formatted(htpasswd));
    home = ClientHome.in(directory.resolve("home"));
    new Podman(home).pull(original()).orFail();
  }

  @AfterAll
  static void stop() {
    weir.close();
    source.close();
  }

  @BeforeEach
  void forgetCredentials() {
    new Podman(home).logout(weir.hostAndPort());
  }

  private static String original() {
    return source.hostAndPort() + "/" + image;
  }

  private static String name(String repository) {
    return weir.hostAndPort() + "/" + repository + ":1.0";
  }

  private static Outcome login(String user) {
    return new Podman(home).login(weir.hostAndPort(), user, user + "'s secret");
  }

  private static void assertRefused(Outcome outcome, String... reasons) {
    assertThat(outcome.exit()).as("%s", outcome).isNotZero();
    assertThat(outcome.stderr()).containsAnyOf(reasons);
  }

  @Test
  void podmanLogsInWithTheRightPasswordAlone() {
    Podman podman = new Podman(home);
    assertThat(login("writer").orFail().stdout()).contains("Login Succeeded");
    assertRefused(podman.login(weir.hostAndPort(), "writer", "wrong"), "invalid username/password");
    assertRefused(podman.login(weir.hostAndPort(), "nobody", "wrong"), "invalid username/password");
  }

  @Test
  void podmanPushesAndPullsWithCredentials() {
    Podman podman = new Podman(home);
    assertRefused(podman.push(original(), name("team/pushed")), "authentication required", "unauthorized");
    login("writer").orFail();
    podman.push(original(), name("team/pushed")).orFail();
    podman.pull(name("team/pushed")).orFail();
    login("reader").orFail();
    podman.pull(name("team/pushed")).orFail();
    assertRefused(podman.push(original(), name("team/pushed")), "denied");
    assertRefused(podman.pull(name("elsewhere/app")), "denied");
    podman.logout(weir.hostAndPort()).orFail();
    assertRefused(podman.pull(name("team/pushed")), "authentication required", "unauthorized");
  }

  @Test
  void everybodyPullsWhatIsForEverybodyWithAndWithoutCredentials(@TempDir Path target) {
    login("writer").orFail();
    new Podman(home).push(original(), name("public/app")).orFail();
    new Skopeo(home).copyAll(name("public/app"), target.resolve("writer")).orFail();
    login("reader").orFail();
    new Skopeo(home).copyAll(name("public/app"), target.resolve("reader")).orFail();
    new Podman(home).logout(weir.hostAndPort()).orFail();
    new Skopeo(home).copyAll(name("public/app"), target.resolve("anybody")).orFail();
    new Podman(home).pull(name("public/app")).orFail();
    assertRefused(new Podman(home).push(original(), name("public/app")), "authentication required", "unauthorized");
  }

  @Test
  void skopeoTakesCredentialsOnItsCommandLine() {
    Skopeo skopeo = new Skopeo(home);
    assertThat(skopeo.inspect(name("team/absent"), "--creds", "writer:writer's secret").stderr())
        .contains("manifest unknown");
    assertRefused(skopeo.inspect(name("team/absent"), "--creds", "writer:wrong"), "authentication required",
        "unauthorized", "invalid username/password");
    assertRefused(skopeo.inspect(name("team/absent"), "--no-creds"), "authentication required", "unauthorized");
  }
}
