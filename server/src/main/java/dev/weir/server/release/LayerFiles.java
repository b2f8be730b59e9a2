package dev.weir.server.release;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;

import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/**
 * What lies in an image's layer, a tar that may be compressed with gzip. Holds nothing but what its reader asks for, and
 * stops with a sentence where a layer unpacks beyond all measure.
 *
 * @param unpackedBytes most that is unpacked of a layer
 * @param fileBytes     most that is read of one file
 */
public record LayerFiles(long unpackedBytes, int fileBytes) {
  private static final int BUFFER = 1 << 16;
  private static final int[] GZIP = {0x1f, 0x8b};
  private static final int[] ZSTD = {0x28, 0xb5, 0x2f, 0xfd};

  /** One who looks at a layer's entries in their order. */
  @FunctionalInterface
  public interface Reader {
    /**
     * Told of one entry.
     *
     * @param path without a slash at its begin or end
     * @param file not to be used later
     * @return whether to go on
     */
    boolean at(String path, Entry file) throws IOException;
  }

  /** An entry while it is looked at. */
  public interface Entry {
    boolean isFile();

    /** @throws IOException if there is more than may be read of one file, or the layer breaks off */
    byte[] content() throws IOException;

    /** As much as there is of it; ends where the entry does, and is not to be closed. */
    InputStream stream();
  }

  /**
   * Walks a layer.
   *
   * @param layer read on until its end or until {@code reader} has enough; the caller closes it
   * @throws IOException if it is no such layer; the message is the end of a sentence about it
   */
  public void read(InputStream layer, Reader reader) throws IOException {
    TarEntries tar = new TarEntries(new Metered(unpacked(layer), unpackedBytes));
    try {
      boolean more = true;
      for (TarArchiveEntry entry = tar.next(); more && entry != null; entry = more ? tar.next() : null) {
        more = reader.at(plain(entry.getName()), new Open(tar, entry, fileBytes));
      }
    } catch (IllegalArgumentException e) {
      throw new IOException("is no tar archive: " + e.getMessage(), e);
    }
  }

  /** Told by its first bytes: what a manifest says of a layer is not always so. */
  private static InputStream unpacked(InputStream layer) throws IOException {
    InputStream peekable = layer.markSupported() ? layer : new BufferedInputStream(layer, BUFFER);
    if (beginsWith(peekable, ZSTD)) {
      throw new IOException("is compressed with zstd, which cannot be read here");
    }
    return beginsWith(peekable, GZIP) ? new GZIPInputStream(peekable, BUFFER) : peekable;
  }

  private static boolean beginsWith(InputStream in, int[] magic) throws IOException {
    in.mark(magic.length);
    try {
      for (int each : magic) {
        if (in.read() != each) {
          return false;
        }
      }
      return true;
    } finally {
      in.reset();
    }
  }

  private static String plain(String name) {
    String path = name.startsWith("./") ? name.substring(2) : name;
    int from = 0;
    int to = path.length();
    while (from < to && path.charAt(from) == '/') {
      from++;
    }
    while (to > from && path.charAt(to - 1) == '/') {
      to--;
    }
    return path.substring(from, to);
  }

  private record Open(TarArchiveInputStream tar, TarArchiveEntry entry, int fileBytes) implements Entry {
    @Override
    public boolean isFile() {
      return entry.isFile() && !entry.isLink() && !entry.isSymbolicLink();
    }

    @Override
    public InputStream stream() {
      return tar;
    }

    @Override
    public byte[] content() throws IOException {
      if (entry.getSize() > fileBytes) {
        throw new IOException(
            "holds " + entry.getName() + " with " + entry.getSize() + " bytes, more than the " + fileBytes
                + " that are read of one file");
      }
      byte[] content = tar.readNBytes(fileBytes);
      if (content.length != entry.getSize()) {
        throw new IOException("breaks off in " + entry.getName());
      }
      return content;
    }
  }
}
