package dev.weir.server.precache;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;

import org.bouncycastle.bcpg.HashAlgorithmTags;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import dev.weir.server.pullthrough.TestWeir;
import dev.weir.server.upstream.Delivery;
import dev.weir.server.upstream.Fault;
import dev.weir.server.upstream.ScriptedRegistry;
import dev.weir.storage.Digest;
import dev.weir.storage.MediaTypes;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

/** {@code weir precache --release}: what is taken, and what is refused. */
@Timeout(300)
class ReleaseTest {
  private static final TestKey KEY = TestKey.create();
  private static final TestKey OTHER = TestKey.create();

  @TempDir private Path folder;

  private final ScriptedRegistry quay = ScriptedRegistry.quay();
  private final SignatureStore store = new SignatureStore();

  @AfterEach
  void close() {
    quay.close();
    store.close();
  }

  private Path root() {
    return folder.resolve("data");
  }

  private TestWeir weir() throws IOException {
    return weir("keys: ['" + KEY.writeTo(folder.resolve("key.asc")) + "'], ");
  }

  private TestWeir weir(String keys) {
    return TestWeir.in(root()).upstream("quay.io", quay.uri()).section("scrub: {interval: 0s}")
        .section("release: {" + keys + "signatures: ['" + store.uri() + "']}").start();
  }

  private Report precache(int status, String... more) throws IOException {
    Commands commands = new Commands(root());
    String[] words = new String[more.length + 3];
    words[0] = "precache";
    words[1] = "--output";
    words[2] = "json";
    System.arraycopy(more, 0, words, 3, more.length);
    assertThat(commands.run(words)).as(commands.out() + commands.err()).isEqualTo(status);
    return commands.report();
  }

  private void assertRefused(TinyRelease release, String why) throws IOException {
    quay.forget();
    Report report = precache(1, "--release", release.name());
    assertThat(report.missing()).singleElement().satisfies(each -> {
      assertThat(each.image()).isEqualTo(release.name());
      assertThat(each.reason()).contains(why);
    });
    assertThat(report.releases()).isEmpty();
    assertThat(quay.cdn().deliveries()).as("nothing of it is fetched").isEmpty();
  }

  @Test
  void aSignedReleaseComesWholeAndItsSignatureIsKept() throws IOException {
    TinyRelease release = TinyRelease.on(quay, "4.16.17");
    byte[] message = KEY.sign(release.signing());
    store.put(release.digest, 1, message);
    quay.addImage(TinyRelease.COMPONENTS, "sha256-" + release.component("cli").hex() + ".sig", new byte[]{1},
        new byte[]{2});
    try (TestWeir weir = weir()) {
      Report report = precache(0, "--release", release.name(), "--pin", "4.16.17");
      assertThat(report.images()).isEqualTo(4);
      assertThat(report.releases()).singleElement().satisfies(each -> {
        assertThat(each.version()).isEqualTo("4.16.17");
        assertThat(each.components()).isEqualTo(3);
        assertThat(each.signedBy()).contains("Test <test@example.test>");
      });
      assertThat(root().resolve("weir/signatures/sha256=" + release.digest.hex() + "/signature-1"))
          .hasBinaryContent(message);
      quay.close();
      store.close();
      for (Digest component : release.components.values()) {
        assertThat(weir.client().get("/v2/quay.io/" + TinyRelease.COMPONENTS + "/manifests/" + component).status())
            .isEqualTo(200);
      }
      assertThat(weir.client().get("/v2/quay.io/" + TinyRelease.COMPONENTS + "/manifests/sha256-"
          + release.component("cli").hex() + ".sig").status()).isEqualTo(200);
    }
  }

