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

import dev.weir.server.pullthrough.Await;
import dev.weir.server.pullthrough.TestWeir;

import static org.assertj.core.api.Assertions.assertThat;

/** What skopeo and docker-registry wrote goes into weir, and every digest and tag is the same there. */
@NeedsPrograms({DockerRegistryProcess.PROGRAM, Skopeo.PROGRAM})
class ImportTest {
  @TempDir private Path directory;
  private List<TestImage> images;
  private Path data;
  private Path root;

  @BeforeEach
  void fillARegistry() throws IOException {
    var forge = new TestImages(Files.createDirectory(directory.resolve("forge")));
    TestImage app = forge.multiArch("team/app", "1.0");
    images = List.of(app, forge.large("team/big", "2.0", 3L << 20), forge.dockerSchema2("deep/er/legacy", "3.0"),
        forge.signatureOf(app));
    data = directory.resolve("data");
    root = Files.createDirectory(directory.resolve("w"));
    try (var registry = DockerRegistryProcess.start(directory, data)) {
      new RegistryFiller(registry.uri()).push(images);
    }
  }

  private TestWeir weir() {
    return TestWeir.in(root).start();
  }

  private static void assertServed(TestWeir weir, TestImage image, String name) {
    Wire wire = new Wire(weir.uri());
    assertThat(wire.head("/v2/" + name + "/manifests/" + image.tag(), "Accept", "*/*").headers()
        .firstValue("Docker-Content-Digest")).contains(image.digest().toString());
    List<TestManifest> manifests = new java.util.ArrayList<>(image.children());
    manifests.add(image.top());
    manifests.forEach(each -> assertThat(wire.digestOf("/v2/" + name + "/manifests/" + each.digest(), "Accept", "*/*"))
        .isEqualTo(each.digest()));
    image.blobs().forEach(
        each -> assertThat(wire.digestOf("/v2/" + name + "/blobs/" + each.digest())).isEqualTo(each.digest()));
  }

  private void assertAllServed(TestWeir weir) {
    images.forEach(image -> assertServed(weir, image, image.repository()));
  }

  private Path packed(String flags, String name) {
    Path archive = directory.resolve(name);
    new Command(List.of("tar"), Map.of(), Duration.ofMinutes(1))
        .run(flags, archive.toString(), "-C", directory.toString(), "data").orFail();
    return archive;
  }

  @Test
  void aDirectoryOfDockerRegistryGoesIn() {
    try (TestWeir weir = weir()) {
      ImportRun run = ImportRun.on(root, data.toString()).orFail();

      assertAllServed(weir);
      assertThat(run.out()).contains("team/app").contains("All of it is here.");
      assertThat(weir.files("/_layers/")).noneMatch(path -> path.contains("staging"));
    }
  }

  @Test
  void aTarOfItGoesInWhateverItIsCompressedWith() {
    for (String flags : List.of("-cf", "-zcf")) {
      root = directory.resolve("weir" + flags);
      try (TestWeir weir = weir()) {
        ImportRun.on(root, packed(flags, "registry" + flags).toString()).orFail();

        assertAllServed(weir);
        assertThat(weir.files("weir-import/staging")).isEmpty();
      }
    }
  }

  @Test
  void aSecondRunSendsNothing() {
    Path archive = packed("-zcf", "registry.tgz");
    try (TestWeir weir = weir()) {
      ImportRun.on(root, archive.toString()).orFail();

      ImportRun again = ImportRun.on(root, archive.toString(), "--output", "json").orFail();

      assertThat(again.out()).contains("\"blobs\" : 0").contains("\"bytes\" : 0");
      assertThat(weir.files("weir-import/staging")).isEmpty();
    }
  }

  /** What came from upstream may be evicted; what was imported may not, though not a byte of it has to be sent. */
  @Test
  void whatIsHeldFromUpstreamIsOwnedOnceItIsImported() throws IOException {
    TestImage big = images.get(1);
    try (TestWeir weir = weir()) {
      ImportRun.on(root, data.toString()).orFail();
      Path revision = root.resolve("docker/registry/v2/repositories/team/big/_manifests/revisions/sha256/"
          + big.digest().hex());
      Files.writeString(revision.resolve("cached"), "quay.io");
      Files.writeString(Files.createDirectory(revision.resolve("cached-tags")).resolve("2.0"), "2.0");

      ImportRun again = ImportRun.on(root, data.toString(), "--output", "json").orFail();

      assertThat(again.out()).contains("\"blobs\" : 0");
      assertThat(weir.files("/cached")).isEmpty();
    }
  }

  @Test
  void signaturesOfReleasesAreKeptByARunningWeir() throws IOException {
    String hex = "ab".repeat(32);
    Files.createDirectory(data.resolve("config"));
    Files.writeString(data.resolve("config/signature-sha256-" + hex.substring(0, 16) + ".json"),
        "{\"kind\": \"ConfigMap\", \"binaryData\": {\"sha256-" + hex + "-1\": \"AQID\"}}");
    try (TestWeir weir = weir()) {
      assertThat(ImportRun.on(root, data.toString()).orFail().out()).contains("1 release signatures");

      assertThat(weir.files("weir/signatures")).containsExactly("weir/signatures/sha256=" + hex + "/signature-1");
    }
  }

