package dev.weir.server.archive.out;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.weir.server.keep.Pusher;
import dev.weir.storage.Digest;

import static org.assertj.core.api.Assertions.assertThat;

/** {@code weir export} into a folder where something lies that it did not write, or wrote for another request. */
class ForeignFolderTest {
  private static final byte[] CONFIG = Pusher.bytes(1, 500);
  private static final byte[] ONE = Pusher.bytes(2, 20_000);
  private static final byte[] TWO = Pusher.bytes(3, 10_000);

  @TempDir private Path folder;
  private Site site;
  private Path out;

  @BeforeEach
  void fill() throws IOException {
    site = new Site(folder.resolve("here"));
    out = Files.createDirectories(folder.resolve("out"));
    site.push("quay.io/team/app", "v1", CONFIG, ONE);
    site.push("quay.io/team/other", "v1", CONFIG, TWO);
  }

  @AfterEach
  void close() throws IOException {
    site.close();
  }

  private int export(String format, String... words) {
    return site.export(format + ":" + out, words);
  }

  private String said() {
    return site.said();
  }

  private Map<String, Digest> files() throws IOException {
    Map<String, Digest> found = new TreeMap<>();
    try (Stream<Path> all = Files.walk(out)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        found.put(out.relativize(file).toString(), Digest.sha256(Files.readAllBytes(file)));
      }
    }
    return found;
  }

  @ParameterizedTest
  @ValueSource(strings = {"mirror_000001.tar", "mirror_000002.tar", "SHA256SUMS", "SHA256SUMS.sig"})
  void whatAnotherToolWroteIsLeftAlone(String name) throws IOException {
    Files.writeString(out.resolve(name), "somebody else's, and the only one there is");
    Map<String, Digest> before = files();
    assertThat(export("archive", "--all", "--split", "12KiB")).isEqualTo(1);
    assertThat(said()).contains("nothing was written: " + out.resolve(name) + " is of another export");
    assertThat(files()).isEqualTo(before);
  }

  @Test
  void anArchiveThatLacksSomethingIsLeftToTheRequestThatItWasMadeFor() throws IOException {
    assertThat(export("archive", "quay.io/team/app:v1", "quay.io/team/app:v2")).isEqualTo(1);
    Map<String, Digest> before = files();
    assertThat(export("archive", "quay.io/team/other:v1")).isEqualTo(1);
    assertThat(said()).contains("nothing was written");
    assertThat(files()).isEqualTo(before);

    site.push("quay.io/team/app", "v2", CONFIG, TWO);
    assertThat(export("archive", "quay.io/team/app:v2", "quay.io/team/app:v1")).as(said()).isZero();
    assertThat(files()).containsOnlyKeys("SHA256SUMS", "mirror_000001.tar", "weir-export.json");
  }

  @Test
  void whatAnotherRequestBeganIsLeftAlone() throws IOException {
    assertThat(export("archive", "quay.io/team/app:v1", "quay.io/team/app:v2")).isEqualTo(1);
    Files.delete(out.resolve("weir-export.json"));
    Files.delete(out.resolve("SHA256SUMS"));
    Map<String, Digest> begun = files();
    assertThat(export("archive", "quay.io/team/other:v1")).isEqualTo(1);
    assertThat(said()).contains("nothing was written");
    assertThat(files()).isEqualTo(begun);
    site.push("quay.io/team/app", "v2", CONFIG, TWO);
    assertThat(export("archive", "quay.io/team/app:v1", "quay.io/team/app:v2")).as(said()).isZero();
  }

  @Test
  void theListsOfAPrecachingFolderAreNotForgotten() throws IOException {
    assertThat(export("precache", "quay.io/team/app:v1")).as(said()).isZero();
    Map<String, Digest> before = files();
    assertThat(export("precache", "quay.io/team/other:v1")).isEqualTo(1);
    assertThat(said()).contains("nothing was written: " + out.resolve("ocp-images.txt")
        + " names quay.io/team/app:v1, which is not exported now");
    assertThat(files()).isEqualTo(before);
    assertThat(export("precache", "--all")).as("more than before: " + said()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"app_v1.tgz", "SHA256SUMS", "ai-images.txt"})
  void whatAnotherToolPrecachedIsLeftAlone(String name) throws IOException {
    Files.writeString(out.resolve(name), "quay.io/somebody/elses:v1\n");
    Map<String, Digest> before = files();
    assertThat(export("precache", "--all")).isEqualTo(1);
    assertThat(said()).contains("nothing was written: " + out.resolve(name));
    assertThat(files()).isEqualTo(before);
  }

  @Test
  void twoDoNotWriteIntoOneFolderAtATime() throws IOException {
    try (FolderLock _ = FolderLock.take(out)) {
      assertThat(export("archive", "--all")).isEqualTo(1);
      assertThat(said()).contains("nothing was written: another export writes into " + out + " just now");
      assertThat(files()).containsOnlyKeys(".weir-export.lock");
    }
    Files.writeString(out.resolve(".weir-export.lock"), "of one that was killed");
    assertThat(export("archive", "--all")).as(said()).isZero();
    assertThat(files()).doesNotContainKey(".weir-export.lock");
  }

  @ParameterizedTest
  @CsvSource({"archive, mirror_000001.tar", "precache, app_v1.tgz"})
  void whatWasSpoiltWithoutChangingItsSizeIsWrittenAnew(String format, String name) throws IOException {
    assertThat(export(format, "--all")).as(said()).isZero();
    Map<String, Digest> before = files();
    Files.write(out.resolve(name), new byte[(int) Files.size(out.resolve(name))]);
    assertThat(export(format, "--all")).as(said()).isZero();
    assertThat(files()).containsEntry(name, before.get(name)).containsEntry("SHA256SUMS", before.get("SHA256SUMS"));
  }

  @Test
  void aFinishedArchiveIsNotReplacedByOneThatHasLessOfTheSame() throws IOException {
    assertThat(export("archive", "--all", "--split", "12KiB")).as(said()).isZero();
    Map<String, Digest> before = files();
    Files.delete(site.data(Digest.sha256(ONE)));
    assertThat(export("archive", "--all", "--split", "12KiB")).isEqualTo(1);
    assertThat(files()).isEqualTo(before);
  }

  @Test
  void aPartThatHasItsNameAndIsNotKnownToBeWholeIsOnesOwn() throws IOException {
    assertThat(export("archive", "quay.io/team/app:v1", "quay.io/team/app:v2", "--split", "12KiB")).isEqualTo(1);
    Path journal = out.resolve(".weir-export.parts");
    List<String> lines = Files.readAllLines(journal);
    Files.write(journal, lines.subList(0, lines.size() - 1));
    Files.delete(out.resolve("weir-export.json"));
    assertThat(export("archive", "quay.io/team/app:v1", "quay.io/team/app:v2", "--split", "12KiB")).isEqualTo(1);
    assertThat(said()).contains("NOT COMPLETE: 1 things");
  }
}
