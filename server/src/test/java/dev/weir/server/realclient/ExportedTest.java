package dev.weir.server.realclient;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

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
    var all = new java.util.ArrayList<>(List.of("export"));
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

  private void assertCopied(String name, TestImage image, Path target) {
    new Skopeo(home).copyAll(name, target).orFail();
    new DirImage(target).assertHolds(image);
  }
}
