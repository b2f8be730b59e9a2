package dev.weir.server.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

import dev.weir.server.openshift.ReleaseSignatures;
import dev.weir.storage.Digest;

/**
 * The signatures of releases beside weir's data, in the shape of a signature store:
 * {@code weir/signatures/sha256=<hex>/signature-N}.
 *
 * @param root of the data
 */
record HeldSignatures(Path root) {
  private static final String SIGNATURE = "signature-";
  private static final int MOST_BYTES = 1 << 20;

  /**
   * Those of some releases.
   *
   * @param releases digests; none: of all that there are
   * @throws IOException if there is none of one that was asked for
   */
  List<ReleaseSignatures> of(List<String> releases) throws IOException {
    List<ReleaseSignatures> found = new ArrayList<>();
    for (Digest release : releases.isEmpty() ? all() : releases.stream().map(HeldSignatures::digest).toList()) {
      SortedMap<Integer, byte[]> signatures = signatures(release);
      if (!signatures.isEmpty()) {
        found.add(new ReleaseSignatures(release, signatures));
      } else if (!releases.isEmpty()) {
        throw new IOException("there are no signatures of " + release + " in " + folder(release)
            + "; weir precache --release brings them");
      }
    }
    return found;
  }

  private static Digest digest(String text) {
    return Digest.parse(text.substring(text.indexOf('@') + 1));
  }

  private Path store() {
    return root.resolve("weir").resolve("signatures");
  }

  private Path folder(Digest release) {
    return store().resolve(release.algorithm() + "=" + release.hex());
  }

  private List<Digest> all() throws IOException {
    if (!Files.isDirectory(store())) {
      return List.of();
    }
    try (Stream<Path> folders = Files.list(store())) {
      return folders.map(folder -> String.valueOf(folder.getFileName()))
          .filter(name -> name.matches("sha256=[0-9a-f]{64}"))
          .sorted().map(name -> Digest.parse(name.replace('=', ':'))).toList();
    }
  }

  private SortedMap<Integer, byte[]> signatures(Digest release) throws IOException {
    SortedMap<Integer, byte[]> found = new TreeMap<>();
    if (!Files.isDirectory(folder(release))) {
      return found;
    }
    try (Stream<Path> files = Files.list(folder(release))) {
      for (Path file : (Iterable<Path>) files::iterator) {
        String name = String.valueOf(file.getFileName());
        if (name.matches(SIGNATURE + "[1-9][0-9]{0,2}") && Files.size(file) <= MOST_BYTES) {
          found.put(Integer.valueOf(name.substring(SIGNATURE.length())), Files.readAllBytes(file));
        }
      }
    }
    return found;
  }
}
