package dev.weir.server.realclient;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.weir.auth.PasswordFileEditor;
import dev.weir.server.cli.WeirCommand;
import dev.weir.server.pullthrough.TestWeir;
import dev.weir.server.tls.TestCertificates;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

/** From one side of the gap to the other and back: every digest and tag is the same. */
@NeedsPrograms(DockerRegistryProcess.PROGRAM)
class AirGapTest {
  @TempDir private Path directory;
  private List<TestImage> images;

  @BeforeEach
  void makeImages() throws IOException {
    var forge = new TestImages(Files.createDirectory(directory.resolve("forge")));
    TestImage app = forge.multiArch("team/app", "1.0");
    images = List.of(app, forge.dockerSchema2("deep/er/legacy", "3.0"), forge.signatureOf(app));
  }

  private static void assertServed(Wire wire, List<TestImage> images) {
    for (TestImage image : images) {
      assertThat(wire.digestOf("/v2/" + image.repository() + "/manifests/" + image.tag(), "Accept",
          image.top().mediaType())).isEqualTo(image.digest());
      image.blobs().forEach(blob -> assertThat(
          wire.digestOf("/v2/" + image.repository() + "/blobs/" + blob.digest())).isEqualTo(blob.digest()));
    }
  }

  private void tar(String... arguments) {
    new Command(List.of("tar"), Map.of(), Duration.ofMinutes(1)).run(arguments).orFail();
  }

  @Test
  void dataOfDockerRegistryThatIsUnpackedUnderARunningWeirIsServedAtOnceAndBack() throws IOException {
    try (var registry = DockerRegistryProcess.start(directory, directory.resolve("data"))) {
      new RegistryFiller(registry.uri()).push(images);
    }
    tar("-zcf", directory + "/registry.tar.gz", "-C", directory.toString(), "data");
    Path root = Files.createDirectory(directory.resolve("w"));
    try (TestWeir weir = TestWeir.in(root).start()) {
      tar("-zxf", directory + "/registry.tar.gz", "--strip-components=1", "-C", root.toString());

      assertServed(new Wire(weir.uri()), images);
    }
    tar("-zcf", directory + "/back.tar.gz", "-C", root.toString(), "docker");
    Path back = Files.createDirectory(directory.resolve("back"));
    tar("-zxf", directory + "/back.tar.gz", "-C", back.toString());
    try (var registry = DockerRegistryProcess.start(directory, back)) {
      assertServed(new Wire(registry.uri()), images);
    }
  }

  @Test
  void whatWeirExportsIsWhatWeirImports() throws IOException {
    Path root = Files.createDirectory(directory.resolve("w"));
    try (TestWeir weir = TestWeir.in(root).start()) {
      new RegistryFiller(weir.uri()).push(images);
      for (String format : List.of("archive", "oc-dir", "oci")) {
        run("export", "--config", root + ".yml", "--all", "--to", format + ":" + directory.resolve(format));
      }
    }
    for (String format : List.of("archive", "oc-dir", "oci")) {
      Path other = Files.createDirectory(directory.resolve("other-" + format));
      try (TestWeir weir = TestWeir.in(other).start()) {
        ImportRun.on(other, directory.resolve(format).toString()).orFail();

        assertServed(new Wire(weir.uri()), images);
      }
    }
  }

  private static void run(String... words) {
    StringWriter said = new StringWriter();
    int status = WeirCommand.commands().setOut(new PrintWriter(said, true)).setErr(new PrintWriter(said, true))
        .execute(words);
    assertThat(status).as("%s: %s", List.of(words), said).isZero();
  }

  @Test
  void aWeirElsewhereTakesItInFromItsAdministratorsOverTls() throws IOException {
    Path data = directory.resolve("data");
    try (var registry = DockerRegistryProcess.start(directory, data)) {
      new RegistryFiller(registry.uri()).push(images);
    }
    Path passwords = directory.resolve("htpasswd");
    new PasswordFileEditor(passwords).set("admin", "secret".getBytes(UTF_8), 5);
    Path authority = directory.resolve("certs/ca.crt");
    try (WeirProcess weir = WeirProcess.startTls(directory, directory.resolve("w"), "{auto: true}", """
        upstreams: {}
        certs: {path: "%s"}
        auth: {htpasswd: {realm: weir, path: "%s"}}
        """.formatted(directory.resolve("certs"), passwords), () -> TestCertificates.clientTrusting(authority))) {
      Path login = Files.writeString(directory.resolve("auth.json"), "{\"auths\": {\"%s\": {\"auth\": \"%s\"}}}"
          .formatted(weir.hostAndPort(), Base64.getEncoder().encodeToString("admin:secret".getBytes(UTF_8))));

      run("import", data.toString(), "--server", "https://" + weir.hostAndPort(), "--cafile", authority.toString(),
          "--authfile", login.toString());
      run("import", data.toString(), "--to", weir.hostAndPort(), "--cafile", authority.toString(), "--map", "=again",
          "--authfile", login.toString());

      String basic = "Basic " + Base64.getEncoder().encodeToString("admin:secret".getBytes(UTF_8));
      for (TestImage image : images) {
        for (String name : List.of(image.repository(), "again/" + image.repository())) {
          assertThat(weir.wire().digestOf("/v2/" + name + "/manifests/" + image.tag(), "Accept", "*/*",
              "Authorization", basic)).isEqualTo(image.digest());
        }
      }
    }
  }
}
