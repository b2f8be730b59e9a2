package dev.weir.server.push;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;

import dev.weir.server.cache.HashedFile;
import dev.weir.server.oci.ErrorCode;
import dev.weir.server.oci.RegistryException;
import dev.weir.storage.Digest;
import dev.weir.storage.HalfUploads;
import dev.weir.storage.HalfUploads.Piece;

/**
 * One upload as all processes on one store know it; the local file follows. Under its upload's lock.
 */
final class SharedHalf {
  private static final int BUFFER_BYTES = 128 << 10;
  /** Each is an object of its own, and all of them are listed with each request. */
  private static final int MOST_PIECES = 10_000;

  private final HalfUploads halves;
  private final String session;
  /** What the local file was made of, and its hash: each was either read from the store, or sent there from the file. */
  private List<Piece> made = List.of();

  SharedHalf(HalfUploads halves, String session) {
    this.halves = halves;
    this.session = session;
  }

  /**
   * Brings what others took into the local file.
   *
   * @throws RegistryException BLOB_UPLOAD_UNKNOWN if it has ended
   */
  void catchUp(HashedFile file) throws IOException {
    List<Piece> pieces = halves.pieces(session).orElseThrow(Uploads::unknown);
    if (!isMadeOfTheFirst(pieces, file)) {
      file.clear();
      made = List.of();
    }
    for (Piece piece : pieces.subList(made.size(), pieces.size())) {
      append(file, piece);
      made = with(piece);
    }
  }

  private boolean isMadeOfTheFirst(List<Piece> pieces, HashedFile file) {
    return made.size() <= pieces.size() && made.equals(pieces.subList(0, made.size())) && file.written() == end(made);
  }

  private static long end(List<Piece> pieces) {
    return pieces.isEmpty() ? 0 : pieces.getLast().to();
  }

  private List<Piece> with(Piece piece) {
    return Stream.concat(made.stream(), Stream.of(piece)).toList();
  }

  private void append(HashedFile file, Piece piece) throws IOException {
    HashedFile.Mark before = file.mark();
    byte[] buffer = new byte[BUFFER_BYTES];
    try (InputStream in = halves.read(session, piece)) {
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        file.append(ByteBuffer.wrap(buffer, 0, count));
      }
    } catch (IOException | RuntimeException e) {
      file.rollBackTo(before);
      throw e;
    }
    if (file.written() != piece.to()) {
      file.rollBackTo(before);
      throw new IOException(
          "a part of upload " + session + " that should end at " + piece.to() + " is of another size");
    }
  }

  /**
   * Makes known what the file has more than all know of.
   *
   * @param from where that begins
   * @throws RegistryException RANGE_INVALID if another process was there before, BLOB_UPLOAD_INVALID if there are too many pieces
   */
  void add(long from, HashedFile file) throws IOException {
    if (file.written() == from) {
      return;
    }
    List<Piece> now = halves.pieces(session).orElseThrow(Uploads::unknown);
    if (!now.equals(made)) {
      throw new RegistryException(ErrorCode.RANGE_INVALID,
          "another request has written to this upload from byte " + from + " on meanwhile");
    }
    if (made.size() >= MOST_PIECES) {
      throw new RegistryException(ErrorCode.BLOB_UPLOAD_INVALID, "an upload is taken in " + MOST_PIECES
          + " requests at most, and this is one more: begin it again with larger chunks");
    }
    Piece piece = Piece.of(from, file.written());
    Path part = part(file, from);
    try {
      halves.add(session, piece, part);
    } finally {
      Files.deleteIfExists(part);
    }
    made = with(piece);
  }

  /** The store takes a file away: a second name of all of it, or a copy of its end. */
  private static Path part(HashedFile file, long from) throws IOException {
    Path part = file.path().resolveSibling(file.path().getFileName() + ".part");
    Files.deleteIfExists(part);
    if (from == 0) {
      return Files.createLink(part, file.path());
    }
    try (FileChannel end = FileChannel.open(part, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      for (long at = from; at < file.written();) {
        at += file.channel().transferTo(at, file.written() - at, end);
      }
    }
    return part;
  }

  /**
   * Makes it the blob without its bytes being sent again. False: they lie in several places, or not all are there.
   *
   * @param verified digest of the file, which is made of these pieces and no others
   */
  boolean commit(Digest verified, long size) throws IOException {
    if (made.size() != 1 || made.get(0).to() != size) {
      return false;
    }
    halves.commit(session, made.get(0), verified);
    return true;
  }
}
