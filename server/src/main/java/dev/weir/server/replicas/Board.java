package dev.weir.server.replicas;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.weir.storage.Digest;
import dev.weir.storage.ObjectKey;
import dev.weir.storage.ObjectStore;
import dev.weir.storage.StoredObject;

/**
 * Where weirs on one store tell each other of one blob that one of them fetches. Thread-safe.
 *
 * <pre>
 * weir/fetching/&lt;alg&gt;-&lt;hex&gt;/
 *   holder-&lt;n&gt;            what the n-th that fetches it says; the highest counts, those below it were lost
 *   wanted-&lt;from&gt;-&lt;who&gt;   that process follows it from there on
 *   pieces/&lt;from&gt;-&lt;to&gt;    bytes for those who follow
 * </pre>
 */
final class Board {
  static final ObjectKey ALL = new ObjectKey("weir/fetching");
  private static final Pattern HOLDER = Pattern.compile("holder-(\\d{6})");
  private static final Pattern WANTED = Pattern.compile("wanted-(\\d{19})-(.+)");

  private final ObjectStore store;
  private final ObjectKey place;
  private final ObjectKey pieces;

  private Board(ObjectStore store, ObjectKey place) {
    this.store = store;
    this.place = place;
    this.pieces = place.resolve("pieces");
  }

  static Board of(ObjectStore store, Digest digest) {
    return named(store, digest.algorithm() + "-" + digest.hex());
  }

  static Board named(ObjectStore store, String name) {
    return new Board(store, ALL.resolve(name));
  }

  /**
   * What lies there, but for pieces.
   *
   * @param holder the highest number; 0: nobody fetches it
   * @param wanted from where on, at the least; empty: by nobody else
   */
  record Notes(int holder, OptionalLong wanted) {}

  /** Takes the place of the n-th that fetches it. False: somebody has. */
  boolean claim(int number, Said said) throws IOException {
    return store.putIfAbsent(holder(number), said.bytes());
  }

  void say(int number, Said said) throws IOException {
    store.putBytes(holder(number), said.bytes());
  }

  /** Empty: it does not fetch it any more. */
  Optional<Said> said(int number) throws IOException {
    Optional<byte[]> found = store.get(holder(number));
    return found.isEmpty() ? Optional.empty() : Optional.of(Said.parse(found.get()));
  }

  void want(long from, Said.Name who) throws IOException {
    store.putBytes(wanted(from, who), new byte[]{'\n'});
  }

  void wantNoMore(long from, Said.Name who) throws IOException {
    store.delete(wanted(from, who));
  }

  private ObjectKey wanted(long from, Said.Name who) {
    return place.resolve(String.format(Locale.ROOT, "wanted-%019d-%s", from, who.process()));
  }

  /** As {@code reader} sees them. */
  Notes notes(Said.Name reader) throws IOException {
    int holder = 0;
    long wanted = Long.MAX_VALUE;
    for (String name : names(place)) {
      Matcher said = HOLDER.matcher(name);
      Matcher want = WANTED.matcher(name);
      holder = said.matches() ? Math.max(holder, Integer.parseInt(said.group(1))) : holder;
      wanted = want.matches() && !want.group(2).equals(reader.process())
          ? Math.min(wanted, number(want.group(1)))
          : wanted;
    }
    return new Notes(holder, wanted == Long.MAX_VALUE ? OptionalLong.empty() : OptionalLong.of(wanted));
  }

  private static long number(String digits) {
    try {
      return Long.parseLong(digits);
    } catch (@SuppressWarnings("UnusedException") NumberFormatException e) { // beyond any blob
      return Long.MAX_VALUE;
    }
  }

  /** In the order in which they begin. */
  List<Piece> pieces(Optional<Piece> after) throws IOException {
    return names(pieces, after.map(Piece::name).orElse("")).stream().flatMap(name -> Piece.parse(name).stream())
        .toList();
  }

  /** Adds a piece, whose file is taken. */
  void put(Piece piece, Path file) throws IOException {
    store.putFile(pieces.resolve(piece.name()), file);
  }

  /** The caller closes it. */
  Optional<StoredObject> open(Piece piece) throws IOException {
    return store.open(pieces.resolve(piece.name()));
  }

  /**
   * The n-th does not fetch it any more, as those before it; what was fetched stays for whoever goes on. If another took
   * its place, that one's end is awaited: nobody is to take a low number while a high one is at work.
   */
  void release(int number) throws IOException {
    List<String> all = names(place).stream().filter(HOLDER.asMatchPredicate()).toList();
    if (all.stream().allMatch(name -> name.compareTo(holderName(number)) <= 0)) {
      for (String name : all) { // the lowest first: whoever finds one left does not take it for the last
        store.delete(place.resolve(name));
      }
    }
  }

  /** Takes back what may have been said, though the answer was an error. */
  void takeBack(int number, Said said) throws IOException {
    if (said(number).filter(said::equals).isPresent()) {
      store.delete(holder(number));
    }
  }

  /** Takes away what was handed on. */
  void clearPieces() throws IOException {
    for (String name : names(pieces)) {
      store.delete(pieces.resolve(name));
    }
  }

  /** Takes everything away. */
  void clear() throws IOException {
    for (ObjectStore.Child child : store.list(place, "")) {
      if (!child.isPrefix()) {
        store.delete(place.resolve(child.name()));
      }
    }
    clearPieces();
  }

  /** Whether nothing lies here that was written since. */
  boolean isUntouchedSince(Instant then) throws IOException {
    List<ObjectKey> last = new ArrayList<>();
    store.list(place, "").stream().filter(child -> !child.isPrefix())
        .forEach(child -> last.add(place.resolve(child.name())));
    names(pieces).stream().reduce((one, later) -> later).ifPresent(name -> last.add(pieces.resolve(name)));
    for (ObjectKey key : last) {
      if (store.written(key).filter(then::isBefore).isPresent()) {
        return false;
      }
    }
    return true;
  }

  private List<String> names(ObjectKey prefix) throws IOException {
    return names(prefix, "");
  }

  private List<String> names(ObjectKey prefix, String after) throws IOException {
    return store.list(prefix, after).stream().filter(child -> !child.isPrefix()).map(ObjectStore.Child::name).toList();
  }

  private ObjectKey holder(int number) {
    return place.resolve(holderName(number));
  }

  private static String holderName(int number) {
    return String.format(Locale.ROOT, "holder-%06d", number);
  }
}
