package dev.weir.server.realclient;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** bin/weir in a checkout of its own, with a Maven and a JDK that only say how they were called. */
@NeedsPrograms({"sh", "find", "flock"})
class LauncherTest {
  @TempDir private Path directory;
  private Path checkout;
  private Path launcher;
  private Path builds;

  @BeforeEach
  void layOutACheckout() throws IOException {
    checkout = directory.toRealPath().resolve("the checkout");
    builds = directory.resolve("builds");
    Files.createDirectories(checkout.resolve("bin"));
    launcher = Files.copy(Path.of("..", "bin", "weir"), checkout.resolve("bin/weir"));
    Files.createDirectories(checkout.resolve("server/src/main"));
    Files.writeString(checkout.resolve("pom.xml"), "<project/>");
    Files.writeString(checkout.resolve("server/pom.xml"), "<project/>");
    Files.writeString(checkout.resolve("bin/jvm.options"), "");
    program("programs/mvn", """
        echo build >> '%s'
        [ -e fails ] && { echo 'the compiler said no'; exit 1; }
        sleep 0.2
        mkdir -p server/target/lib
        echo > server/target/weir-server-1.jar
        """.formatted(builds));
    jdk("jdk", "25.0.3");
  }

  @Test
  void buildsOnFirstUseAndNotAgain() throws IOException {
    Outcome first = weir().run("--version").orFail();
    Outcome second = weir().run("--version").orFail();

    assertThat(first.stderr()).isEqualTo("building weir, this takes a minute\n");
    assertThat(second.stderr()).isEmpty();
    assertThat(builds()).hasSize(1);
  }

  @Test
  void buildsAgainWhenASourceIsNewer() throws IOException {
    weir().run("--version").orFail();
    Path source = Files.writeString(checkout.resolve("server/src/main/New.java"), "class New {}");
    Files.setLastModifiedTime(source, FileTime.from(Instant.now().plusSeconds(10)));

    weir().run("--version").orFail();

    assertThat(builds()).hasSize(2);
  }

  @Test
  void whatIsBuiltByMavenAloneIsStartedOnceToRememberHowThatGoes() throws IOException {
    Path target = Files.createDirectories(checkout.resolve("server/target"));
    Files.createDirectories(target.resolve("lib"));
    Path jar = Files.writeString(target.resolve("weir-server-1.jar"), "");
    Files.setLastModifiedTime(jar, FileTime.from(Instant.now().plusSeconds(-1)));
    age("pom.xml", "server", "server/pom.xml", "server/src/main", "bin/jvm.options");

    weir().run("--version").orFail();
    FileTime learnt = Files.getLastModifiedTime(target.resolve("weir.aot"));
    weir().run("--version").orFail();

    assertThat(builds).doesNotExist();
    assertThat(Files.getLastModifiedTime(target.resolve("weir.aot"))).isEqualTo(learnt);
    Files.setLastModifiedTime(jar, FileTime.from(Instant.now().plusSeconds(1)));
    weir().run("--version").orFail();
    assertThat(Files.getLastModifiedTime(target.resolve("weir.aot"))).isGreaterThan(learnt);
  }

  private void age(String... files) throws IOException {
    for (String each : files) {
      Files.setLastModifiedTime(checkout.resolve(each), FileTime.from(Instant.now().minusSeconds(60)));
    }
  }

  @Test
  void passesItsArgumentsAndItsHomeToMain() {
    String[] words = weir().run("serve", "a file.yml").orFail().line().split("\n", -1);

    assertThat(words).containsSubsequence("-Dweir.home=" + checkout, "-cp",
        checkout + "/server/target/weir-server-1.jar:"
            + checkout + "/server/target/lib/*",
        "dev.weir.server.Main", "serve", "a file.yml");
  }

  @Test
  void givesTheJvmTheUsersOptions() {
    assertThat(weir(Map.of("WEIR_JAVA_OPTS", "-Xmx1g -Xss1m")).run("serve").orFail().line().split("\n", -1)).contains(
        "-Xmx1g", "-Xss1m");
  }

  @Test
  void isFoundThroughASymbolicLink() throws IOException {
    Path link = Files.createSymbolicLink(directory.resolve("weir"), Path.of("the checkout", "bin", "weir"));

    Outcome outcome = command(link, Map.of()).run("--version").orFail();

    assertThat(outcome.stdout()).contains("-Dweir.home=" + checkout);
  }

  @Test
  void showsWhatMavenSaidWhenTheBuildFails() throws IOException {
    Files.writeString(checkout.resolve("fails"), "");

    Outcome outcome = weir().run("--version");

    assertThat(outcome.exit()).isEqualTo(1);
    assertThat(outcome.stderr()).contains("the compiler said no").contains("the build failed");
  }

  @Test
  void passesOverAJavaHomeThatIsTooOld() throws IOException {
    jdk("old", "17.0.15");
    Files.createSymbolicLink(directory.resolve("programs/java"), directory.resolve("jdk/bin/java"));

    Outcome outcome = weir(Map.of("JAVA_HOME", directory.resolve("old").toString())).run("--version").orFail();

    assertThat(outcome.stdout()).startsWith("from jdk\n");
  }

  @Test
  void twoThatStartAtOnceBuildOnce() throws Exception {
    Callable<Outcome> start = () -> weir().run("--version").orFail();
    try (var both = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var outcome : both.invokeAll(List.of(start, start))) {
        assertThat(outcome.get().stdout()).contains("dev.weir.server.Main");
      }
    }

    assertThat(builds()).hasSize(1);
  }

  private List<String> builds() throws IOException {
    return Files.readAllLines(builds);
  }

  private Command weir() {
    return weir(Map.of());
  }

  private Command weir(Map<String, String> environment) {
    return command(launcher, environment);
  }

  private Command command(Path program, Map<String, String> environment) {
    var all = new HashMap<>(Map.of("PATH", directory.resolve("programs") + ":" + System.getenv("PATH"),
        "JAVA_HOME", directory.resolve("jdk").toString()));
    all.putAll(environment);
    return new Command(List.of(program.toString()), all, Duration.ofMinutes(2));
  }

  /** A JDK whose java prints who it is and its arguments, one a line. */
  private void jdk(String name, String version) throws IOException {
    program(name + "/bin/java", "printf '%s\\n' 'from " + name + "' \"$@\"");
    Files.writeString(directory.resolve(name).resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
  }

  private void program(String path, String script) throws IOException {
    Path file = directory.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, "#!/bin/sh\n" + script + "\n");
    assertThat(file.toFile().setExecutable(true)).isTrue();
  }
}