  @Test
  void aDryRunReadsTheListAtAnyHourAndSaysWhatItReadBesideWhatIsToCome() throws IOException {
    TinyRelease release = TinyRelease.on(quay, "4.16.17");
    store.put(release.digest, 1, KEY.sign(release.signing()));
    LocalTime later = LocalTime.now(ZoneId.systemDefault()).plusHours(2);
    long list;
    long rest;
    try (TestWeir _ = TestWeir.in(root()).upstream("quay.io", quay.uri()).section("scrub: {interval: 0s}")
        .cache("jobhours: '%tR-%tR'".formatted(later, later.plusHours(2)))
        .section("release: {keys: ['" + KEY.writeTo(folder.resolve("key.asc")) + "'], signatures: ['" + store.uri()
            + "']}")
        .start()) {
      Report dry = precache(0, "--release", release.name(), "--dry-run");
      list = delivered();
      rest = dry.fetchBytes();
      assertThat(dry.readBytes()).isEqualTo(list).isPositive();
      assertThat(rest).isGreaterThan(30_000);
    }
    try (TestWeir _ = weir()) {
      assertThat(precache(0, "--release", release.name()).fetchBytes()).isEqualTo(rest);
      assertThat(delivered()).isEqualTo(list + rest);
    }
  }

  private long delivered() {
    return quay.cdn().deliveries().stream().mapToLong(Delivery::length).sum();
  }

  @Test
  void aSignatureThatIsKeptServesWhereNoStoreAnswersAndTheDigestAloneNamesARelease() throws IOException {
    TinyRelease release = TinyRelease.on(quay, "4.16.17");
    store.put(release.digest, 1, OTHER.sign(release.signing()));
    store.put(release.digest, 2, KEY.sign(release.signing().plain()));
    store.server().next("signature-1", Fault.badGateway());
    try (TestWeir _ = weir()) {
      Report report = precache(0, "--release", "quay.io/" + TinyRelease.REPOSITORY + "@" + release.digest, "--to",
          "mirror/release");
      assertThat(report.names()).as("as it was signed").contains("mirror/release:4.16.17-x86_64-cli");
      store.close();
      precache(0, "--release", release.name());
    }
  }

  @Test
  void componentsGetTheTagsThatOcGives() throws IOException {
    TinyRelease old = TinyRelease.on(quay, "4.4.10");
    TinyRelease fresh = TinyRelease.on(quay, "4.16.17");
    store.put(old.digest, 1, KEY.sign(old.signing()));
    store.put(fresh.digest, 1, KEY.sign(fresh.signing()));
    try (TestWeir weir = weir()) {
      precache(0, "--release", old.name(), "--release", fresh.name(), "--to", "ocp4/openshift4");
      quay.close();
      for (String tag : new String[]{"4.4.10-x86_64", "4.4.10-ironic-static-ip-manager", "4.4.10-x86_64-cli",
          "4.16.17-x86_64", "4.16.17-x86_64-etcd"}) {
        assertThat(weir.client().manifest("ocp4/openshift4", tag).status()).as(tag).isEqualTo(200);
      }
      assertThat(weir.client().manifest("ocp4/openshift4", "4.4.10-ironic-static-ip-manager").digest())
          .isEqualTo(old.component("ironic-static-ip-manager"));
      assertThat(weir.client().blob("ocp4/openshift4",
          Digest.sha256(PrecacheTest.bytes("ironic-static-ip-manager".hashCode(), 10_000))).status()).isEqualTo(200);
      assertThat(weir.client().manifest("ocp4/openshift4", "4.16.17-etcd").status()).isEqualTo(404);
    }
  }

