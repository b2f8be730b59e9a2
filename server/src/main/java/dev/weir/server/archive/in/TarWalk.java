package dev.weir.server.archive.in;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;

import com.github.luben.zstd.ZstdInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
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
    try (FileInput in = new FileInput(file)) {
      byte[] begin = begin(file);
      if (begins(begin, GZIP) || begins(begin, ZSTD)) {
        stream(in, reader, passing);
      } else {
        plain(file, in, reader, passing);
      }
    }
  }

  private static byte[] begin(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return in.readNBytes(RECORD);
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
        whole(entry);
        reader.take(new Member(entry.getName(), "", new FilePart(file, begin, entry.getSize()), true));
      } else if (!entry.isDirectory()) {
        reader.take(link(entry));
      }
    }
    whole(tar);
  }

  /** @throws Damaged if it cannot be read on; what came before was given to {@code reader} */
  static void stream(InputStream packed, Reader reader, Passing passing) throws IOException {
    Counted counted = new Counted(packed);
    TarEntries tar = new TarEntries(new Metered(new Unpacked(unpacked(counted), counted), Long.MAX_VALUE));
    int count = 0;
    for (TarArchiveEntry entry = next(tar); entry != null; entry = next(tar)) {
      count(++count);
      if (entry.isFile() && !entry.isLink() && !entry.isSymbolicLink()) {
        whole(entry);
        reader.take(new Member(entry.getName(), "", passing(tar, entry.getSize()), false));
      } else if (!entry.isDirectory()) {
        reader.take(link(entry));
      }
      passing.at(counted.count());
    }
    whole(tar);
  }

  private static InputStream unpacked(InputStream packed) throws IOException {
    BufferedInputStream in = new BufferedInputStream(packed, BUFFER);
    in.mark(RECORD);
    try {
      byte[] begin = in.readNBytes(RECORD);
      in.reset();
      if (begins(begin, GZIP)) {
        return new GZIPInputStream(in, BUFFER);
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

  private static void whole(TarArchiveEntry entry) throws Damaged {
    if (entry.isSparse()) {
      throw new Damaged("it holds " + Notes.printable(entry.getName()) + " with holes in it; make it without --sparse");
    }
  }

  private static void whole(TarEntries tar) throws Damaged {
    if (!tar.isWhole()) {
      throw new Damaged("it ends without the mark that ends a tar archive, so that something may be missing");
    }
  }

  private static Member link(TarArchiveEntry entry) {
    String link = entry.isLink() || entry.isSymbolicLink() ? entry.getLinkName() : "";
    return new Member(entry.getName(), link.isEmpty() ? "?" : link, new Bytes(new byte[0]), false);
  }

  private static Connection.Body passing(InputStream tar, long length) {
    return new Connection.Body() {
      @Override
      public long length() {
        return length;
      }

      @Override
      public InputStream open() {
        return Damaged.input(new Bounded(tar, length));
      }
    };
  }
}
