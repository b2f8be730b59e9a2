package dev.weir.server.config;

/** How much room something may take: bytes, or a share of its file system. */
public sealed interface DiskLimit {
  int WHOLE = 100;

  /** @param fileSystemBytes the size of the file system (with a quota: the quota) */
  long bytesOf(long fileSystemBytes);

  record Bytes(ByteSize size) implements DiskLimit {
    @Override
    public long bytesOf(long fileSystemBytes) {
      return size.bytes();
    }

    @Override
    public String toString() {
      return size.toString();
    }
  }

  record Share(int percent) implements DiskLimit {
    public Share {
      if (percent < 1 || percent > WHOLE) {
        throw new IllegalArgumentException("a share lies between 1% and 100%");
      }
    }

    @Override
    public long bytesOf(long fileSystemBytes) {
      return fileSystemBytes / WHOLE * percent + fileSystemBytes % WHOLE * percent / WHOLE;
    }

    @Override
    public String toString() {
      return percent + "%";
    }
  }

  /** @throws IllegalArgumentException if {@code text} is neither a size nor whole percents */
  static DiskLimit parse(String text) {
    return text.endsWith("%")
        ? new Share(Integer.parseInt(text.substring(0, text.length() - 1).strip()))
        : new Bytes(ByteSize.parse(text));
  }
}