  @Test
  void aReleaseForSeveralArchitecturesComesWithTheImagesOfEach() throws IOException {
    TinyRelease amd = TinyRelease.builtFor(quay, "4.16.17", "amd64");
    TinyRelease arm = TinyRelease.builtFor(quay, "4.16.17", "arm64");
    Digest index = quay.addManifest(TinyRelease.REPOSITORY, MediaTypes.OCI_INDEX, """
        {"schemaVersion":2,"mediaType":"%s","manifests":[
        {"mediaType":"%s","digest":"%s","size":1,"platform":{"os":"linux","architecture":"amd64"}},
        {"mediaType":"%s","digest":"%s","size":1,"platform":{"os":"linux","architecture":"arm64"}}]}"""
        .formatted(MediaTypes.OCI_INDEX, MediaTypes.OCI_MANIFEST, amd.digest, MediaTypes.OCI_MANIFEST, arm.digest));
    quay.tag(TinyRelease.REPOSITORY, "4.16.17-multi", index);
    String name = "quay.io/" + TinyRelease.REPOSITORY + ":4.16.17-multi";
    store.put(index, 1, KEY.sign(TestKey.Signing.of(index.toString(), name)));
    try (TestWeir weir = weir()) {
      Report report = precache(0, "--release", name, "--to", "ocp4/openshift4");
      assertThat(report.images()).as("the release, and three components for each").isEqualTo(7);
      quay.close();
      for (TinyRelease each : List.of(amd, arm)) {
        for (Digest component : each.components.values()) {
          assertThat(weir.client().get("/v2/quay.io/" + TinyRelease.COMPONENTS + "/manifests/" + component).status())
              .isEqualTo(200);
        }
      }
      assertThat(weir.client().manifest("ocp4/openshift4", "4.16.17-multi").digest()).isEqualTo(index);
      assertThat(weir.client().manifest("ocp4/openshift4", "4.16.17-multi-cli").digest()).isEqualTo(
          amd.component("cli"));
      assertThat(weir.client().manifest("ocp4/openshift4", "4.16.17-aarch64-cli").digest()).isEqualTo(
          arm.component("cli"));
    }
  }

  @Test
  void aTamperedPayloadIsRefused() throws IOException {
    TinyRelease genuine = TinyRelease.on(quay, "4.16.17");
    store.put(genuine.digest, 1, KEY.sign(genuine.signing()));
    TinyRelease tampered = TinyRelease.with(quay, "4.16.17", "release-manifests/evil", "#!");
    assertThat(tampered.digest).isNotEqualTo(genuine.digest);
    try (TestWeir _ = weir()) {
      assertRefused(tampered, "has none");
      store.put(tampered.digest, 1, KEY.sign(genuine.signing()));
      assertRefused(tampered, "is one of " + genuine.digest + ", and not of " + tampered.digest);
    }
  }

  @Test
  void aPayloadThatBringsItsOwnKeyIsRefused() throws IOException {
    TinyRelease release = TinyRelease.with(quay, "4.16.17",
        "release-manifests/0000_90_cluster-update-keys_configmap.yaml", OTHER.armored());
    store.put(release.digest, 1, OTHER.sign(release.signing()));
    try (TestWeir _ = weir()) {
      assertRefused(release, "which is none of release.keys");
    }
  }

  @Test
  void aSignatureThatWasAlteredIsRefused() throws IOException {
    TinyRelease release = TinyRelease.on(quay, "4.16.17");
    byte[] message = KEY.sign(release.signing().plain());
    int at = new String(message, ISO_8859_1).indexOf("a test");
    message[at] ^= 1;
    store.put(release.digest, 1, message);
    try (TestWeir _ = weir()) {
      assertRefused(release, "does not verify");
    }
  }

  @Test
  void whatIsNoSignatureIsRefused() throws IOException {
    TinyRelease release = TinyRelease.on(quay, "4.16.17");
    store.put(release.digest, 1, "hello".getBytes(UTF_8));
    store.put(release.digest, 2, new byte[0]);
    store.put(release.digest, 3, KEY.armored().getBytes(UTF_8));
    try (TestWeir _ = weir()) {
      assertRefused(release, "no ");
    }
  }

