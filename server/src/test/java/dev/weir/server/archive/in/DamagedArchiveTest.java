package dev.weir.server.archive.in;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import dev.weir.server.archive.DistributionTree;
import dev.weir.server.archive.OcTree;
import dev.weir.storage.Digest;
import dev.weir.storage.Tag;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** What disks do to archives, and what bad people put into them: always a sentence, never a wrong byte, never a byte elsewhere. */
final class DamagedArchiveTest {
  private static final MadeImage BAD = MadeImage.of("team/bad", "1.0", 1);
  private static final MadeImage GOOD = MadeImage.of("team/good", "2.0", 2);

  @TempDir private Path directory;
  private ImportRig rig;

  @BeforeEach
  void open() throws IOException {
    rig = new ImportRig(directory.resolve("weir"));
  }

  /** Where trees with several images lie. */
  enum Form {
    REGISTRY_FOLDER, REGISTRY_TAR, REGISTRY_TGZ, OC_FOLDER, OC_TAR, OC_TGZ;

    MadeTree tree() {
      return name().startsWith("OC")
          ? new MadeTree().oc("", BAD).oc("", GOOD)
          : new MadeTree().distribution("", BAD).distribution("", GOOD);
    }

    Path write(MadeTree tree, Path directory) throws IOException {
      if (name().endsWith("FOLDER")) {
        return tree.into(directory.resolve("disk"));
      }
      return tree.into(directory, name().endsWith("TGZ") ? "a.tar.gz" : "a.tar");
    }

    /** Part of the path of a blob's bytes. */
    String bytes(Digest digest) {
      return name().startsWith("OC") ? "blobs/" + digest : digest.hex() + "/data";
    }
  }

  private static byte[] flipped(byte[] content) {
    byte[] other = content.clone();
    other[other.length / 2] ^= 1;
    return other;
  }

  private ImportReport importOf(Form form, MadeTree tree) throws IOException {
    ImportReport report = rig.run(form.write(tree, directory));
    rig.assertSound();
    return report;
  }

  private void assertOnlyGood(ImportReport report) throws IOException {
    assertThat(ImportRig.reasons(report)).anyMatch(reason -> reason.startsWith("team/bad"))
        .noneMatch(reason -> reason.startsWith("team/good"));
    rig.assertHas(GOOD);
    rig.assertHasNot(BAD);
  }

  @ParameterizedTest
  @EnumSource(Form.class)
  void aFlippedBitInALayerKeepsItsImageOut(Form form) throws IOException {
    ImportReport report = importOf(form, form.tree().spoil(form.bytes(BAD.own()), DamagedArchiveTest::flipped));

    assertOnlyGood(report);
    assertThat(ImportRig.reasons(report)).anyMatch(reason -> reason.contains("team/bad@" + BAD.digest())
        && reason.contains(BAD.own() + ": its content is another than its digest says"));
  }

  @ParameterizedTest
  @EnumSource(Form.class)
  void aFlippedBitInAManifestKeepsItOut(Form form) throws IOException {
    assertOnlyGood(importOf(form, form.tree().spoil(form.bytes(BAD.digest()), DamagedArchiveTest::flipped)));
  }

  @ParameterizedTest
  @EnumSource(Form.class)
  void anEmptyFileKeepsItsImageOut(Form form) throws IOException {
    UnaryOperator<byte[]> emptied = content -> new byte[0];
    assertOnlyGood(importOf(form, form.tree().spoil(form.bytes(BAD.own()), emptied)));
  }

  @ParameterizedTest
  @EnumSource(Form.class)
  void aShortFileKeepsItsImageOut(Form form) throws IOException {
    UnaryOperator<byte[]> cut = content -> Arrays.copyOf(content, content.length / 2);
    assertOnlyGood(importOf(form, form.tree().spoil(form.bytes(BAD.own()), cut)));
  }

