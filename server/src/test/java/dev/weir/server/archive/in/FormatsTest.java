package dev.weir.server.archive.in;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.weir.server.archive.OcTree;
import dev.weir.server.archive.PrecacheFolder;
import dev.weir.storage.Digest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Each format goes in, from a directory and from a tar, whatever lies beside it. */
final class FormatsTest {
  private static final MadeImage RELEASE = MadeImage.of("openshift/release", "4.4.10-x86_64", 1);
  private static final MadeImage CLI = MadeImage.of("openshift/release", "4.4.10-cli", 2);
  private static final MadeImage OTHER = MadeImage.of("ubi8/ubi", "latest", 3);

  @TempDir private Path directory;
  private ImportRig rig;

  @BeforeEach
  void open() throws IOException {
    rig = new ImportRig(directory.resolve("weir"));
  }

  private static MadeTree ocTree(String before) {
    return new MadeTree().oc(before, RELEASE).oc(before, CLI).oc(before, OTHER);
  }

  private static MadeTree distributionTree(String before) {
    return new MadeTree().distribution(before, RELEASE).distribution(before, CLI).distribution(before, OTHER);
  }

  private void assertAll() throws IOException {
    rig.assertHas(RELEASE);
    rig.assertHas(CLI);
    rig.assertHas(OTHER);
    rig.assertSound();
  }

