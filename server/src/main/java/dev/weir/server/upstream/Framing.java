package dev.weir.server.upstream;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/** Where a body ends (RFC 9112, 6.3), told by its answer's head. For one thread. */
sealed interface Framing {
  /** The body's next bytes out of what has come: a view of {@code in}. Empty: more has to come, or the body is over. */
  Optional<ByteBuffer> take(ByteBuffer in) throws IOException;

  boolean isOver();

  /** No more will come. */
  void connectionEnded() throws IOException;

  /** Whether the connection is where the next answer begins, once the body is over. */
  default boolean leavesConnection() {
    return true;
  }

  /** Of the answer to a GET. */
  static Framing of(Head head) throws IOException {
    List<String> codings = head.headers().allValues("Transfer-Encoding");
    List<String> lengths = head.headers().allValues("Content-Length").stream().distinct().toList();
    if (head.status() == 204 || head.status() == 304) {
      return new Length(0);
    }
    if (!codings.isEmpty()) {
      if (codings.size() > 1 || !codings.getFirst().equalsIgnoreCase("chunked") || !lengths.isEmpty()) {
        throw new IOException("an answer whose end cannot be told");
      }
      return new Chunks();
    }
    if (lengths.isEmpty()) {
      return new UntilEnd();
    }
    if (lengths.size() > 1) {
      throw new IOException("an answer with several lengths");
    }
    return new Length(Numbers.parse(lengths.getFirst())
        .orElseThrow(() -> new IOException("an answer with a length that is none")));
  }

  /** As many bytes as its head says. */
  final class Length implements Framing {
    private long left;

    Length(long bytes) {
      left = bytes;
    }

    @Override
    public Optional<ByteBuffer> take(ByteBuffer in) {
      int count = (int) Math.min(left, in.remaining());
      left -= count;
      return slice(in, count);
    }

    @Override
    public boolean isOver() {
      return left == 0;
    }

    @Override
    public void connectionEnded() throws IOException {
      throw new EOFException("closed, " + left + " bytes too early");
    }
  }

  /** All that comes. */
  final class UntilEnd implements Framing {
    private boolean ended;

    @Override
    public Optional<ByteBuffer> take(ByteBuffer in) {
      return slice(in, in.remaining());
    }

    @Override
    public boolean isOver() {
      return ended;
    }

    @Override
    public void connectionEnded() {
      ended = true;
    }

    @Override
    public boolean leavesConnection() {
      return false;
    }
  }

  private static Optional<ByteBuffer> slice(ByteBuffer in, int count) {
    if (count == 0) {
      return Optional.empty();
    }
    ByteBuffer bytes = in.slice(in.position(), count);
    in.position(in.position() + count);
    return Optional.of(bytes);
  }

  /** Chunks, each behind its own length (RFC 9112, 7.1). */
  final class Chunks implements Framing {
    private static final int LONGEST_LINE = 4 * 1024;
    private static final int LONGEST_TRAILER = 64 * 1024;

    /** What the next byte belongs to. */
    private enum Part {
      SIZE, DATA, END_OF_DATA, TRAILER, NOTHING
    }

    private Part part = Part.SIZE;
    private long left;
    private int trailerBytes;

    @Override
    public Optional<ByteBuffer> take(ByteBuffer in) throws IOException {
      while (part != Part.NOTHING) {
        if (part == Part.DATA) {
          Optional<ByteBuffer> bytes = slice(in, (int) Math.min(left, in.remaining()));
          left -= bytes.map(ByteBuffer::remaining).orElse(0);
          part = left == 0 ? Part.END_OF_DATA : Part.DATA;
          return bytes;
        }
        Optional<String> line = line(in);
        if (line.isEmpty()) {
          return Optional.empty();
        }
        part = next(line.get());
      }
      return Optional.empty();
    }

    private Part next(String line) throws IOException {
      return switch (part) {
        case SIZE -> {
          left = size(line);
          yield left == 0 ? Part.TRAILER : Part.DATA;
        }
        case END_OF_DATA -> {
          require(line.isEmpty());
          yield Part.SIZE;
        }
        case TRAILER -> {
          trailerBytes += line.length();
          require(trailerBytes <= LONGEST_TRAILER);
          yield line.isEmpty() ? Part.NOTHING : Part.TRAILER;
        }
        case DATA, NOTHING -> part;
      };
    }

    private static long size(String line) throws IOException {
      String digits = line.split(";", 2)[0].strip();
      require(digits.matches("[0-9A-Fa-f]{1,15}"));
      return Long.parseLong(digits, 16);
    }

    /** Without its end. Empty: that has not come. */
    private static Optional<String> line(ByteBuffer in) throws IOException {
      StringBuilder line = new StringBuilder();
      for (int at = in.position(); at < in.limit() && line.length() <= LONGEST_LINE; at++) {
        char next = (char) (in.get(at) & 0xff);
        if (next == '\n') {
          in.position(at + 1);
          boolean isCrLf = !line.isEmpty() && line.charAt(line.length() - 1) == '\r';
          return Optional.of(line.substring(0, line.length() - (isCrLf ? 1 : 0)));
        }
        line.append(next);
      }
      require(line.length() <= LONGEST_LINE);
      return Optional.empty();
    }

    private static void require(boolean isRight) throws IOException {
      if (!isRight) {
        throw new IOException("a body that is not correctly chunked");
      }
    }

    @Override
    public boolean isOver() {
      return part == Part.NOTHING;
    }

    @Override
    public void connectionEnded() throws IOException {
      throw new EOFException("closed between two chunks or within one");
    }
  }
}
