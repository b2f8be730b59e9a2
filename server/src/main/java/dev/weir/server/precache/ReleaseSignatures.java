package dev.weir.server.precache;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

import dev.weir.storage.Digest;
import dev.weir.storage.ObjectKey;
import dev.weir.storage.ObjectStore;

/**
 * The signatures of releases that were checked, as they came: {@code weir/signatures/sha256=<hex>/signature-N}, N from 1 on, as
 * signature stores have them. Thread-safe.
 */
public final class ReleaseSignatures {
  /** Of one release. */
  static final int MOST = 9;
  private static final ObjectKey ALL = new ObjectKey("weir/signatures");

  private final ObjectStore store;

  public ReleaseSignatures(ObjectStore store) {
    this.store = store;
  }

  /** Those of a release image, by the digest of its manifest, in order: OpenPGP messages. Empty: none is kept. */
  public List<byte[]> of(Digest release) throws IOException {
    List<byte[]> found = new ArrayList<>();
    for (int number = 1; number <= MOST; number++) {
      Optional<byte[]> next = store.get(key(release, number));
      if (next.isEmpty()) {
        break;
      }
      found.add(next.get());
    }
    return List.copyOf(found);
  }

  /** Keeps those that were checked, in place of any that are kept. */
  void keep(Digest release, List<byte[]> checked) throws IOException {
    for (int number = 1; number <= Math.min(MOST, checked.size()); number++) {
      store.putBytes(key(release, number), checked.get(number - 1));
    }
    for (int number = checked.size() + 1; number <= MOST; number++) {
      store.delete(key(release, number));
    }
  }

  /** Keeps those, too, that came with an archive; who goes by them verifies them. Returns how many of them are kept now. */
  public int add(Digest release, List<byte[]> more) throws IOException {
    List<byte[]> all = new ArrayList<>(of(release));
    int kept = 0;
    for (byte[] each : more) {
      boolean isHeld = all.stream().anyMatch(held -> Arrays.equals(held, each));
      if (!isHeld && all.size() < MOST) {
        all.add(each);
        store.putBytes(key(release, all.size()), each);
        isHeld = true;
      }
      kept += isHeld ? 1 : 0;
    }
    return kept;
  }

  private static ObjectKey key(Digest release, int number) {
    return ALL.resolve(path(release, number));
  }

  /** Where a signature lies below a store of them. */
  static String path(Digest release, int number) {
    return release.algorithm() + "=" + release.hex() + "/signature-" + number;
  }
}
