package dev.weir.server.realclient;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

/**
 * A volume that registry:2 filled, readable for everybody, and a weir that is not its owner. The other way round than
 * in life: the volume goes to another user and weir, as uid 0, is stripped of root's powers over others' files.
 */
@NeedsPrograms({DockerRegistryProcess.PROGRAM, "setpriv"})
class ForeignVolumeTest {
  private static final int OWNER = 12_345;
  private static final List<String> WITHOUT_POWERS = List.of("setpriv",
      "--bounding-set=-dac_override,-dac_read_search,-fowner,-chown");

  @TempDir private Path directory;
  private Path volume = Path.of("");
  private Path config = Path.of("");
  @SuppressWarnings("NullAway.Init") // made before each test
  private TestImage image;

  @BeforeEach
  void fill() throws IOException {
    assumeThat(Files.getAttribute(Path.of("/proc/self"), "unix:uid")).as("only uid 0 can give files away").isEqualTo(0);
    volume = Files.createDirectory(directory.resolve("volume"));
    image = new TestImages(directory).multiArch("team/app", "1.0");
    try (var writer = DockerRegistryProcess.start(directory, volume)) {
      new RegistryFiller(writer.uri()).push(image);
    }
    config = Files.writeString(directory.resolve("config.yml"), """
        version: 0.1
        http: {addr: "127.0.0.1:0"}
        storage: {filesystem: {rootdirectory: "%s"}, delete: {enabled: true}}
        """.formatted(volume));
  }

  private void giveAway(Path tree) throws IOException {
    try (Stream<Path> all = Files.walk(tree)) {
      for (Path each : all.toList()) {
        Files.setAttribute(each, "unix:uid", OWNER);
        Files.setPosixFilePermissions(each,
            PosixFilePermissions.fromString(Files.isDirectory(each) ? "rwxr-xr-x" : "rw-r--r--"));
      }
    }
  }

  private List<String> command() {
    List<String> command = new ArrayList<>(WITHOUT_POWERS);
    command.addAll(WeirProgram.command("serve", config.toString()));
    return command;
  }

  @Test
  void oneSentenceSaysWhyWeirDoesNotStartAndWhatToDo() throws IOException {
    giveAway(volume);
    Outcome outcome = new Command(command(), Map.of(), Duration.ofMinutes(1)).run();
    assertThat(outcome.exit()).isEqualTo(1);
    assertThat(outcome.stderr().strip()).isEqualTo("weir: cannot write to the storage directory " + volume
        + " as uid 0 (it belongs to uid " + OWNER + ", mode 755): Access Denied (" + volume + "/weir); run weir as the"
        + " user to whom it belongs, or give it to weir: chown -R 0 " + volume);
  }

  @Test
  void whereOnlyTheRootIsOnesOwnReadsAreServedAndPushesToldWhy() throws IOException {
    giveAway(volume.resolve("docker"));
    ServerProcess weir = ServerProcess.start(command(), Map.of());
    try {
      Wire wire = new Wire(URI.create("http://127.0.0.1:" + weir.port()));
      String manifest = "/v2/team/app/manifests/1.0";
      assertThat(wire.get(manifest).body()).isEqualTo(image.top().bytes());
      for (TestBlob blob : image.blobs()) {
        assertThat(wire.digestOf("/v2/team/app/blobs/" + blob.digest())).isEqualTo(blob.digest());
      }
      var put = wire.expect(500, wire.request("/v2/team/app/manifests/2.0", "Content-Type", image.top().mediaType())
          .PUT(BodyPublishers.ofByteArray(image.top().bytes())));
      assertThat(new String(put.body(), StandardCharsets.UTF_8))
          .contains("the server may not read or write a part of its own storage").doesNotContain(volume.toString());
      assertThat(wire.get("/v2/team/app/manifests/2.0").statusCode()).isEqualTo(404);
      assertThat(weir.log().toString()).contains("cannot write to " + volume + "/docker as uid 0 (it belongs to uid "
          + OWNER + ", mode 755): what is held is served, and every push and every download will fail;",
          "chown -R 0 " + volume);
    } finally {
      weir.kill();
    }
  }
}
