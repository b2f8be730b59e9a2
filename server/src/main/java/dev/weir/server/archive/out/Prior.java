package dev.weir.server.archive.out;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

import dev.weir.storage.Digest;

/**
 * What the other side has already.
 *
 * @param digests of manifests and blobs
 * @param assumptions what a person should know of how sure that is
 */
public record Prior(Set<String> digests, List<String> assumptions) {
  public Prior {
    digests = Set.copyOf(digests);
    assumptions = List.copyOf(assumptions);
  }

  /** All that is in one of these. */
  public static Prior of(Collection<Prior> all) {
    return new Prior(all.stream().flatMap(each -> each.digests().stream()).collect(Collectors.toSet()),
        all.stream().flatMap(each -> each.assumptions().stream()).toList());
  }

  /**
   * By an archive that went there before.
   *
   * @param archive its folder, or the list in it alone, which is all that is needed of it
   * @throws IOException if there is none, or its list is not the one that was written; the message is a sentence
   */
  public static Prior archive(Path archive) throws IOException {
    Path list = Files.isDirectory(archive) ? archive.resolve(Contents.NAME) : archive;
    if (!Files.exists(list)) {
      throw new IOException(archive + " is no archive that weir finished: it has no " + Contents.NAME);
    }
    requireSum(list);
    return new Prior(Contents.read(list).digests().collect(Collectors.toSet()), List.of());
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

  /**
   * By a pinned set: nobody wrote down what of it was carried over.
   *
   * @param images how many it lists
   * @param cargo what these are made of, and nothing that may have come to them since, such as a signature
   */
  public static Prior pin(String name, int images, Cargo cargo) {
    return new Prior(cargo.pieces().keySet(), List.of("assumes that the other side has all " + images
        + " images of the pin " + name + " as they are listed now; what signs them goes in any case"));
  }
}