  @Test
  void namesAreMappedByTheirBeginning() {
    try (TestWeir weir = weir()) {
      ImportRun.on(root, data.toString(), "--map", "team=ocp4/openshift4", "--map", "=other").orFail();

      assertServed(weir, images.getFirst(), "ocp4/openshift4/app");
      assertServed(weir, images.get(2), "other/deep/er/legacy");
    }
  }

  @Test
  void aRehearsalWritesNothingAndSaysWhatWouldGoWhere() {
    try (TestWeir weir = weir()) {
      Await.until("what weir itself writes after its start is there",
          () -> weir.files("weir/use").equals(List.of("weir/use")));
      List<String> before = weir.files("");

      ImportRun run = ImportRun.on(root, packed("-zcf", "registry.tgz").toString(), "--dry-run", "--map", "team=x")
          .orFail();

      assertThat(run.out()).contains("x/app").contains("1.0").contains("All of it is intact and could go in.");
      assertThat(weir.files("")).isEqualTo(before);
    }
  }

  @Test
  void whatSkopeoWroteGoesIn() {
    var home = ClientHome.in(directory.resolve("home"));
    var skopeo = new Skopeo(home);
    TestImage app = images.getFirst();
    TestImage legacy = images.get(2);
    Path to = directory.resolve("to");
    try (var registry = DockerRegistryProcess.start(directory, data); TestWeir weir = weir()) {
      copy(skopeo, registry, app, "dir:" + to + "-dir");
      copy(skopeo, registry, app, "oci:" + to + "-oci:1.0");
      copy(skopeo, registry, app, "oci-archive:" + to + ".tar:1.0");
      copy(skopeo, registry, legacy, "dir:" + to + "-legacy");

      ImportRun.on(root, "dir:" + to + "-dir", "--as", "from/dir:1.0").orFail();
      ImportRun.on(root, to + "-oci", "--as", "from/oci").orFail();
      ImportRun.on(root, to + ".tar", "--as", "from/archive").orFail();
      ImportRun.on(root, to + "-legacy", "--as", "from/legacy:3.0").orFail();

      assertServed(weir, app, "from/dir");
      assertServed(weir, app, "from/oci");
      assertServed(weir, app, "from/archive");
      assertServed(weir, legacy, "from/legacy");
      assertThat(ImportRun.on(root, to + "-dir").out()).contains("--as NAME[:TAG]");
    }
  }

  private static void copy(Skopeo skopeo, DockerRegistryProcess registry, TestImage image, String target) {
    skopeo.run("copy", "-q", "--all", "--preserve-digests", "--src-tls-verify=false",
        "docker://" + registry.hostAndPort() + "/" + image, target).orFail();
  }

  /** Its layers are not compressed, so it is another image; its configuration is the same. */
  @Test
  void aDockerArchiveGoesIn() {
    var home = ClientHome.in(directory.resolve("home"));
    var skopeo = new Skopeo(home);
    TestImage legacy = images.get(2);
    Path archive = directory.resolve("save.tar");
    try (var registry = DockerRegistryProcess.start(directory, data); TestWeir weir = weir()) {
      skopeo.run("copy", "-q", "--src-tls-verify=false", "docker://" + registry.hostAndPort() + "/" + legacy,
          "docker-archive:" + archive + ":quay.io/saved/legacy:3.0").orFail();

      ImportRun.on(root, archive.toString()).orFail();

      String inspected = skopeo.inspect(weir.uri().getAuthority() + "/quay.io/saved/legacy:3.0", "--raw").orFail()
          .stdout();
      assertThat(inspected).contains(legacy.blobs().getFirst().digest().toString());
      skopeo.copyAll(weir.uri().getAuthority() + "/quay.io/saved/legacy:3.0", directory.resolve("pulled")).orFail();
    }
  }

  @Test
  void dataAtRestTakesItInAsARunningWeirDoes() {
    try (TestWeir weir = weir()) {
      assertThat(weir.port()).isPositive();
    }

    ImportRun run = ImportRun.on(root, packed("-zcf", "registry.tgz").toString()).orFail();

    assertThat(run.out()).contains("the data in " + root);
    try (TestWeir weir = weir()) {
      assertAllServed(weir);
      assertThat(weir.files("weir/import")).isEmpty();
    }
  }

  @Test
  void anotherRegistryTakesItIn() {
    Path other = directory.resolve("other");
    try (TestWeir weir = weir();
        var registry = DockerRegistryProcess.start(directory.resolve("forge"), other)) {
      assertThat(weir.port()).isPositive();

      ImportRun.on(root, packed("-zcf", "registry.tgz").toString(), "--to", "http://" + registry.hostAndPort())
          .orFail();

      Wire wire = new Wire(registry.uri());
      for (TestImage image : images) {
        assertThat(wire.digestOf("/v2/" + image.repository() + "/manifests/" + image.tag(), "Accept",
            image.top().mediaType())).isEqualTo(image.digest());
      }
    }
  }
}