  @ParameterizedTest
  @EnumSource(Form.class)
  void aMissingLayerKeepsItsImageOut(Form form) throws IOException {
    ImportReport report = importOf(form, form.tree().without(form.bytes(BAD.own())));

    assertOnlyGood(report);
    assertThat(ImportRig.reasons(report))
        .anyMatch(reason -> reason.contains(BAD.own() + ", which is not in what was given"));
  }

  @ParameterizedTest
  @EnumSource(Form.class)
  void aMissingManifestIsSaidOfItsTag(Form form) throws IOException {
    MadeTree tree = form.tree().without(form.bytes(BAD.digest()));
    tree.hardLinks.keySet().removeIf(path -> path.contains(BAD.digest().hex()));

    assertOnlyGood(importOf(form, tree));
  }

  @ParameterizedTest
  @EnumSource(value = Form.class, names = {"REGISTRY_TAR", "REGISTRY_TGZ", "OC_TAR", "OC_TGZ"})
  void ofAnArchiveThatIsCutShortWhatIsWholeGoesIn(Form form) throws IOException {
    MadeTree tree = form.tree();
    MadeTree goodFirst = new MadeTree();
    for (var file : tree.files.entrySet().stream().sorted((a, b) -> Boolean.compare(isOfBad(a.getKey()),
        isOfBad(b.getKey()))).toList()) {
      goodFirst.file(file.getKey(), file.getValue());
    }
    tree.links.forEach((path, link) -> goodFirst.file(path, link)); // links copied as text, so that they come first
    byte[] whole = MadeTree.packed(goodFirst.tar(), form.name().endsWith("TGZ") ? "gz" : "tar");
    Path archive = directory.resolve("cut");

    for (int tenths = 1; tenths < 10; tenths++) {
      Files.write(archive, Arrays.copyOf(whole, whole.length * tenths / 10));
      ImportReport report = rig.run(archive);
      rig.assertSound();
      assertThat(ImportRig.reasons(report)).as("%d tenths", tenths).isNotEmpty();
    }
    Files.write(archive, whole);
    ImportReport report = rig.run(archive);
    assertThat(report.skipped()).isEmpty();
    rig.assertHas(GOOD);
    rig.assertHas(BAD);
  }

  private static boolean isOfBad(String path) {
    return path.contains("team/bad") || path.contains(BAD.own().hex());
  }

  @ParameterizedTest
  @EnumSource(Form.class)
  void everyCutOrFlipOfALinkIsSaid(Form form) throws IOException {
    MadeTree tree = form.tree();
    if (form.name().startsWith("OC")) {
      tree.links.replaceAll((path, link) -> path.contains("team/bad") ? "sha256:123" : link);
    } else {
      tree.spoil("team/bad/_manifests/tags/1.0/current", content -> new byte[0]);
    }

    ImportReport report = importOf(form, tree);

    assertThat(ImportRig.reasons(report)).singleElement().asString().startsWith("team/bad:1.0: its link");
    rig.assertHas(GOOD);
  }

  @ParameterizedTest
  @CsvSource({"../../../outside/", "/tmp/", "a/../../b/", "C:\\\\temp\\\\"})
  void aPathThatLeadsOutIsRefused(String before) throws IOException {
    MadeTree tree = new MadeTree().distribution(before, BAD).distribution("", GOOD);

    ImportReport report = rig.run(tree.into(directory, "a.tar.gz"));

    rig.assertSound();
    rig.assertHas(GOOD);
    assertThat(ImportRig.reasons(report)).isNotEmpty()
        .allMatch(reason -> reason.contains("leads out of the archive") || reason.startsWith("team/bad"));
    assertThat(directory).isDirectoryNotContaining(file -> file.getFileName().toString().contains("outside"));
  }

