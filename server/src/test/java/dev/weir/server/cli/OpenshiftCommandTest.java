package dev.weir.server.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.weir.server.keep.Pusher;
import dev.weir.server.openshift.Kind;
import dev.weir.server.pullthrough.TestWeir;
import dev.weir.storage.Content;
import dev.weir.storage.Digest;
import dev.weir.storage.Manifest;
import dev.weir.storage.RepositoryName;
import dev.weir.storage.Tag;
import dev.weir.storage.fs.FsObjectStore;

import static org.assertj.core.api.Assertions.assertThat;

class OpenshiftCommandTest {
  @TempDir Path folder;

  private Path config;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeEach
  void configure() throws IOException {
    configure("http: {host: 'https://mirror.example.com:5000', tls: {auto: true}}");
    assertThat(run("certs", "init")).isZero();
  }

  private void configure(String http) throws IOException {
    config = Files.writeString(folder.resolve("weir.yml"), """
        version: 0.1
        %s
        storage: {filesystem: {rootdirectory: '%s'}}
        certs: {path: '%s'}
        upstreams: {quay.io: {}, registry.redhat.io: {}}
        """.formatted(http, folder.resolve("data"), folder.resolve("certs")));
  }

  private int run(String... words) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    List<String> all = new ArrayList<>(List.of(words));
    all.addAll(List.of("--config", config.toString()));
    return WeirCommand.commands().setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true))
        .execute(all.toArray(String[]::new));
  }

  private Path file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  private List<String> written() throws IOException {
    Path to = folder.resolve("to");
    try (Stream<Path> files = Files.walk(to)) {
      return files.filter(Files::isRegularFile).map(file -> to.relativize(file).toString()).sorted().toList();
    }
  }

  @Test
  void mirrorSetsGoToStandardOutputReadyToBeApplied() {
    assertThat(run("openshift", "mirrors")).as(err.toString()).isZero();
    assertThat(out.toString()).contains("kind: ImageDigestMirrorSet", "\n---\n", "kind: ImageTagMirrorSet",
        "- mirror.example.com:5000/quay.io\n");
    assertThat(run("openshift", "mirrors", "--version", "4.12.9", "--host", "other.example.com")).isZero();
    assertThat(out.toString()).contains("kind: ImageContentSourcePolicy", "- other.example.com:5000/quay.io\n");
    assertThat(err.toString()).contains("weir's certificate will not be for other.example.com");
  }

  @Test
  void allGoesIntoAFolderWhereSecretsAreForTheirOwnerAlone() throws IOException {
    Path secret = file("secret.json", "{\"auths\": {\"quay.io\": {\"auth\": \"b64\"}}}");
    Path password = file("password", "s3cret\n");

    assertThat(run("openshift", "all", "--to", folder.resolve("to").toString(), "--user", "cluster", "--password-file",
        password.toString(), "--pull-secret", secret.toString(), "--no-ca-configmap")).as(err.toString()).isZero();
    assertThat(written()).contains("10-pull-secret.yaml", "20-ca.yaml", "21-image-config.yaml",
        "30-imagedigestmirrorset.yaml", "31-imagetagmirrorset.yaml", "hosts/registries.conf.d/50-weir.conf",
        "install/install-config-part.yaml", "data/pull-secret.json");
    for (String name : List.of("10-pull-secret.yaml", "data/pull-secret.json", "install/install-config-part.yaml")) {
      assertThat(Files.getPosixFilePermissions(folder.resolve("to").resolve(name))).as(name)
          .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    }
    assertThat(err.toString()).contains("left out: signatures needs", "left out: samples needs",
        "left out: image-registry needs");
    assertThat(folder.resolve("to/20-ca.yaml")).content()
        .contains(Files.readString(folder.resolve("certs/ca.crt")).lines().skip(1).findFirst().orElseThrow());
  }

  @Test
  void whatCannotBeDoneIsSaidInASentence() throws IOException {
    assertThat(run("openshift")).isEqualTo(2);
    assertThat(err.toString()).contains("what is to be said to OpenShift? pull-secret, ca, mirrors");
    assertThat(run("openshift", "idms")).isEqualTo(2);
    assertThat(run("openshift", "ca", "hosts-toml", "--no-ca-configmap")).isEqualTo(2);
    assertThat(err.toString()).contains("say --to DIRECTORY");
    assertThat(run("openshift", "pull-secret", "--user", "cluster")).isEqualTo(2);
    assertThat(err.toString()).contains("no password is ever an argument");
    assertThat(run("openshift", "pull-secret", "--pull-secret", file("bad.json", "{\"auths\": TOPSECRET").toString()))
        .isEqualTo(1);
    assertThat(err.toString()).contains("bad.json is no JSON from line 1").doesNotContain("TOPSECRET");
    assertThat(run("openshift", "ca", "--ca", folder.resolve("none.crt").toString())).isEqualTo(1);
    assertThat(err.toString()).contains("there is no file " + folder.resolve("none.crt"));
    assertThat(run("openshift", "mirrors", "--host", "[::1]:5000")).isEqualTo(2);
    assertThat(err.toString()).contains("give weir a name in DNS");
    for (String path : List.of("mirror.example.com:5000/ocp4/openshift4", "ocp4/openshift4:4.16", "OCP4", "")) {
      assertThat(run("openshift", "mirrors", "--release-at", path)).as(path).isEqualTo(2);
      assertThat(err.toString()).contains("--release-at " + path + " is no path here, such as ocp4/openshift4");
    }
    assertThat(run("openshift", "signatures")).isEqualTo(2);
    assertThat(run("openshift", "signatures", "--release", Digest.sha256(new byte[1]).toString())).isEqualTo(1);
    assertThat(err.toString()).contains("there are no signatures: weir has no data yet in " + folder.resolve("data"));
  }

  @Test
  void aCertificateFromElsewhereNeedsItsAuthority() throws IOException {
    Path out = folder.resolve("issued");
    run("certs", "issue", "--san", "mirror.example.com", "--san", "*.apps.example.com", "--out", out.toString());
    Path authority = folder.resolve("authority.crt");
    Files.move(folder.resolve("certs/ca.crt"), authority);
    configure("http: {tls: {certificate: '%s', key: '%s'}}".formatted(out.resolve("mirror.example.com.crt"),
        out.resolve("mirror.example.com.key")));
    Files.delete(folder.resolve("certs/ca.pem"));

    Path leaf = file("leaf.crt",
        Files.readString(out.resolve("mirror.example.com.crt")).replaceFirst("(?s)(END CERTIFICATE-----\n).*", "$1"));
    configure("http: {tls: {certificate: '%s', key: '%s'}}".formatted(leaf, out.resolve("mirror.example.com.key")));
    assertThat(run("openshift", "ca")).isEqualTo(1);
    assertThat(err.toString()).contains("name the CA's file by --ca");
    assertThat(run("openshift", "ca", "--ca", authority.toString(), "--no-ca-configmap")).as(err.toString()).isZero();
    assertThat(this.out.toString()).contains("mirror.example.com..5000: |");

    Path other = folder.resolve("other");
    run("certs", "init", "--path", other.toString());
    assertThat(run("openshift", "ca", "--ca", other.resolve("ca.crt").toString())).isEqualTo(1);
    assertThat(err.toString()).contains("none of the CAs in " + other.resolve("ca.crt") + " signed weir's certificate");
    assertThat(run("openshift", "mirrors", "--public-ca", "--host", "else.example.com")).isZero();
    assertThat(err.toString()).contains("not for else.example.com: clients will refuse it");
  }

  @Test
  void signaturesAreThoseBesideTheData() throws IOException {
    Digest release = Digest.sha256(new byte[]{7});
    Path store = Files.createDirectories(folder.resolve("data/weir/signatures/sha256=" + release.hex()));
    Files.write(store.resolve("signature-1"), new byte[]{1, 2, 3});
    Files.write(store.resolve("signature-1.tmp"), new byte[]{9});

    assertThat(run("openshift", "signatures")).as(err.toString()).isZero();
    assertThat(out.toString()).contains("name: sha256-" + release.hex(), "sha256-" + release.hex() + "-1: AQID\n");
  }

  @Test
  void samplesAreHeldAgainstWhatWeirHasWhetherItRunsOrNot() throws IOException {
    hold("registry.redhat.io/rhscl/ruby-25-rhel7", "latest");
    Path wanted = file("wanted.yaml", """
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: imagestreamtag-to-image, namespace: openshift-cluster-samples-operator}
        data:
          ruby_2.5: registry.redhat.io/rhscl/ruby-25-rhel7:latest
          perl_5.26: registry.redhat.io/rhscl/perl-526-rhel7:latest
        """);

    assertThat(run("openshift", "samples", "--samples", wanted.toString())).as(err.toString()).isZero();
    assertThat(out.toString()).contains("skippedImagestreams:\n  - perl\n");
    hold("registry.redhat.io/rhscl/perl-526-rhel7", "latest");
    try (TestWeir weir = TestWeir.in(folder.resolve("data")).start()) {
      assertThat(weir.port()).isPositive();
      assertThat(run("openshift", "samples", "--samples", wanted.toString())).as(err.toString()).isZero();
      assertThat(out.toString()).contains("skippedImagestreams: []", "2 of 2 images are held");
    }
  }

  private void hold(String repository, String tag) throws IOException {
    byte[] layer = Pusher.bytes(repository.length(), 100);
    Manifest image = Pusher.image(layer);
    try (FsObjectStore store = new FsObjectStore(folder.resolve("data"))) {
      Content content = Content.of(store);
      content.manifests().putOwned(RepositoryName.parse(repository), image);
      content.tags().setOwned(RepositoryName.parse(repository), Tag.parse(tag), image.digest());
    }
  }

  @Test
  void theGuideNamesEveryKindAndNoOptionThatThereIsNot() throws IOException {
    String guide = Files.readString(Path.of("..", "docs", "openshift.md"));
    run("openshift", "--help");
    String help = out.toString();

    for (Kind kind : Kind.values()) {
      assertThat(guide).contains(kind.word());
      assertThat(help).contains(kind.word());
    }
    List<String> options = Pattern.compile("weir openshift[^\n]*(?:\\\\\n[^\n]*)*").matcher(guide).results()
        .flatMap(command -> Pattern.compile("--[a-z-]+").matcher(command.group()).results()).map(MatchResult::group)
        .distinct().toList();
    assertThat(options).isNotEmpty().allMatch(help::contains);
  }

  @Test
  void aHostThatServesItselfIsSentToAWeirWithoutTls() {
    assertThat(run("openshift", "registries-conf", "--plain", "--host", "127.0.0.1:5000", "--never-contact-source"))
        .as(err.toString()).isZero();
    assertThat(out.toString()).contains("location = \"127.0.0.1:5000/quay.io\"\ninsecure = true\n")
        .doesNotContain("ca.crt");
    assertThat(run("openshift", "registries-conf", "--plain", "--public-ca")).isEqualTo(2);
    assertThat(err.toString()).contains("--plain goes with no CA");
  }

  @Test
  void nothingIsWrittenBesideWhatAnotherRunLeft() throws IOException {
    String to = folder.resolve("to").toString();

    assertThat(run("openshift", "recover", "--to", to)).as(err.toString()).isZero();
    assertThat(run("openshift", "recover", "--to", to)).as(err.toString()).isZero();
    assertThat(run("openshift", "mirrors", "--to", to)).isEqualTo(1);
    assertThat(err.toString()).contains("nothing was written: ", "name another by --to");
    assertThat(written()).doesNotContain("30-imagedigestmirrorset.yaml");
  }

  @Test
  void recoveringSaysWhatToDoInOrder() throws IOException {
    file("data", "no folder, and nobody has to look into it");
    assertThat(run("openshift", "recover", "--to", folder.resolve("to").toString())).as(err.toString()).isZero();
    assertThat(written()).contains("RECOVER.txt", "last-resort/80-machineconfig-master.yaml")
        .doesNotContain("20-ca.yaml");
    assertThat(run("openshift", "recover", "ca")).isEqualTo(2);
  }
}
