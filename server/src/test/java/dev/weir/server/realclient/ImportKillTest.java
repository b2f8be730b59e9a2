package dev.weir.server.realclient;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import dev.weir.server.admin.Json;
import dev.weir.server.archive.in.ImportReport;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

/** An import that is killed, or whose weir is, goes on where it was: what arrived is not sent again. */
@NeedsPrograms(DockerRegistryProcess.PROGRAM)
@Timeout(300)
class ImportKillTest {
  @TempDir private Path directory;
  private List<TestImage> images;
  private Path root;
  private byte[] tar;
  private int cut;
  private List<String> before;
  private int all;

  @BeforeEach
  void packARegistry() throws IOException {
    var forge = new TestImages(Files.createDirectory(directory.resolve("forge")));
    List<TestImage> made = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      made.add(forge.large("team/app" + i, "1.0", 300_000));
    }
    images = made;
    root = directory.resolve("w");
    try (var registry = DockerRegistryProcess.start(directory, directory.resolve("data"))) {
      new RegistryFiller(registry.uri()).push(images);
    }
    Path file = directory.resolve("registry.tar");
    new Command(List.of("tar"), Map.of(), Duration.ofMinutes(1))
        .run("-cf", file.toString(), "-C", directory.toString(), "data").orFail();
    tar = Files.readAllBytes(file);
    cut = tar.length * 6 / 10;
    try (TarFile read = new TarFile(file)) {
      List<TarArchiveEntry> blobs = read.getEntries().stream().filter(entry -> entry.getName().endsWith("/data"))
          .toList();
      all = blobs.size();
      before = blobs.stream().filter(entry -> entry.getDataOffset() + entry.getSize() < cut)
          .map(entry -> entry.getName().substring("data/".length())).toList();
    }
    assertThat(before).hasSizeBetween(3, all - 3);
  }

  private Process start(WeirProcess weir) throws IOException {
    assertThat(weir.port()).isPositive();
    ProcessBuilder builder = new ProcessBuilder(WeirProgram.command("import", "--config",
        directory.resolve("weir.yml").toString(), "--output", "json", "-")).redirectErrorStream(true);
    builder.environment().remove("WEIR_SERVER");
    return builder.start();
  }

  /** Gives it the first part, and returns when all blobs in that have arrived. */
  private Process startAndStall(WeirProcess weir) throws IOException {
    Process process = start(weir);
    OutputStream in = process.getOutputStream();
    in.write(tar, 0, cut);
    in.flush();
    while (!before.stream().allMatch(path -> Files.exists(root.resolve(path)))) {
      assertThat(process.isAlive()).isTrue();
      LockSupport.parkNanos(5_000_000);
    }
    return process;
  }

  private ImportReport goOn(WeirProcess weir) throws Exception {
    Process process = start(weir);
    try (OutputStream in = process.getOutputStream()) {
      in.write(tar);
    }
    String said;
    try (BufferedReader out = process.inputReader(UTF_8)) {
      said = out.lines().collect(Collectors.joining("\n"));
    }
    assertThat(process.waitFor()).as(said).isZero();
    return Json.value(Json.tree(said.substring(said.indexOf("{\n")).getBytes(UTF_8)), ImportReport.class);
  }

  private void assertServed(WeirProcess weir) {
    for (TestImage image : images) {
      assertThat(weir.wire().digestOf("/v2/" + image.repository() + "/manifests/1.0", "Accept", "*/*"))
          .isEqualTo(image.digest());
      image.blobs().forEach(blob -> assertThat(
          weir.wire().digestOf("/v2/" + image.repository() + "/blobs/" + blob.digest())).isEqualTo(blob.digest()));
    }
  }

  @Test
  void anImportThatIsKilledGoesOnWithWhatIsMissing() throws Exception {
    try (WeirProcess weir = WeirProcess.start(directory, root, "upstreams: {}\n")) {
      startAndStall(weir).destroyForcibly().waitFor();

      ImportReport report = goOn(weir);

      assertThat(report.blobs()).isEqualTo(all - before.size());
      assertServed(weir);
      assertThat(stagingLeft()).isEmpty();
    }
  }

  @Test
  void anImportWhoseWeirIsKilledSaysSoAndGoesOnWithTheNext() throws Exception {
    try (WeirProcess weir = WeirProcess.start(directory, root, "upstreams: {}\n")) {
      Process process = startAndStall(weir);
      weir.kill();
      try (OutputStream in = process.getOutputStream()) {
        in.write(Arrays.copyOfRange(tar, cut, tar.length));
      } catch (IOException e) {
        // it has given up already
      }
      String said;
      try (BufferedReader out = process.inputReader(UTF_8)) {
        said = out.lines().collect(Collectors.joining("\n"));
      }
      assertThat(process.waitFor()).isEqualTo(1);
      assertThat(said).contains("admin.sock");
      weir.start();

      ImportReport report = goOn(weir);

      assertThat(report.blobs()).isEqualTo(all - before.size());
      assertServed(weir);
    }
  }

  private List<String> stagingLeft() throws IOException {
    Path staging = root.resolve("docker/registry/v2/repositories/weir-import");
    if (Files.notExists(staging)) {
      return List.of();
    }
    try (Stream<Path> left = Files.walk(staging)) {
      return left.filter(Files::isRegularFile).map(Path::toString).toList();
    }
  }
}