  @Test
  void aLinkThatLeadsOutOfAFolderIsNotFollowed() throws IOException {
    Path secret = Files.writeString(directory.resolve("secret"), "secret");
    MadeTree tree = new MadeTree().oc("", GOOD).oc("", BAD);
    tree.links.put("v2/team/bad/manifests/leak", secret.toString());
    tree.links.put("v2/team/bad/blobs/" + Digest.sha256("secret".getBytes(java.nio.charset.StandardCharsets.UTF_8)),
        secret.toString());
    tree.links.put("v2/team/bad/manifests/round", "round");

    ImportReport report = rig.run(tree.into(directory.resolve("disk")));

    rig.assertSound();
    rig.assertHas(GOOD);
    assertThat(ImportRig.reasons(report)).hasSize(3).anyMatch(reason -> reason.contains("manifests/leak: it is a link"))
        .anyMatch(reason -> reason.startsWith("team/bad:round: its link leads to round"));
    assertThat(report.blobs()).isEqualTo(5);
  }

  @Test
  void aLinkInAnArchiveThatLeadsOutIsNoTag() throws IOException {
    MadeTree tree = new MadeTree().oc("", GOOD);
    tree.links.put("v2/team/good/manifests/leak", "../../../../../etc/passwd");
    tree.hardLinks.put("v2/team/good/manifests/hard", "/etc/passwd");

    ImportReport report = rig.run(tree.into(directory, "a.tar"));

    rig.assertSound();
    assertThat(ImportRig.reasons(report)).hasSize(2)
        .allMatch(reason -> reason.contains("its link leads to") && reason.contains("etc/passwd"));
  }

  @Test
  void namesThatNoRepositoryHasAreSaid() throws IOException {
    Digest digest = GOOD.digest();
    MadeTree tree = new MadeTree().distribution("", GOOD)
        .file(DistributionTree.ROOT + "repositories/Bücher/_manifests/tags/1/current/link", digest.toString())
        .file(DistributionTree.ROOT + "repositories/a:b/_manifests/tags/1/current/link", digest.toString())
        .file(DistributionTree.ROOT + "repositories/a/_manifests/tags/ü:ü/current/link", digest.toString())
        .file(OcTree.ROOT + "a/b/manifests/a b", "x").file("v2/a/b/manifests/\u001b[2J", "x");

    ImportReport report = rig.run(tree.into(directory, "a.tar"));

    rig.assertSound();
    rig.assertHas(GOOD);
    assertThat(ImportRig.reasons(report)).hasSize(5).noneMatch(reason -> reason.contains("\u001b"));
  }

  @Test
  void aManifestThatIsNoneIsSaid() throws IOException {
    byte[] nonsense = "{\"manifests\": 7}".getBytes(java.nio.charset.StandardCharsets.UTF_8);
    Digest digest = Digest.sha256(nonsense);
    MadeTree tree = new MadeTree().distribution("", GOOD).file(DistributionTree.blob(digest), nonsense)
        .file(DistributionTree.revision(GOOD.name(), digest), digest.toString())
        .file(DistributionTree.tag(GOOD.name(), new Tag("nonsense")), digest.toString());

    ImportReport report = rig.run(tree.into(directory, "a.tar.gz"));

    rig.assertHas(GOOD);
    assertThat(ImportRig.reasons(report)).anyMatch(reason -> reason.contains("it is no manifest"))
        .anyMatch(reason -> reason.startsWith("team/good:nonsense: it points to"));
  }

  @Test
  void aPrecachedFileThatBreaksOffKeepsItsImageOut() throws IOException {
    Path folder = Files.createDirectory(directory.resolve("disk"));
    new MadeTree().dir("good_2.0/", GOOD).into(folder, "good_2.0.tgz");
    byte[] whole = MadeTree.packed(new MadeTree().dir("bad_1.0/", BAD).tar(), "gz");
    Files.write(folder.resolve("bad_1.0.tgz"), Arrays.copyOf(whole, whole.length / 2));
    Files.writeString(folder.resolve("empty_1.tgz"), "");
    Files.writeString(folder.resolve("other_1.tgz"), "dummy");
    Files.writeString(folder.resolve("ai-images.txt"),
        "team/good:2.0\nteam/bad:1.0\nteam/empty:1\nteam/other:1\nno name at all\n");

    ImportReport report = rig.run(folder);

    rig.assertSound();
    rig.assertHas(GOOD);
    rig.assertHasNot(BAD);
    assertThat(ImportRig.reasons(report)).anyMatch(reason -> reason.startsWith("team/bad:1.0: bad_1.0.tgz cannot be"))
        .anyMatch(reason -> reason.startsWith("team/empty:1: ")).anyMatch(reason -> reason.startsWith("team/other:1: "))
        .anyMatch(reason -> reason.startsWith("no name at all: "));
  }

