package dev.weir.server.archive.in;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

import com.github.luben.zstd.ZstdInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;
import org.jspecify.annotations.Nullable;

import dev.weir.server.archive.Bounded;
import dev.weir.server.archive.Connection;
import dev.weir.server.release.Metered;
import dev.weir.server.release.TarEntries;

/**
 * Walks through a tar, compressed with gzip or zstd or not at all. One that is a file and not compressed can be read in any
 * order afterwards; any other passes by once, and holds nothing in memory or on disk.
 */
final class TarWalk {
  private static final int BUFFER = 1 << 17;
  private static final int MOST_MEMBERS = 3_000_000;
  private static final int RECORD = 512;
  private static final int[] GZIP = {0x1f, 0x8b};
  private static final int[] ZSTD = {0x28, 0xb5, 0x2f, 0xfd};

  private TarWalk() {}

  /** Looks at members in their order. */
  @FunctionalInterface
  interface Reader {
    void take(Member member) throws IOException;
  }

  /** Told how much of the archive has passed by, in bytes as they lie there. */
  @FunctionalInterface
  interface Passing {
    void at(long bytes);
  }

  /** @throws Damaged if it cannot be read on; what came before was given to {@code reader} */
  static void file(Path file, Reader reader, Passing passing) throws IOException {
    byte[] begin = begin(file);
    try (FileInput in = new FileInput(file)) {
      if (begins(begin, GZIP) || begins(begin, ZSTD)) {
        stream(in, reader, passing);
      } else {
        plain(file, in, reader, passing);
      }
    }
  }

  private static byte[] begin(Path file) throws Damaged {
    try (InputStream in = Files.newInputStream(file)) {
      return in.readNBytes(RECORD);
    } catch (IOException e) {
      throw new Damaged("cannot read " + file + ": " + e);
    }
  }

  private static boolean begins(byte[] content, int... magic) {
    for (int i = 0; i < magic.length; i++) {
      if (content.length <= i || (content[i] & 0xff) != magic[i]) {
        return false;
      }
    }
    return true;
  }

  private static void plain(Path file, FileInput in, Reader reader, Passing passing) throws IOException {
    Metered metered = Metered.ofFile(in);
    TarEntries tar = new TarEntries(metered);
    int count = 0;
    for (TarArchiveEntry entry = next(tar); entry != null; entry = next(tar)) {
      count(++count);
      long begin = metered.count();
      passing.at(begin);
      if (entry.isFile() && !entry.isLink() && !entry.isSymbolicLink()) {
        reader.take(new Member(entry.getName(), "",
            entry.isSparse() ? holes(entry) : new FilePart(file, begin, entry.getSize()), true));
      } else if (!entry.isDirectory()) {
        reader.take(link(entry));
      }
    }
    whole(tar, metered);
  }

  /** @throws Damaged if it cannot be read on; what came before was given to {@code reader} */
  static void stream(InputStream packed, Reader reader, Passing passing) throws IOException {
    Counted counted = new Counted(packed);
    Metered metered = new Metered(new Unpacked(unpacked(counted), counted), Long.MAX_VALUE);
    TarEntries tar = new TarEntries(metered);
    int count = 0;
    for (TarArchiveEntry entry = next(tar); entry != null; entry = next(tar)) {
      count(++count);
      if (entry.isFile() && !entry.isLink() && !entry.isSymbolicLink()) {
        reader.take(new Member(entry.getName(), "",
            entry.isSparse() ? holes(entry) : passing(tar, entry.getSize()), false));
      } else if (!entry.isDirectory()) {
        reader.take(link(entry));
      }
      passing.at(counted.count());
    }
    whole(tar, metered);
  }

  private static InputStream unpacked(InputStream packed) throws IOException {
    BufferedInputStream in = new BufferedInputStream(packed, BUFFER);
    in.mark(RECORD);
    try {
      byte[] begin = in.readNBytes(RECORD);
      in.reset();
      if (begins(begin, GZIP)) {
        // the JDK's takes a damaged second part for the end
        return GzipCompressorInputStream.builder().setInputStream(in).setDecompressConcatenated(true).get();
      }
      return begins(begin, ZSTD) ? new ZstdInputStream(in) : in;
    } catch (IOException e) {
      throw new Damaged(e);
    }
  }

  private static @Nullable TarArchiveEntry next(TarEntries tar) throws Damaged {
    try {
      return tar.next();
    } catch (Damaged e) {
      throw e;
    } catch (IOException e) {
      throw new Damaged(e);
    } catch (IllegalArgumentException e) {
      throw new Damaged("it is no tar archive: " + e.getMessage());
    }
  }

  private static void count(int members) throws Damaged {
    if (members > MOST_MEMBERS) {
      throw new Damaged("it has more than " + MOST_MEMBERS + " members");
    }
  }

  /** What was packed with holes in it cannot be had, and is no hindrance to the others. */
  private static Connection.Body holes(TarArchiveEntry entry) {
    return new Once(entry.getRealSize(), () -> {
      throw new Damaged("it is packed with holes in it; make the archive without --sparse");
    });
  }

  /** Reads on to where it ends: checksums stand there. */
  private static void whole(TarEntries tar, InputStream rest) throws Damaged {
    if (!tar.isWhole()) {
      throw new Damaged("it ends without the mark that ends a tar archive, so that something may be missing");
    }
    byte[] piece = new byte[BUFFER];
    try {
      for (int read = rest.read(piece); read >= 0; read = rest.read(piece)) {
        for (int i = 0; i < read; i++) {
          if (piece[i] != 0) {
            throw new Damaged("more follows the mark that ends a tar archive; give archives one by one");
          }
        }
      }
    } catch (Damaged e) {
      throw e;
    } catch (IOException e) {
      throw new Damaged(e);
    }
  }

  private static Member link(TarArchiveEntry entry) {
    String link = entry.isLink() || entry.isSymbolicLink() ? entry.getLinkName() : "";
    return new Member(entry.getName(), link.isEmpty() ? "?" : link, new Bytes(new byte[0]), false);
  }

  private static Connection.Body passing(InputStream tar, long length) {
    return new Once(length, () -> Damaged.input(new Bounded(tar, length)));
  }
}
