package dev.weir.server.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

import dev.weir.server.openshift.ReleaseSignatures;
import dev.weir.storage.Digest;
import dev.weir.storage.ObjectKey;
import dev.weir.storage.ObjectStore;

/**
 * The signatures of releases beside weir's data, in the shape of a signature store:
 * {@code weir/signatures/sha256=<hex>/signature-N}.
 */
record HeldSignatures(ObjectStore store) {
  private static final ObjectKey ALL = new ObjectKey("weir/signatures");
  private static final String SIGNATURE = "signature-";
  private static final int MOST = 9;

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

  private static ObjectKey folder(Digest release) {
    return ALL.resolve(release.algorithm() + "=" + release.hex());
  }

  private List<Digest> all() throws IOException {
    try (Stream<ObjectStore.Child> children = store.children(ALL, "")) {
      return children.map(ObjectStore.Child::name).filter(name -> name.matches("sha256=[0-9a-f]{64}")).sorted()
          .map(name -> Digest.parse(name.replace('=', ':'))).toList();
    }
  }

  private SortedMap<Integer, byte[]> signatures(Digest release) throws IOException {
    SortedMap<Integer, byte[]> found = new TreeMap<>();
    for (int number = 1; number <= MOST; number++) {
      Optional<byte[]> signature = store.get(folder(release).resolve(SIGNATURE + number));
      if (signature.isPresent()) {
        found.put(number, signature.get());
      }
    }
    return found;
  }
}
