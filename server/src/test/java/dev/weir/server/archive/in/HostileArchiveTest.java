package dev.weir.server.archive.in;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.weir.server.archive.DistributionTree;
import dev.weir.server.archive.OcTree;
import dev.weir.storage.Content;
import dev.weir.storage.Digest;
import dev.weir.storage.MediaTypes;
import dev.weir.storage.fs.FsObjectStore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** What passes for whole and is not, and what passes for true and is not. */
final class HostileArchiveTest {
  private static final MadeImage IMAGE = MadeImage.of("team/app", "1.0", 1);

  @TempDir private Path directory;
  private ImportRig rig;

  @BeforeEach
  void open() throws IOException {
    rig = new ImportRig(directory.resolve("weir"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"application/json\r\nX-Smuggled: yes", "text/plain", "nonsense"})
  void aTypeThatADiskBringsIsNotServed(String type) throws IOException {
    MadeTree tree = new MadeTree().distribution("", IMAGE)
        .file(DistributionTree.typedRevision(IMAGE.name(), IMAGE.digest()), type);

    assertThat(rig.run(tree.into(directory, "a.tar")).skipped()).isEmpty();

    try (FsObjectStore store = new FsObjectStore(rig.root)) {
      assertThat(Content.of(store).manifests().get(IMAGE.name(), IMAGE.digest()).orElseThrow().mediaType())
          .isEqualTo(MediaTypes.OCI_MANIFEST);
    }
  }

  @Test
  void anEmptyLinkOfARevisionIsStillThatImage() throws IOException {
    MadeTree tree = new MadeTree().distribution("", IMAGE)
        .file(DistributionTree.revision(IMAGE.name(), IMAGE.digest()), "")
        .without("/tags/");

    ImportReport report = rig.run(tree.into(directory, "a.tar"));

    assertThat(report.skipped()).isEmpty();
    assertThat(report.imported()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"tar", "gz", "zst"})
  void noCutOfAnArchivePassesForTheWhole(String packing) throws IOException {
    byte[] tar = new MadeTree().distribution("", IMAGE).tar();
    byte[] whole = MadeTree.packed(tar, packing);
    int end = packing.equals("tar") ? content(tar) : whole.length;
    Path archive = directory.resolve("cut");

    for (int length = 512; length < end; length += 512) {
      assertSaid(archive, Arrays.copyOf(whole, length));
    }
    assertSaid(archive, Arrays.copyOf(whole, end - 1));
    assertSaid(archive, Arrays.copyOf(whole, end - 5));
    Files.write(archive, whole);
    assertThat(rig.run(archive).skipped()).isEmpty();
  }

  /** How long a tar is without what ends it. */
  private static int content(byte[] tar) {
    int end = tar.length;
    while (tar[end - 1] == 0) {
      end--;
    }
    return end;
  }

  private void assertSaid(Path archive, byte[] content) throws IOException {
    Files.write(archive, content);
    assertThat(rig.run(archive).complete()).as("%d bytes", content.length).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"tar", "gz", "zst"})
  void aSecondArchiveBehindTheFirstIsNotPassedOver(String packing) throws IOException {
    byte[] one = MadeTree.packed(new MadeTree().distribution("", IMAGE).tar(), packing);
    byte[] other = MadeTree.packed(new MadeTree().distribution("", MadeImage.of("team/other", "1", 2)).tar(), packing);
    ByteArrayOutputStream both = new ByteArrayOutputStream();
    both.write(one);
    both.write(other);
    Path archive = Files.write(directory.resolve("both"), both.toByteArray());

    assertThat(ImportRig.reasons(rig.run(archive))).singleElement().asString().contains("give archives one by one");

    other[0] ^= 1;
    both.reset();
    both.write(one);
    both.write(other);
    Files.write(archive, both.toByteArray());
    assertThat(rig.run(archive).complete()).isFalse();
  }

  @Test
  void blobsWithoutAnImageAreNotAllThatWasWanted() throws IOException {
    MadeTree tree = new MadeTree().distribution("", IMAGE).without("/_manifests/");

    assertThat(ImportRig.reasons(rig.run(tree.into(directory, "a.tar")))).singleElement().asString()
        .contains("nothing in it says which images it holds");
  }