  @Test
  void aPrecachedFileWithAnotherImageIsSaid() throws IOException {
    Path folder = Files.createDirectory(directory.resolve("disk"));
    String image = "quay.io/team/app@" + BAD.digest();
    new MadeTree().dir("x/", GOOD).into(folder, "app@sha256_" + BAD.digest().hex() + ".tgz");
    Files.writeString(folder.resolve("ocp-images.txt"), image + "\n");

    assertThat(ImportRig.reasons(rig.run(folder))).singleElement().asString().startsWith(image)
        .contains("what lies there is another image, " + GOOD.digest());
  }

  @Test
  void ofSkopeosFormsADamagedOneIsSaid() throws IOException {
    MadeTree oci = new MadeTree().oci(BAD).spoil(BAD.own().hex(), DamagedArchiveTest::flipped);
    MadeTree dir = new MadeTree().dir("", BAD).spoil(BAD.own().hex(), DamagedArchiveTest::flipped);
    MadeTree index = new MadeTree().oci(BAD).spoil("index.json", content -> Arrays.copyOf(content, 20));
    Optional<NamedImage> as = Optional.of(NamedImage.parse("team/bad:1.0"));

    for (Path each : List.of(oci.into(directory, "oci.tar"), oci.into(directory.resolve("oci")),
        dir.into(directory, "dir.tgz"), dir.into(directory.resolve("dir")), index.into(directory, "index.tar.gz"),
        index.into(directory.resolve("index")))) {
      ImportReport report = rig.run(Naming.AS_IT_IS, as, each);
      assertThat(report.skipped()).as("%s", each).isNotEmpty();
      rig.assertHasNot(BAD);
      rig.assertSound();
    }
  }

  @Test
  void whatUnpacksBeyondAllMeasureIsStopped() {
    InputStream endless = new InputStream() {
      @Override
      public int read() {
        return 0;
      }

      @Override
      public int read(byte[] into, int offset, int length) {
        return length;
      }
    };
    Unpacked unpacked = new Unpacked(endless, new Counted(new ByteArrayInputStream(new byte[10])));
    byte[] piece = new byte[1 << 20];

    assertThatThrownBy(() -> {
      for (int i = 0; i < 1 << 20; i++) {
        unpacked.readNBytes(piece, 0, piece.length);
      }
    }).isInstanceOf(Damaged.class).hasMessageContaining("times its size");
  }

  @Test
  void anEntryWithAnEndlessHeaderIsStopped() throws IOException {
    MadeTree tree = new MadeTree().distribution("", GOOD);
    tree.header = 10 << 20;

    ImportReport report = rig.run(tree.into(directory, "a.tar"));

    rig.assertHas(GOOD);
    assertThat(ImportRig.reasons(report)).singleElement().asString().contains("cannot be read to its end")
        .contains("header");
  }

  @Test
  void aHundredThousandMembersAreNoTrouble() throws IOException {
    MadeTree tree = new MadeTree();
    for (int i = 0; i < 100_000; i++) {
      tree.file("docker/registry/v2/repositories/team/r" + i % 300 + "/_layers/sha256/"
          + Digest.sha256(String.valueOf(i).getBytes(java.nio.charset.StandardCharsets.US_ASCII)).hex() + "/link", "");
    }
    tree.distribution("", GOOD);

    assertThat(rig.run(tree.into(directory, "a.tar.gz")).skipped()).isEmpty();

    rig.assertHas(GOOD);
  }
}
