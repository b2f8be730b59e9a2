package dev.weir.server.archive.out;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

import dev.weir.storage.Digest;

/** What the other side has already. */
public final class Prior {
  private Prior() {}

  /**
   * By an archive that went there before.
   *
   * @param archive its folder, or the list in it alone, which is all that is needed of it
   * @return digests
   * @throws IOException if there is none, or its list is not the one that was written; the message is a sentence
   */
  public static Set<String> archive(Path archive) throws IOException {
    Path list = Files.isDirectory(archive) ? archive.resolve(Contents.NAME) : archive;
    if (!Files.exists(list)) {
      throw new IOException(archive + " is no archive that weir finished: it has no " + Contents.NAME);
    }
    requireSum(list);
    return Contents.read(list).digests().collect(Collectors.toCollection(TreeSet::new));
  }

  private static void requireSum(Path list) throws IOException {
    Path sums = list.resolveSibling(ArchiveExport.SUMS);
    if (Files.exists(sums)) {
      String digest = Digest.sha256(Files.readAllBytes(list)).hex();
      if (Files.readString(sums).lines().noneMatch(line -> line.startsWith(digest))) {
        throw new IOException(list + " is damaged: " + sums + " has another digest for it");
      }
    }
  }

  /** By what images are made of, such as those of a pin that was carried over. */
  public static Set<String> cargo(Cargo cargo) {
    return Set.copyOf(cargo.pieces().keySet());
  }
}