  @Test
  void anExpiredSignatureAndAnExpiredKeyAreRefused() throws IOException {
    TinyRelease release = TinyRelease.on(quay, "4.16.17");
    store.put(release.digest, 1, KEY.sign(release.signing().aged(Duration.ofDays(2), Duration.ofDays(1))));
    try (TestWeir _ = weir()) {
      assertRefused(release, "has expired on ");
      store.put(release.digest, 1, KEY.sign(release.signing().aged(Duration.ofDays(2), Duration.ofDays(3))));
      precache(0, "--release", release.name());
    }
    TestKey old = TestKey.validFor(Duration.ofDays(30));
    TinyRelease other = TinyRelease.on(quay, "4.16.18");
    store.put(other.digest, 1, old.sign(other.signing()));
    try (TestWeir _ = weir("keys: ['" + old.writeTo(folder.resolve("old.asc")) + "'], ")) {
      assertRefused(other, "a key that expired on 2020-01-31");
    }
  }

  @Test
  void aSignatureByAWeakHashIsRefused() throws IOException {
    TinyRelease release = TinyRelease.on(quay, "4.16.17");
    store.put(release.digest, 1, KEY.sign(release.signing().hashedBy(HashAlgorithmTags.SHA1)));
    try (TestWeir _ = weir()) {
      assertRefused(release, "proves nothing");
    }
  }

  @Test
  void aReleaseOfAnotherVersionThanAskedForIsRefused() throws IOException {
    TinyRelease older = TinyRelease.on(quay, "4.16.16");
    quay.tag(TinyRelease.REPOSITORY, "4.16.17-x86_64", older.digest);
    store.put(older.digest, 1, KEY.sign(older.signing()));
    String asked = "quay.io/" + TinyRelease.REPOSITORY + ":4.16.17-x86_64";
    try (TestWeir _ = weir()) {
      Report report = precache(1, "--release", asked);
      assertThat(report.missing()).singleElement()
          .satisfies(each -> assertThat(each.reason()).contains("is one of version 4.16.16, and not of 4.16.17"));
      report = precache(1, "--release", asked, "--unsigned");
      assertThat(report.missing()).singleElement()
          .satisfies(each -> assertThat(each.reason()).contains("says itself that it is version 4.16.16"));
    }
  }

  @Test
  void aMissingComponentIsNamedAndTheOthersAreHere() throws IOException {
    TinyRelease release = TinyRelease.lacking(quay, "4.16.17", "etcd");
    store.put(release.digest, 1, KEY.sign(release.signing()));
    try (TestWeir _ = weir()) {
      Report report = precache(1, "--release", release.name(), "--to", "ocp4/openshift4");
      assertThat(report.missing()).singleElement().satisfies(
          each -> assertThat(each.image()).endsWith("@" + release.component("etcd")));
      assertThat(report.imagesHeld()).isEqualTo(3);
      assertThat(report.names()).contains("ocp4/openshift4:4.16.17-x86_64-cli")
          .noneMatch(name -> name.endsWith("-etcd"));
    }
  }

  @Test
  void withoutAKeyTheSentenceSaysWhichToConfigureAndWhereItIsPublished() throws IOException {
    TinyRelease release = TinyRelease.on(quay, "4.16.17");
    try (TestWeir _ = weir("")) {
      assertRefused(release, "https://access.redhat.com/security/team/key");
      Report report = precache(0, "--release", release.name(), "--unsigned");
      assertThat(report.releases()).singleElement().satisfies(each -> assertThat(each.signedBy()).isEmpty());
    }
    try (TestWeir _ = weir("keys: ['" + folder.resolve("absent.asc") + "'], ")) {
      assertRefused(release, "there is no file " + folder.resolve("absent.asc"));
    }
    Path noKey = Files.writeString(folder.resolve("none.asc"), "this is no key");
    try (TestWeir _ = weir("keys: ['" + noKey + "'], ")) {
      assertRefused(release, "none.asc");
    }
  }

  @Test
  void anImageThatIsNoReleaseIsRefused() throws IOException {
    quay.addImage("team/app", "v1", new byte[]{1}, PrecacheTest.bytes(1, 100));
    try (TestWeir _ = weir()) {
      Report report = precache(1, "--release", "quay.io/team/app:v1", "--unsigned");
      assertThat(report.missing()).singleElement()
          .satisfies(each -> assertThat(each.reason()).contains("quay.io/team/app:v1 cannot be read"));
    }
  }
}
