package dev.weir.server.archive.out;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.weir.server.keep.Pusher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** A disk on which there is no room, said beforehand where that can be known. */
class FullDiskTest {
  @TempDir private Path folder;

  @Test
  void whatCannotFitIsNotBegun() throws IOException {
    long usable = Files.getFileStore(folder).getTotalSpace();
    Room.require(folder, 0);
    assertThatThrownBy(() -> Room.require(folder, usable + 1)).isInstanceOf(IOException.class)
        .hasMessageStartingWith("nothing was written: " + folder + " has room for ")
        .hasMessageEndingWith(" and " + (usable + 1) + " are still to be written");
  }

  /** The kernel lets this process write no file of more than a megabyte, and says so in the middle of one. */
  @ParameterizedTest
  @CsvSource({"archive, the parts before it are whole", "oci, what was finished stays",
      "oc-dir, what was finished stays", "precache, the archives before it are whole"})
  void whatCannotBeWrittenLeavesNothingUnfinishedAndIsWrittenTheNextTime(String format, String sentence)
      throws Exception {
    try (Site site = new Site(folder.resolve("here"))) {
      site.push("quay.io/team/app", "v1", Pusher.bytes(1, 100), Pusher.bytes(2, 3 << 20));
      Path out = folder.resolve("out");
      File said = folder.resolve("said").toFile();
      String words = String.join(" ", Path.of(System.getProperty("java.home"), "bin", "java").toString(),
          "-XX:-UsePerfData -cp", System.getProperty("java.class.path"), "dev.weir.server.Main export --all --to",
          format + ":" + out, "--config", site.root.resolveSibling("data.yml").toString());
      int exit = new ProcessBuilder("bash", "-c", "ulimit -f 1024; exec " + words).redirectErrorStream(true)
          .redirectOutput(said).start().waitFor();
      assertThat(exit).isEqualTo(1);
      assertThat(Files.readString(said.toPath())).contains("weir: write " + out, sentence);
      assertThat(names(out)).noneMatch(name -> name.contains("unfinished")).doesNotContain("SHA256SUMS", "index.json");
      assertThat(site.commands.run("export", "--all", "--to", format + ":" + out)).as(site.commands.err()).isZero();
    }
  }

  private static List<String> names(Path out) throws IOException {
    try (Stream<Path> all = Files.walk(out)) {
      return all.map(file -> String.valueOf(file.getFileName())).toList();
    }
  }
}
