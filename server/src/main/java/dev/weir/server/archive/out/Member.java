package dev.weir.server.archive.out;

import static java.nio.charset.StandardCharsets.UTF_8;

/** One entry of an archive. */
sealed interface Member {
  /** Relative, without a slash at its end. */
  String path();

  /** Of its content, in bytes. */
  long size();

  byte[] header();

  /** Of header, content and what fills the last block. */
  default long length() {
    return header().length + size() + TarHeader.padding(size());
  }

  /** All that decides over its bytes, but for those of a blob, which its digest stands for. */
  String plan();

  /** Without content. */
  record Folder(String path) implements Member {
    @Override
    public long size() {
      return 0;
    }

    @Override
    public byte[] header() {
      return TarHeader.directory(path);
    }

    @Override
    public String plan() {
      return path + "/\n";
    }
  }

  /** A small file that is made here. */
  record Text(String path, String text) implements Member {
    @Override
    public long size() {
      return text.getBytes(UTF_8).length;
    }

    @Override
    public byte[] header() {
      return TarHeader.file(path, size());
    }

    @Override
    public String plan() {
      return path + "\n" + text + "\n";
    }
  }

  /** Bytes that lie here. */
  record Bytes(String path, Cargo.Piece piece) implements Member {
    @Override
    public long size() {
      return piece.size();
    }

    @Override
    public byte[] header() {
      return TarHeader.file(path, size());
    }

    @Override
    public String plan() {
      return path + " " + piece.digest() + " " + size() + "\n";
    }
  }
}
