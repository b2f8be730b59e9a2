package dev.weir.server.realclient;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.weir.server.precache.Commands;

import static org.assertj.core.api.Assertions.assertThat;

/** What {@code weir export} writes, taken by the programs that it is written for. */
@NeedsPrograms({DockerRegistryProcess.PROGRAM, Skopeo.PROGRAM, "tar"})
class ExportedTest {
  @TempDir private Path directory;
  private ClientHome home;
  private List<TestImage> images;
  private TestImage signature;
  private Path root;

  @BeforeEach
  void fill() throws IOException {
    home = ClientHome.in(directory.resolve("home"));
    var made = new TestImages(Files.createDirectories(directory.resolve("made")));
    TestImage app = made.multiArch("team/app", "1.0");
    signature = made.signatureOf(app);
    images = List.of(app, made.large("team/big", "2.0", 5L << 20), made.dockerSchema2("team/legacy", "3.0"));
    root = directory.resolve("weir");
    try (var weir = WeirProcess.start(directory, root, "upstreams: {}\n")) {
      new RegistryFiller(weir.wire()).push(images);
      new RegistryFiller(weir.wire()).push(signature);
    }
  }

  private void export(String... words) {
    var commands = new Commands(root);
    var all = new ArrayList<>(List.of("export"));
    all.addAll(List.of(words));
    assertThat(commands.run(all.toArray(String[]::new))).as(commands.out() + commands.err()).isZero();
  }

  private static Command tar() {
    return new Command(List.of("tar"), Map.of(), Duration.ofMinutes(1));
  }

  @Test
  void dockerRegistryServesAnArchiveOnceItsPartsAreUnpacked() throws IOException {
    Path out = directory.resolve("out");
    export("--all", "--split", "2MiB", "--to", "archive:" + out);
    Path there = Files.createDirectories(directory.resolve("there"));
    List<Path> parts;
    try (var files = Files.list(out)) {
      parts = files.filter(file -> file.toString().endsWith(".tar")).sorted().toList();
    }
    assertThat(parts).hasSizeGreaterThan(1);
    for (Path part : parts.reversed()) { // in any order
      assertThat(tar().run("-xf", part.toString(), "-C", there.toString()).orFail().stderr()).isEmpty();
    }
    try (var registry = DockerRegistryProcess.start(directory, there)) {
      for (TestImage image : List.of(images.get(0), images.get(1), images.get(2), signature)) {
        assertCopied(registry.hostAndPort() + "/" + image, image, directory.resolve("tag" + image.tag()));
        assertCopied(registry.hostAndPort() + "/" + image.repository() + "@" + image.digest(), image,
            directory.resolve("digest" + image.tag()));
      }
    }
  }

  @Test
  void skopeoReadsALayout() throws IOException {
    Path out = directory.resolve("layout");
    export("--all", "--to", "oci:" + out);
    for (TestImage image : List.of(images.get(0), images.get(1), signature)) {
      assertRead("oci:" + out + ":" + image, image);
    }
    Path alone = directory.resolve("alone");
    export(images.get(2).toString(), "--to", "oci:" + alone);
    assertRead("oci:" + alone, images.get(2)); // by a name, skopeo 1.9 finds OCI's own types alone
  }

  private void assertRead(String layout, TestImage image) {
    Path target = directory.resolve("from" + image.tag());
    new Skopeo(home).run("copy", "-q", "--all", "--preserve-digests", layout, "dir:" + target).orFail();
    new DirImage(target).assertHolds(image);
  }

  @Test
  @NeedsPrograms({"bash", Podman.PROGRAM})
  void theFactorysScriptsLoadWhatTheListsOfAPrecachingFolderName() throws IOException {
    Path out = directory.resolve("partition");
    TestImage app = images.get(0);
    TestImage legacy = images.get(2);
    export(app.toString(), legacy.repository() + "@" + legacy.digest(), "--registry", "registry.example.com:8443",
        "--to", "precache:" + out);
    assertThat(Files.readAllLines(out.resolve("ocp-images.txt"))).containsExactly(
        "registry.example.com:8443/" + app, "registry.example.com:8443/" + legacy);
    for (TestImage image : List.of(app, legacy)) {
      String artifact = image.toString().substring(image.toString().lastIndexOf('/') + 1).replace(':', '_');
      Path unpacked = Files.createDirectories(directory.resolve("unpacked" + image.tag()));
      tar().run("-zxf", out.resolve(artifact + ".tgz").toString(), "-C", unpacked.toString()).orFail();
      new DirImage(unpacked.resolve(artifact)).assertHolds(image);
    }
    Path script = Path.of("..", "conf", "factory", "extract-images.sh").toAbsolutePath().normalize();
    Outcome outcome = bash().run(script.toString(), "ocp", out.toString()).orFail();
    assertThat(outcome.stdout()).contains("all 2 images are in the storage");
    for (TestImage image : List.of(app, legacy)) {
      new Podman(home).run("image", "exists", "registry.example.com:8443/" + image).orFail();
    }
  }

  private Command bash() throws IOException {
    program("podman", String.join(" ", home.storageFlags()) + " --tmpdir " + home.temporary());
    program("skopeo", "--policy " + home.policy());
    var environment = new HashMap<>(home.environment());
    environment.put("PATH", directory.resolve("programs") + ":" + System.getenv("PATH"));
    return new Command(List.of("bash"), environment, Duration.ofMinutes(3));
  }

  /** The real one, with options of the test's own. */
  private void program(String name, String options) throws IOException {
    Path file = Files.createDirectories(directory.resolve("programs")).resolve(name);
    String real = Stream.of(System.getenv("PATH").split(":")).map(each -> Path.of(each, name))
        .filter(Files::isExecutable).findFirst().orElseThrow().toString();
    Files.writeString(file, "#!/bin/sh\nexec " + real + " " + options + " \"$@\"\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private void assertCopied(String name, TestImage image, Path target) {
    new Skopeo(home).copyAll(name, target).orFail();
    new DirImage(target).assertHolds(image);
  }
}
