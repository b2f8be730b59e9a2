package dev.weir.server.archive.out;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.MessageDigest;

import dev.weir.storage.Digest;

/** Reads what lies here, and believes it only when its digest matched. */
final class Checked {
  private static final int PIECE = 1 << 18;

  private final Held held;
  private final Progress progress;
  private final byte[] buffer = new byte[PIECE];

  /** For one thread. */
  Checked(Held held, Progress progress) {
    this.held = held;
    this.progress = progress;
  }

  /** Takes bytes as they come. */
  @FunctionalInterface
  interface Taker {
    void take(byte[] bytes, int length) throws IOException;
  }

  /** What was read is not what its name says, or could not be read at all. Whatever was taken of it is worth nothing. */
  static final class Unsound extends Exception {
    private static final long serialVersionUID = 1;

    Unsound(String sentence) {
      super(sentence);
    }
  }

  /**
   * Reads all of it.
   *
   * @throws IOException of {@code taker} alone
   */
  void copy(Cargo.Piece piece, Taker taker) throws IOException, Unsound {
    MessageDigest hash = piece.digest().algorithm().newHash();
    long count = 0;
    try (InputStream in = open(piece)) {
      for (int read = read(in, piece); read >= 0; read = read(in, piece)) {
        count += read;
        if (count > piece.size()) {
          throw new Unsound(piece.digest() + " is damaged: it has more than its " + piece.size() + " bytes");
        }
        hash.update(buffer, 0, read);
        taker.take(buffer, read);
        progress.written(read);
      }
    }
    if (count != piece.size() || !Digest.of(piece.digest().algorithm(), hash).equals(piece.digest())) {
      throw new Unsound(piece.digest() + " is damaged: its " + count + " bytes have another digest");
    }
  }

  /**
   * The same for one who writes a file that comes to nothing without it.
   *
   * @throws Halted if it is unsound
   */
  void into(Cargo.Piece piece, OutputStream out) throws IOException {
    try {
      copy(piece, (bytes, length) -> out.write(bytes, 0, length));
    } catch (Unsound e) {
      throw new Halted(e);
    }
  }

  /** Says what was read, through one who says what could not be written. */
  static final class Halted extends IOException {
    private static final long serialVersionUID = 1;

    Halted(Unsound why) {
      super(why.getMessage(), why);
    }
  }

  private InputStream open(Cargo.Piece piece) throws Unsound {
    try {
      return held.open(piece.within(), piece.digest());
    } catch (IOException e) {
      throw new Unsound(piece.digest() + " cannot be read: " + e.getMessage());
    }
  }

  private int read(InputStream in, Cargo.Piece piece) throws Unsound {
    try {
      return in.read(buffer);
    } catch (IOException e) {
      throw new Unsound(piece.digest() + " cannot be read: " + e.getMessage());
    }
  }
}
