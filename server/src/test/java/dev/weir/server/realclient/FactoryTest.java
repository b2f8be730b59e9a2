package dev.weir.server.realclient;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** What conf/factory puts on a host that was filled in the factory, with a real podman and skopeo. */
@NeedsPrograms({"bash", "podman", "skopeo", "tar", "sha256sum"})
class FactoryTest {
  private static final Path FACTORY = Path.of("..", "conf", "factory").toAbsolutePath().normalize();

  @TempDir private Path directory;
  private ClientHome home;
  private Path folder;
  private List<TestImage> images;

  @BeforeEach
  void fillThePartition() throws IOException {
    home = ClientHome.in(directory.resolve("h"));
    folder = Files.createDirectories(directory.resolve("data"));
    var made = new TestImages(Files.createDirectories(directory.resolve("made")));
    images = List.of(made.dockerSchema2("ocp/first", "1"), made.dockerSchema2("ocp/second", "2"),
        made.dockerSchema2("ocp/third", "3"));
    for (TestImage image : images) {
      archive(image, byDigest(image));
    }
    Files.writeString(folder.resolve("ocp-images.txt"), "# what the cluster needs\r\n"
        + String.join("\r\n", images.stream().map(FactoryTest::byDigest).toList()) + "\r\n\r\n"
        + byDigest(images.getFirst()));
  }

  private static String byDigest(TestImage image) {
    return "registry.example.com:8443/" + image.repository() + "@" + image.digest();
  }

  private Path archive(String name) {
    return folder.resolve(name.substring(name.lastIndexOf('/') + 1).replaceFirst(":", "_") + ".tgz");
  }

  /** As skopeo's dir: and tar leave it. */
  private void archive(TestImage image, String name) throws IOException {
    String artifact = name.substring(name.lastIndexOf('/') + 1).replaceFirst(":", "_");
    Path dir = Files.createDirectories(directory.resolve("dirs").resolve(artifact));
    Files.writeString(dir.resolve("version"), "Directory Transport Version: 1.1\n");
    Files.write(dir.resolve("manifest.json"), image.top().bytes());
    for (TestBlob blob : image.blobs()) {
      Files.copy(blob.file(), dir.resolve(blob.digest().hex()));
    }
    new Command(List.of("tar"), Map.of(), Duration.ofMinutes(1)).run("-czf", archive(name).toString(), "-C",
        directory.resolve("dirs").toString(), artifact).orFail();
  }

  private Command bash() throws IOException {
    program("podman", String.join(" ", home.storageFlags()) + " --tmpdir " + home.temporary());
    program("skopeo", "--policy " + home.policy());
    var environment = new HashMap<>(home.environment());
    environment.put("PATH", directory.resolve("programs") + ":" + System.getenv("PATH"));
    environment.put("JOBS", "2");
    return new Command(List.of("bash"), environment, Duration.ofMinutes(3));
  }

