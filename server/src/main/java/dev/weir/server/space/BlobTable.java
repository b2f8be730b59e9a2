package dev.weir.server.space;

import java.util.Arrays;

import dev.weir.storage.Digest;

/** What is known of each blob, by its number. For one thread at a time. */
final class BlobTable {
  private static final long ABSENT = -1;

  private final DigestTable digests = new DigestTable();
  /** In bytes; {@link #ABSENT}: not here. */
  private long[] sizes = new long[0];
  /** How many of the images that are held name it. */
  private int[] named = new int[0];
  /** The walk that saw it last. */
  private byte[] seen = new byte[0];
  private int count;
  private long bytes;
  private long diskBytes;

  int find(Digest digest) {
    return digests.find(digest);
  }

  Digest digest(int blob) {
    return digests.digest(blob);
  }

  int end() {
    return digests.end();
  }

  int add(Digest digest) {
    int blob = digests.add(digest);
    if (blob >= sizes.length) {
      int before = sizes.length;
      int length = DigestTable.grown(blob + 1);
      sizes = Arrays.copyOf(sizes, length);
      Arrays.fill(sizes, before, length, ABSENT);
      named = Arrays.copyOf(named, length);
      seen = Arrays.copyOf(seen, length);
    }
    return blob;
  }

  /** Gives its number back if it is neither here nor named; whoever else used that number must have let go. */
  void forgetIfUnused(int blob) {
    if (sizes[blob] == ABSENT && named[blob] == 0) {
      digests.remove(blob);
    }
  }

  boolean isHere(int blob) {
    return sizes[blob] != ABSENT;
  }

  /** In bytes; 0 where it is not here. */
  long size(int blob) {
    return Math.max(sizes[blob], 0);
  }

  void here(int blob, long size, byte walk) {
    gone(blob);
    sizes[blob] = size;
    seen[blob] = walk;
    count++;
    bytes += size;
    diskBytes += Blocks.of(size);
  }

  void gone(int blob) {
    if (isHere(blob)) {
      count--;
      bytes -= sizes[blob];
      diskBytes -= Blocks.of(sizes[blob]);
      sizes[blob] = ABSENT;
    }
  }

  boolean isNamed(int blob) {
    return named[blob] > 0;
  }

  /** How many of the images that are held name it. */
  int namedBy(int blob) {
    return named[blob];
  }

  void name(int blob) {
    named[blob]++;
  }

  void unname(int blob) {
    named[blob]--;
  }

  boolean wasSeen(int blob, byte walk) {
    return seen[blob] == walk;
  }

  /** How many are here. */
  int count() {
    return count;
  }

  /** Of those that are here. */
  long bytes() {
    return bytes;
  }

  /** What those that are here take of the disk, without their directories. */
  long diskBytes() {
    return diskBytes;
  }
}
