package dev.weir.storage;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What was taken of uploads that have not ended, where every process on this store finds it, so that one that began here goes
 * on elsewhere. Of two that write to one upload at once, both pieces may stay, each under a name of its own: what was read
 * under a name once is what lies there. Thread-safe.
 */
public final class HalfUploads {
  private static final String STARTED = "started";
  private static final Pattern PIECE = Pattern.compile("(\\d{19})-(\\d{19})-([0-9a-f]{32})");

  private final ObjectStore store;
  private final BlobStore blobs;

  public HalfUploads(ObjectStore store, BlobStore blobs) {
    this.store = store;
    this.blobs = blobs;
  }

  /**
   * Bytes of an upload.
   *
   * @param to excluded
   * @param id of whoever took them: another who takes as many from the same place writes another object
   */
  public record Piece(long from, long to, String id) {
    /** One that nobody has written yet. */
    public static Piece of(long from, long to) {
      return new Piece(from, to, UUID.randomUUID().toString().replace("-", ""));
    }

    String name() {
      return String.format(Locale.ROOT, "%019d-%019d-%s", from, to, id);
    }

    static Optional<Piece> parse(String name) {
      Matcher piece = PIECE.matcher(name);
      return piece.matches()
          ? Optional.of(new Piece(Long.parseLong(piece.group(1)), Long.parseLong(piece.group(2)), piece.group(3)))
          : Optional.empty();
    }
  }

  public void begin(String session, Instant now) throws IOException {
    store.putBytes(Layout.upload(session).resolve(STARTED), now.toString().getBytes(StandardCharsets.US_ASCII));
  }

  /** What there is from the beginning on, without a gap. Empty: there is no such upload, or it has ended. */
  public Optional<List<Piece>> pieces(String session) throws IOException {
    List<String> names = names(session);
    return names.contains(STARTED)
        ? Optional.of(chain(names.stream().flatMap(name -> Piece.parse(name).stream()).toList()))
        : Optional.empty();
  }

  /** Of pieces that begin at the same place, the longest; of those, the same for everybody. */
  private static List<Piece> chain(List<Piece> all) {
    List<Piece> chain = new ArrayList<>();
    long end = 0;
    for (Piece piece : all.stream().sorted(Comparator.comparingLong(Piece::from).thenComparing(Piece::to,
        Comparator.reverseOrder()).thenComparing(Piece::id)).toList()) {
      if (piece.from() == end && piece.to() > end) {
        chain.add(piece);
        end = piece.to();
      }
    }
    return List.copyOf(chain);
  }

  /** Adds a piece, whose file is taken: it is durable when this returns. */
  public void add(String session, Piece piece, Path file) throws IOException {
    store.putFile(key(session, piece), file);
  }

  /** The caller closes it. */
  public InputStream read(String session, Piece piece) throws IOException {
    StoredObject object = store.open(key(session, piece))
        .orElseThrow(() -> new IOException("a part of upload " + session + " is gone: it ended elsewhere"));
    return new OwningInput(object);
  }

  /**
   * Makes the piece that is all of an upload the blob, as {@link BlobStore#commit}; its bytes do not leave the store. The
   * piece stays, so that a client who hears nothing of it can finish the upload once more, elsewhere.
   */
  public void commit(String session, Piece verified, Digest digest) throws IOException {
    blobs.commit(digest, key(session, verified), verified.to());
  }

  /** Throws away what there is; nothing goes on with it afterwards. */
  public void end(String session) throws IOException {
    store.delete(Layout.upload(session).resolve(STARTED));
    for (String name : names(session)) {
      store.delete(Layout.upload(session).resolve(name));
    }
  }

  /** Those that began before then and of which nothing came since, and the rests of those that ended. */
  public List<String> untouchedSince(Instant then) throws IOException {
    List<String> found = new ArrayList<>();
    try (Stream<ObjectStore.Child> sessions = store.children(Layout.UPLOADS, "")) {
      for (ObjectStore.Child session : sessions.filter(ObjectStore.Child::isPrefix).toList()) {
        if (!begun(session.name()).isAfter(then) && !hasPieceSince(session.name(), then)) {
          found.add(session.name());
        }
      }
    }
    return found;
  }

  /** The one that was taken last is mostly the last by name, too. */
  private boolean hasPieceSince(String session, Instant then) throws IOException {
    for (String name : names(session).reversed()) {
      if (Piece.parse(name).isPresent()
          && store.written(Layout.upload(session).resolve(name)).filter(then::isBefore).isPresent()) {
        return true;
      }
    }
    return false;
  }

  private Instant begun(String session) throws IOException {
    Optional<byte[]> started = store.get(Layout.upload(session).resolve(STARTED));
    try {
      return started.isEmpty()
          ? Instant.MIN
          : Instant.parse(new String(started.get(), StandardCharsets.US_ASCII));
    } catch (DateTimeParseException e) {
      return Instant.MIN;
    }
  }

  private List<String> names(String session) throws IOException {
    try (Stream<ObjectStore.Child> all = store.children(Layout.upload(session), "")) {
      return all.map(ObjectStore.Child::name).toList();
    }
  }

  private static ObjectKey key(String session, Piece piece) {
    return Layout.upload(session).resolve(piece.name());
  }
}