  /** The real one, with options of the test's own. */
  private void program(String name, String options) throws IOException {
    Path file = Files.createDirectories(directory.resolve("programs")).resolve(name);
    String real = Stream.of(System.getenv("PATH").split(":")).map(each -> Path.of(each, name))
        .filter(Files::isExecutable)
        .findFirst().orElseThrow().toString();
    Files.writeString(file, "#!/bin/sh\nexec " + real + " " + options + " \"$@\"\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private Outcome extract(String... arguments) throws IOException {
    List<String> all = new ArrayList<>(List.of(FACTORY.resolve("extract-images.sh").toString()));
    all.addAll(Arrays.asList(arguments));
    return bash().run(all);
  }

  private boolean isLoaded(TestImage image) {
    return new Podman(home).run("image", "exists", byDigest(image)).exit() == 0;
  }

  private List<String> left() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> String.valueOf(file.getFileName())).sorted().toList();
    }
  }

  @Test
  void everyImageOfTheListIsLoadedOnceAndItsArchiveGoesWhereThatIsWanted() throws IOException {
    Outcome first = extract("ocp", folder.toString()).orFail();
    List<String> before = left();
    Outcome second = extract("--remove", "ocp", folder.toString()).orFail();

    assertThat(first.stdout()).contains("all 3 images are in the storage");
    assertThat(images).allMatch(this::isLoaded);
    assertThat(before).hasSize(4).noneMatch(name -> name.startsWith(".unpacking"));
    assertThat(second.stdout()).contains(byDigest(images.getFirst()) + ": is there already").doesNotContain("loaded");
    new Podman(home).forgetImages();
    extract("--remove", "ocp", folder.toString()).orFail();
    assertThat(left()).containsExactly("ocp-images.txt");
  }

  @Test
  void theScriptWorksInItsOwnFolderWithoutBeingOnThePath() throws IOException {
    Command there = bash();
    Outcome outcome = there.run("-c", "cd '" + FACTORY + "' && bash extract-images.sh ocp '" + folder + "'");

    assertThat(outcome.exit()).as(outcome.stdout()).isZero();
    assertThat(images).allMatch(this::isLoaded);
  }

  @Test
  void noImageIsSaidToBeThereOnlyBecauseNobodySaidThatItFailed() throws IOException {
    Command bash = bash();
    Path xargs = directory.resolve("programs/xargs");
    Files.writeString(xargs, "#!/bin/sh\nexit 127\n");
    Files.setPosixFilePermissions(xargs, PosixFilePermissions.fromString("rwxr-xr-x"));
    Outcome outcome = bash.run(FACTORY.resolve("extract-images.sh").toString(), "ocp", folder.toString());

    assertThat(outcome.exit()).isEqualTo(1);
    assertThat(outcome.stdout()).contains("3 of 3 images are not in the storage:", byDigest(images.getFirst()));
  }

  @Test
  void whatIsDamagedIsNamedAndKeepsNoOtherFromBeingLoaded() throws IOException {
    Path cut = archive(byDigest(images.get(0)));
    Files.write(cut, Arrays.copyOf(Files.readAllBytes(cut), 700));
    Files.move(archive(byDigest(images.get(1))), archive(byDigest(images.get(1))).resolveSibling("other.tgz"));
    Outcome outcome = extract("--remove", "ocp", folder.toString());

    assertThat(outcome.exit()).isEqualTo(1);
    assertThat(outcome.stdout()).contains(byDigest(images.get(0)) + ": " + cut + " cannot be unpacked",
        byDigest(images.get(1)) + ": there is no archive of it", "once more: 2 images",
        "2 of 3 images are not in the storage:");
    assertThat(isLoaded(images.get(2))).isTrue();
    assertThat(left()).contains(String.valueOf(cut.getFileName())).noneMatch(name -> name.startsWith(".unpacking"));
  }

  @Test
  void anotherImageUnderTheNameIsNotLoaded() throws IOException {
    Files.copy(archive(byDigest(images.get(0))), archive(byDigest(images.get(1))),
        StandardCopyOption.REPLACE_EXISTING);
    Outcome outcome = extract("ocp", folder.toString());

    assertThat(outcome.exit()).isEqualTo(1);
    assertThat(outcome.stdout()).contains(byDigest(images.get(1)) + ": " + archive(byDigest(images.get(1)))
        + " holds another image");
    assertThat(isLoaded(images.get(1))).isFalse();
  }

  @Test
  void whatCannotBeDoneFails() throws IOException {
    assertThat(extract("ai", folder.toString())).satisfies(said -> {
      assertThat(said.exit()).isEqualTo(1);
      assertThat(said.stderr()).contains("there is no list " + folder.resolve("ai-images.txt"));
    });
    assertThat(extract("all", folder.toString()).exit()).isEqualTo(2);
    Files.writeString(folder.resolve("ai-images.txt"), "# nothing\n");
    assertThat(extract("ai", folder.toString()).exit()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"discovery", "node", "node serve CONF"})
  void ignitionPutsFilesWithDecimalModesAndUnitsAsTheyAre(String words) throws IOException {
    List<String> all = new ArrayList<>(List.of(FACTORY.resolve("make-ignition.sh").toString()));
    Path conf = Files.writeString(directory.resolve("50-weir.conf"), "#!/bin/no script\n");
    all.addAll(List.of(words.replace("CONF", conf.toString()).split(" ")));
    JsonNode written = new ObjectMapper().readTree(bash().run(all).orFail().stdout());

    for (JsonNode file : written.at("/storage/files")) {
      boolean isConf = file.path("path").asText().equals("/etc/containers/registries.conf.d/50-weir.conf");
      assertThat(isConf).isEqualTo(words.contains("serve"));
      assertThat(file.path("mode").asInt()).isEqualTo(isConf ? 0644 : 0755);
      assertThat(file.at("/contents/source").asText()).startsWith("data:text/plain;charset=utf-8;base64,IyEvYmlu");
    }
    assertThat(written.at("/storage/files").size()).isEqualTo(1);
    assertThat(written.at("/systemd/units").size()).isEqualTo(2);
    for (JsonNode unit : written.at("/systemd/units")) {
      assertThat(unit.path("contents").asText())
          .isEqualTo(Files.readString(FACTORY.resolve(unit.path("name").asText())));
    }
  }

  @Test
  @NeedsPrograms("systemd-analyze")
  void systemdTakesTheUnits() throws IOException {
    Path units = Files.createDirectories(directory.resolve("units"));
    for (String name : List.of("var-mnt.mount", "precache-images.service", "precache-ocp-images.service",
        "weir.service")) {
      Files.writeString(units.resolve(name), Files.readString(FACTORY.resolve(name))
          .replace("/usr/local/bin/extract-images.sh", FACTORY.resolve("extract-images.sh").toString()));
    }
    List<String> names;
    try (Stream<Path> files = Files.list(units)) {
      names = files.map(Path::toString).toList();
    }
    List<String> words = new ArrayList<>(List.of("verify", "--man=no"));
    words.addAll(names);
    Outcome outcome = new Command(List.of("systemd-analyze"), Map.of(), Duration.ofMinutes(1)).run(words);

    assertThat(outcome.stderr().lines().filter(line -> line.contains(units.toString()))).as(outcome.toString())
        .isEmpty();
    assertThat(outcome.exit()).as(outcome.toString()).isZero();
  }
}
