package dev.weir.server.archive.in;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.weir.server.archive.DistributionTree;
import dev.weir.storage.Content;
import dev.weir.storage.MediaTypes;
import dev.weir.storage.fs.FsObjectStore;

import static org.assertj.core.api.Assertions.assertThat;

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
}