  @ParameterizedTest
  @ValueSource(strings = {"a.tar", "a.tar.gz", "a.tar.zst"})
  void anArchiveOfOcsTreeGoesIn(String archive) throws IOException {
    ImportReport report = rig.run(ocTree("mirror/").into(directory, archive));

    assertThat(report.skipped()).isEmpty();
    assertThat(report.imported()).isEqualTo(3);
    assertAll();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "v2", "mirror"})
  void ocsTreeGoesInWhereverOneStandsInIt(String at) throws IOException {
    Path tree = ocTree(at.equals("v2") ? "" : "mirror/").into(directory.resolve("disk"));

    assertThat(rig.run(tree.resolve(at)).skipped()).isEmpty();

    assertAll();
  }

  @ParameterizedTest
  @ValueSource(strings = {"a.tar", "a.tar.gz", "a.tar.zst"})
  void anArchiveOfARegistrysDataGoesIn(String archive) throws IOException {
    assertThat(rig.run(distributionTree("data/").into(directory, archive)).skipped()).isEmpty();

    assertAll();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "docker", "docker/registry", "docker/registry/v2"})
  void aRegistrysDataGoesInWhereverOneStandsInIt(String at) throws IOException {
    Path tree = distributionTree("").into(directory.resolve("disk"));

    assertThat(rig.run(tree.resolve(at)).skipped()).isEmpty();

    assertAll();
  }

  @Test
  void linksMayComeBeforeOrAfterTheirBlobs() throws IOException {
    MadeTree tree = distributionTree("");
    MadeTree turned = new MadeTree();
    tree.files.entrySet().stream().filter(file -> file.getKey().contains("repositories"))
        .forEach(file -> turned.file(file.getKey(), file.getValue()));
    tree.files.forEach(turned.files::putIfAbsent);

    assertThat(rig.run(turned.into(directory, "a.tar.gz")).skipped()).isEmpty();

    assertAll();
  }

  @Test
  void whatIsThereIsNotSentAgain() throws IOException {
    Path archive = distributionTree("").into(directory, "a.tar.gz");
    rig.run(archive);

    ImportReport again = rig.run(archive);

    assertThat(again.blobs()).isZero();
    assertThat(again.imported()).isZero();
    assertThat(again.held()).isEqualTo(3);
    assertAll();
  }

  @Test
  void archivesThatBuildOnOneAnotherGoInInAnyOrder() throws IOException {
    Path first = new MadeTree().distribution("", RELEASE).file("working-dir/.history/.history-2026", "x")
        .file("isc_2026-01-01T00:00:00Z", "kind: ImageSetConfiguration\n").into(directory, "mirror_000001.tar");
    Path second = new MadeTree().distribution("", CLI).without(Digest.sha256(CLI.blobs().get(1)).hex() + "/data")
        .into(directory, "mirror_000002.tar");

    assertThat(rig.run(second, first).skipped()).isEmpty();

    rig.assertHas(RELEASE);
    rig.assertHas(CLI);
  }

  @Test
  void aLaterArchiveMayLeaveOutWhatAnEarlierOneBrought() throws IOException {
    rig.run(new MadeTree().distribution("", RELEASE).into(directory, "mirror_000001.tar"));
    Path second = new MadeTree().distribution("", CLI).without(Digest.sha256(CLI.blobs().get(1)).hex() + "/data")
        .into(directory, "mirror_000002.tar");

    assertThat(rig.run(second).skipped()).isEmpty();

    rig.assertHas(CLI);
  }

  @Test
  void aFolderOfOcMirrorsArchivesGoesInAsOne() throws IOException {
    Path folder = Files.createDirectory(directory.resolve("disk"));
    new MadeTree().distribution("", RELEASE).into(folder, "mirror_000001.tar");
    new MadeTree().oc("", CLI).file("publish/.metadata.json", "{}").into(folder, "mirror_seq1_000000.tar");

    assertThat(rig.run(folder).skipped()).isEmpty();

    rig.assertHas(RELEASE);
    rig.assertHas(CLI);
  }

  @Test
  void namesOfWindowsAndLostLinksAreUnderstood() throws IOException {
    MadeTree tree = new MadeTree();
    ocTree("").files.forEach((path, content) -> tree.file(path.replace("sha256:", "sha256-"), content));
    String before = "v2/openshift/release/manifests/";
    tree.file(before + "sha256-" + RELEASE.digest().hex(), RELEASE.manifest());
    tree.file(before + "4.4.10-x86_64", RELEASE.manifest()); // copied through its link
    tree.file(before + "4.4.10-cli", CLI.digest().toString().replace(':', '-')); // the link as a file's text

    assertThat(rig.run(tree.into(directory.resolve("disk"))).skipped()).isEmpty();

    rig.assertHas(RELEASE);
    rig.assertHas(CLI);
  }

  @Test
  void leftoversOfAnInterruptedOcAreLeftOut() throws IOException {
    Path tree = ocTree("").file("v2/openshift/release/blobs/sha256:0123.download", "half")
        .file("v2/openshift/release/blobs/.tmp-1", "half").file("v2/openshift/release/manifests/.tmp-2", "half")
        .into(directory.resolve("disk"));

    assertThat(rig.run(tree).skipped()).isEmpty();
    assertAll();
  }

  @Test
  void aTagMayLookLikeADigest() throws IOException {
    MadeTree tree = ocTree("");
    tree.links.put("v2/ubi8/ubi/manifests/sha256-" + "a".repeat(64), OTHER.digest().toString());

    assertThat(rig.run(tree.into(directory, "a.tar")).skipped()).isEmpty();

    rig.assertHas(OTHER, "sha256-" + "a".repeat(64));
  }

  @Test
  void aPrecachingFolderGoesInByTheNamesInItsLists() throws IOException {
    String byDigest = "quay.io/openshift-release-dev/ocp-v4.0-art-dev@";
    MadeImage first = MadeImage.of("quay.io/openshift-release-dev/ocp-v4.0-art-dev", "unused", 5);
    MadeImage second = MadeImage.of("registry.redhat.io/redhat/redhat-operator-index", "v4.11", 6);
    Path folder = Files.createDirectory(directory.resolve("disk"));
    precached(folder, byDigest + first.digest(), first);
    precached(folder, second.name() + ":v4.11", second);
    Files.writeString(folder.resolve("ai-images.txt"), byDigest + first.digest() + "\n");
    Files.writeString(folder.resolve("mapping.txt"), second.name() + ":v4.11=redhat/index:v4.11\n"
        + "quay.io/never/came:v1=never/came:v1\n");

    ImportReport report = rig.run(folder);

    assertThat(ImportRig.reasons(report)).singleElement().asString().startsWith("quay.io/never/came:v1: there is no")
        .contains("came_v1.tgz");
    rig.assertHas(second);
    assertThat(report.imported()).isEqualTo(2);
    rig.assertSound();
  }

  private static void precached(Path folder, String image, MadeImage made) throws IOException {
    String artifact = PrecacheFolder.artifact(image);
    new MadeTree().dir(artifact + "/", made).into(folder, artifact + ".tgz");
  }

  @Test
  void anOciLayoutGoesInByTheNameInItsIndex() throws IOException {
    assertThat(rig.run(new MadeTree().oci(OTHER).into(directory, "a.tar")).skipped()).isEmpty();

    rig.assertHas(OTHER);
  }

  @Test
  void signaturesOfReleasesAreKeptWhereTheyBelong() throws IOException {
    String name = "sha256-" + RELEASE.digest().hex();
    Path tree = ocTree("").file(OcTree.signature(RELEASE.digest(), "yaml"), """
        {"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"%s"},"binaryData":{"%s-1":"%s"}}
        """.formatted(name, name, Base64.getEncoder().encodeToString(new byte[]{1, 2, 3})))
        .into(directory, "a.tar.gz");

    ImportReport report = rig.run(tree);

    assertThat(report.signatures()).isEqualTo(1);
    assertThat(rig.root.resolve("weir/signatures/sha256=" + RELEASE.digest().hex() + "/signature-1"))
        .hasBinaryContent(new byte[]{1, 2, 3});
  }

  @Test
  void whatHoldsNothingThatIsKnownIsToldWhatWasLookedFor() throws IOException {
    Path folder = new MadeTree().file("a/b.txt", "hello").into(directory.resolve("disk"));
    Path archive = new MadeTree().file("a/b.txt", "hello").into(directory, "a.tar.gz");
    Path text = Files.writeString(directory.resolve("text"), "hello ".repeat(1000));

    for (Path each : Stream.of(folder, archive).toList()) {
      assertThatThrownBy(() -> rig.run(each)).isInstanceOf(IOException.class)
          .hasMessageContaining(each.toString()).hasMessageContaining("docker/registry/v2/");
    }
    assertThat(rig.run(text).skipped()).singleElement().asString().contains("it is no tar archive");
    assertThatThrownBy(() -> rig.run(directory.resolve("absent"))).hasMessage("there is no "
        + directory.resolve("absent"));
  }

  @Test
  void aNameThatBecomesNoneIsSaid() throws IOException {
    Path tree = ocTree("").into(directory, "a.tar");

    ImportReport report = rig.run(Naming.parse(List.of("ubi8/ubi=")), Optional.empty(), tree);

    assertThat(ImportRig.reasons(report)).anyMatch(reason -> reason.startsWith("ubi8/ubi: with --map"));
    rig.assertHas(RELEASE);
  }
}
