package dev.weir.server.keep.shared;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.weir.storage.Digest;
import dev.weir.storage.ObjectKey;
import dev.weir.storage.ObjectStore;

/** What lies in the bucket for all weirs to see of what is to go. Remembers nothing. Thread-safe. */
final class Docket {
  private final ObjectStore store;

  /** @param store without a memory that may answer in its place */
  Docket(ObjectStore store) {
    this.store = store;
  }

  /** Empty: no list is in force. */
  Optional<Stage> stage() throws IOException {
    return store.get(Keys.STAGE).flatMap(Stage::parse);
  }

  void enter(Stage stage) throws IOException {
    store.putBytes(Keys.STAGE, stage.bytes());
  }

  /** Empty: it is gone, as the stage that names it will be. */
  Optional<Condemned> list(String id) throws IOException {
    Optional<byte[]> text = store.get(Keys.list(id));
    try {
      return text.map(bytes -> Condemned.parse(id, bytes));
    } catch (IllegalArgumentException e) {
      throw new IOException(Keys.list(id) + " cannot be read as a list of blobs: " + e.getMessage(), e);
    }
  }

  /** Takes away what lists left behind that ended badly. Only while no stage is in force. */
  void clear() throws IOException {
    deleteAll(Keys.LISTS);
    deleteAll(Keys.KEPT);
  }

  /** By the store's clock, as far as it tells. */
  Optional<Instant> published(Condemned list) throws IOException {
    return store.written(Keys.list(list.id()));
  }

  /** In force, for all to see, when this returns. */
  void publish(Condemned list) throws IOException {
    store.putBytes(Keys.list(list.id()), list.text());
    enter(new Stage(list.id(), Stage.NOTICE));
  }

  /** Nothing on it is deleted any more. The stage goes first: nobody is to look for a list that is gone. */
  void withdraw(Stage stage) throws IOException {
    boolean _ = store.delete(Keys.STAGE);
    deleteAll(Keys.kept(stage.list()));
    boolean _ = store.delete(Keys.list(stage.list()));
  }

  /** Counts only if the portion is not being deleted yet afterwards. */
  void keep(String list, int portion, Digest blob) throws IOException {
    store.putBytes(Keys.kept(list, portion, blob), new byte[]{'\n'});
  }

  Set<Digest> kept(String list, int portion) throws IOException {
    Set<Digest> kept = new HashSet<>();
    for (ObjectStore.Child child : store.list(Keys.kept(list, portion), "")) {
      kept.add(Digest.parse(child.name().replace('-', ':')));
    }
    return kept;
  }

  /** Blobs that a repository had for the sake of what was deleted there: they need not grow old. */
  void release(Collection<Digest> blobs) throws IOException {
    String text = blobs.stream().map(Digest::toString).collect(Collectors.joining("\n"));
    store.putBytes(Keys.RELEASED.resolve(UUID.randomUUID().toString()), text.getBytes(StandardCharsets.US_ASCII));
  }

  /**
   * What was released.
   *
   * @param notes that say so
   */
  record Released(Set<Digest> blobs, List<String> notes) {}

  /** The first that come to {@code most} blobs. */
  Released released(int most) throws IOException {
    Set<Digest> blobs = new LinkedHashSet<>();
    List<String> notes = new ArrayList<>();
    for (ObjectStore.Child note : store.list(Keys.RELEASED, "")) {
      if (blobs.size() < most) {
        notes.add(note.name());
        lines(Keys.RELEASED.resolve(note.name())).flatMap(line -> Digest.parsed(line).stream()).forEach(blobs::add);
      }
    }
    return new Released(blobs, notes);
  }

  void forget(Released what) throws IOException {
    for (String note : what.notes()) {
      boolean _ = store.delete(Keys.RELEASED.resolve(note));
    }
  }

  void want() throws IOException {
    store.putBytes(Keys.WANTED, UUID.randomUUID().toString().getBytes(StandardCharsets.US_ASCII));
  }

  /** Which order for a list there is; no two are the same. Empty: none. */
  Optional<String> wanted() throws IOException {
    return store.get(Keys.WANTED).map(bytes -> new String(bytes, StandardCharsets.US_ASCII));
  }

  /** The order is carried out; one that came meanwhile stays. */
  void wantNoMore(Optional<String> order) throws IOException {
    if (order.isPresent() && wanted().equals(order)) {
      boolean _ = store.delete(Keys.WANTED);
    }
  }

  /** What there is to do. */
  record Desk(boolean isWanted, boolean isReleased) {}

  Desk desk() throws IOException {
    Set<String> names = store.list(Keys.ROOT, "").stream().map(ObjectStore.Child::name).collect(Collectors.toSet());
    return new Desk(names.contains("wanted"), names.contains("released"));
  }

  /** Empty: there was none, or it cannot be read. */
  Optional<LastList> last() throws IOException {
    return store.get(Keys.LAST).flatMap(LastList::parse);
  }

  void last(LastList last) throws IOException {
    store.putBytes(Keys.LAST, last.bytes());
  }

  /** Of what was held when somebody looked; empty: nobody has. */
  Optional<Account> account() throws IOException {
    return store.get(Keys.HELD).flatMap(Account::parse);
  }

  void account(Account now) throws IOException {
    store.putBytes(Keys.HELD, now.bytes());
  }

  private Stream<String> lines(ObjectKey key) throws IOException {
    return store.get(key).map(bytes -> new String(bytes, StandardCharsets.US_ASCII)).orElse("").lines();
  }

  private void deleteAll(ObjectKey below) throws IOException {
    for (ObjectStore.Child child : store.list(below, "")) {
      if (child.isPrefix()) {
        deleteAll(below.resolve(child.name()));
      } else {
        boolean _ = store.delete(below.resolve(child.name()));
      }
    }
  }
}