  @Test
  void aPrecachedFileThatNoListNamesIsSkippedAloud() throws IOException {
    Path folder = Files.createDirectory(directory.resolve("disk"));
    new MadeTree().dir("x/", IMAGE).into(folder, "app_1.0.tgz");
    Files.writeString(folder.resolve("ai-images.txt"), "");

    assertThat(ImportRig.reasons(rig.run(folder))).singleElement().asString().startsWith("app_1.0.tgz: ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"gone", "empty", "short"})
  void aLayerThatTheTargetLostIsBroughtAgain(String damage) throws IOException {
    Path disk = new MadeTree().distribution("", IMAGE).into(directory.resolve("disk"));
    Path archive = new MadeTree().oc("", IMAGE).into(directory, "a.tar.gz");
    for (Path source : List.of(disk, archive)) {
      rig.run(source);
      Path blob = rig.root.resolve(DistributionTree.blob(IMAGE.own()));
      switch (damage) {
        case "gone" -> Files.delete(blob);
        case "empty" -> Files.write(blob, new byte[0]);
        default -> Files.write(blob, new byte[]{1, 2, 3});
      }

      assertThat(rig.run(source).skipped()).isEmpty();

      rig.assertHas(IMAGE);
      rig.assertSound();
    }
  }

  @Test
  void whatIsWholeIsNotSentAgain() throws IOException {
    Path disk = new MadeTree().distribution("", IMAGE).into(directory.resolve("disk"));
    rig.run(disk);

    ImportReport report = rig.run(disk);

    assertThat(report.held()).isEqualTo(1);
    assertThat(report.imported()).isZero();
    assertThat(report.blobs()).isZero();
    assertThat(report.present()).isEqualTo(3);
  }

  @Test
  void aChildThatWasDamagedComesWithTheNextDisk() throws IOException {
    MadeImage index = index(IMAGE);
    MadeTree tree = new MadeTree().distribution("", index).distribution("", IMAGE)
        .without("/tags/" + IMAGE.tag() + "/");
    MadeTree damaged = new MadeTree();
    damaged.files.putAll(tree.files);
    damaged.spoil(IMAGE.own().hex() + "/data", content -> new byte[0]);
    ImportReport first = rig.run(damaged.into(directory.resolve("damaged")));
    assertThat(first.skipped()).isNotEmpty();

    assertThat(rig.run(tree.into(directory.resolve("whole"))).skipped()).isEmpty();

    try (FsObjectStore store = new FsObjectStore(rig.root)) {
      assertThat(Content.of(store).manifests().has(IMAGE.name(), IMAGE.digest())).isTrue();
    }
    rig.assertHas(index);
  }

  private static MadeImage index(MadeImage child) {
    return new MadeImage(child.name(), "all", """
        {"schemaVersion": 2, "mediaType": "%s", "manifests": [{"mediaType": "%s", "digest": "%s", "size": %d}]}
        """.formatted(MediaTypes.OCI_INDEX, MediaTypes.OCI_MANIFEST, child.digest(), child.manifest().length)
        .getBytes(java.nio.charset.StandardCharsets.UTF_8), List.of());
  }

  @ParameterizedTest
  @ValueSource(strings = {"layer", "manifest"})
  void whereOneDiskIsDamagedTheOtherHelps(String what) throws IOException {
    Digest damaged = what.equals("layer") ? IMAGE.own() : IMAGE.digest();
    for (UnaryOperator<byte[]> damage : List.<UnaryOperator<byte[]>>of(content -> new byte[0], content -> {
      byte[] other = content.clone();
      other[7] ^= 1;
      return other;
    })) {
      ImportRig fresh = new ImportRig(Files.createTempDirectory(directory, "weir"));
      Path first = Files.createTempDirectory(directory, "first");
      Path bad = new MadeTree().distribution("", IMAGE).spoil(damaged.hex() + "/data", damage).into(first);
      Path good = new MadeTree().distribution("", IMAGE).into(Files.createTempDirectory(directory, "second"));

      assertThat(fresh.run(bad, good).skipped()).isEmpty();

      fresh.assertHas(IMAGE);
    }
  }

  @Test
  void oneOddFileDoesNotKeepTheOthersOut() throws IOException {
    MadeTree tree = new MadeTree().file("v2/team/odd/manifests/tag", new byte[5 << 20])
        .file("version", "x").file("index.json", new byte[17 << 20]).distribution("", IMAGE);

    ImportReport report = rig.run(tree.into(directory, "a.tar.gz"));

    assertThat(ImportRig.reasons(report)).hasSize(2).allMatch(reason -> reason.contains("more than the"));
    rig.assertHas(IMAGE);
  }

  @Test
  void aFileWithHolesIsSaidAndPassedOver() throws IOException {
    ByteArrayOutputStream sparse = new ByteArrayOutputStream();
    sparse.write(holed("v2/team/holed/blobs/" + IMAGE.own()));
    sparse.write(new MadeTree().distribution("", IMAGE).tar());

    ImportReport report = rig.run(Files.write(directory.resolve("a.tar"), sparse.toByteArray()));

    assertThat(report.skipped()).isEmpty(); // another copy of the layer follows
    rig.assertHas(IMAGE);
  }

  /** A member as GNU tar writes it with --sparse: one piece of a record, and holes. */
  private static byte[] holed(String path) {
    byte[] member = new byte[1024];
    text(member, 0, path);
    text(member, 100, "0000644\0000000000\0000000000\00000000001000\00000000000000\0");
    text(member, 148, "        ");
    member[156] = 'S';
    text(member, 257, "ustar  ");
    text(member, 386, "00000000000\00000000001000\0");
    text(member, 410, "00000010000\00000000000000\0");
    text(member, 483, "00000010000");
    int sum = 0;
    for (int i = 0; i < 512; i++) {
      sum += member[i] & 0xff;
    }
    text(member, 148, "%06o\0 ".formatted(sum));
    return member;
  }

  private static void text(byte[] into, int at, String text) {
    byte[] bytes = text.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
    System.arraycopy(bytes, 0, into, at, bytes.length);
  }

  @Test
  void aListThatIsNoTextIsNotTheEnd() throws IOException {
    Path folder = Files.createDirectory(directory.resolve("disk"));
    new MadeTree().dir("x/", IMAGE).into(folder, "app_1.0.tgz");
    Files.writeString(folder.resolve("ai-images.txt"), "team/app:1.0\n");
    Files.write(folder.resolve("mapping.txt"), new byte[]{(byte) 0xff, (byte) 0xfe, 'x', '\n'});

    assertThat(ImportRig.reasons(rig.run(folder))).hasSize(1);

    rig.assertHas(IMAGE);
  }

  @Test
  void whatIsNotThereIsSaidBeforeAnythingIsRead() throws IOException {
    Path first = new MadeTree().distribution("", IMAGE).into(directory, "a.tar.gz");

    assertThatThrownBy(() -> rig.run(first, directory.resolve("b.tar"))).hasMessage("there is no "
        + directory.resolve("b.tar"));

    rig.assertHasNot(IMAGE);
    assertThat(rig.root.resolve(DistributionTree.ROOT)).doesNotExist();
  }

  @Test
  void aTagThatMovesIsSaid() throws IOException {
    rig.run(new MadeTree().distribution("", IMAGE).into(directory, "a.tar"));
    MadeImage later = MadeImage.of(IMAGE.name().value(), IMAGE.tag(), 7);

    ImportReport report = rig.run(new MadeTree().distribution("", later).into(directory, "b.tar"));

    assertThat(report.remarks()).contains("team/app:1.0 pointed to " + IMAGE.digest() + " and points to "
        + later.digest() + " now");
  }

  @Test
  void aConfigMapWithoutASignatureIsSaid() throws IOException {
    MadeTree tree = new MadeTree().distribution("", IMAGE)
        .file(OcTree.signature(IMAGE.digest(), "yaml"), "{\"kind\": \"ConfigMap\", \"data\": {}}");

    assertThat(ImportRig.reasons(rig.run(tree.into(directory, "a.tar")))).singleElement().asString()
        .contains("holds no signature of a release");
  }

  @Test
  void oneSignatureTooManyIsSaid() throws IOException {
    StringBuilder map = new StringBuilder("{\"kind\": \"ConfigMap\", \"binaryData\": {");
    for (int i = 1; i <= 10; i++) {
      map.append("\"sha256-%s-%d\": \"AAA%d\"%s".formatted(IMAGE.digest().hex(), i, i % 10, i < 10 ? "," : "}}"));
    }
    MadeTree tree = new MadeTree().distribution("", IMAGE)
        .file(OcTree.signature(IMAGE.digest(), "yaml"), map.toString());

    ImportReport report = rig.run(tree.into(directory, "a.tar"));

    assertThat(report.signatures()).isEqualTo(9);
    assertThat(ImportRig.reasons(report)).singleElement().asString().contains("cannot be kept: as many others");
  }

  @Test
  void whatTheListBesideAnArchiveNamesIsMissed() throws IOException {
    MadeImage other = MadeImage.of("team/other", "2.0", 2);
    Path folder = Files.createDirectory(directory.resolve("disk"));
    Path first = new MadeTree().distribution("", IMAGE).into(folder, "mirror_000001.tar");
    Files.writeString(folder.resolve("weir-export.json"), """
        {"format": "weir-archive-1", "parts": [{"file": "mirror_000001.tar"}, {"file": "mirror_000002.tar"}],
          "images": [{"name": "team/app", "digest": "%s"}, {"name": "team/other", "digest": "%s"}], "blobs": [{}]}
        """.formatted(IMAGE.digest(), other.digest()));

    for (Path source : List.of(first, folder)) {
      ImportReport report = rig.run(source);
      assertThat(ImportRig.reasons(report)).singleElement().asString().startsWith("team/other@" + other.digest());
      assertThat(report.remarks()).anyMatch(remark -> remark.contains("names the part mirror_000002.tar"));
    }
    new MadeTree().distribution("", other).into(folder, "mirror_000002.tar");
    assertThat(rig.run(folder).skipped()).isEmpty();
    assertThat(rig.run(first).skipped()).as("what came before counts").isEmpty();
  }
}
