package dev.weir.server.cache;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;

import dev.weir.storage.ObjectKey;
import dev.weir.storage.ObjectStore;
import dev.weir.storage.StoreUnavailableException;
import dev.weir.storage.StoredObject;

/**
 * A store far away, with a memory of what it said lately of small objects. As long as the store answers, the memory is never
 * asked: others write there too. While it does not, and for a moment after, what is remembered is given instead, so that what
 * is at hand here can be served. Whatever decides that something is written, or by which a client decides that it need not be
 * sent, is read from {@link #itself}. Thread-safe.
 */
public final class RememberedStore implements ObjectStore {
  private static final long MOST_BYTES = 16 << 20;
  private static final int LARGEST_BYTES = 256 << 10;
  /** What one entry takes beside its content. */
  private static final int ENTRY_BYTES = 300;
  /** Time in which a store that failed is asked by nobody who can be answered from memory. */
  private static final Duration LEFT_ALONE = Duration.ofSeconds(2);

  private final ObjectStore store;
  private final LongSupplier nanos;
  private final Cache<ObjectKey, Known> memory = Caffeine.newBuilder().maximumWeight(MOST_BYTES)
      .<ObjectKey, Known>weigher((key, known) -> ENTRY_BYTES + known.content().map(bytes -> bytes.length).orElse(0))
      .build();
  /** When the store is asked again though the answer is remembered; 0: it answers. */
  private final AtomicLong askedAgain = new AtomicLong();

  /** @param nanos a clock that only goes on */
  public RememberedStore(ObjectStore store, LongSupplier nanos) {
    this.store = store;
    this.nanos = nanos;
  }

  /**
   * What the store said.
   *
   * @param size empty: there was nothing
   * @param content if it was read
   */
  private record Known(OptionalLong size, Optional<byte[]> content) {
    static final Known ABSENT = new Known(OptionalLong.empty(), Optional.empty());

    static Known of(byte[] content) {
      return new Known(OptionalLong.of(content.length),
          content.length > LARGEST_BYTES ? Optional.empty() : Optional.of(content));
    }
  }

  /** Asks the store. */
  private interface Asking<T> {
    T ask() throws IOException;
  }

  /** Takes an answer out of what is remembered. Empty: that does not say it. */
  private interface Recalling<T> {
    Optional<T> recall(Known known);
  }

  @Override
  public OptionalLong size(ObjectKey key) throws IOException {
    return answer(key, () -> {
      OptionalLong size = store.size(key);
      note(key, size);
      return size;
    }, known -> Optional.of(known.size()));
  }

  /** What is known of the content stays, if it is as long. */
  private void note(ObjectKey key, OptionalLong size) {
    Known before = memory.getIfPresent(key);
    if (before == null || !before.size().equals(size)) {
      memory.put(key, size.isEmpty() ? Known.ABSENT : new Known(size, Optional.empty()));
    }
  }

  @Override
  public Optional<byte[]> get(ObjectKey key) throws IOException {
    return answer(key, () -> {
      Optional<byte[]> content = store.get(key);
      memory.put(key, content.map(Known::of).orElse(Known.ABSENT));
      return content;
    }, known -> known.size().isEmpty() || known.content().isPresent()
        ? Optional.of(known.content())
        : Optional.empty());
  }

  private <T> T answer(ObjectKey key, Asking<T> asking, Recalling<T> recalling) throws IOException {
    if (isLeftAlone()) {
      Optional<T> recalled = recalled(key, recalling);
      if (recalled.isPresent()) {
        return recalled.get();
      }
    }
    try {
      T answer = asking.ask();
      askedAgain.set(0);
      return answer;
    } catch (StoreUnavailableException e) {
      askedAgain.set(later());
      return recalled(key, recalling).orElseThrow(() -> e);
    }
  }

  /** Of those who come when the time is over, one asks. */
  private boolean isLeftAlone() {
    long again = askedAgain.get();
    return again != 0 && (nanos.getAsLong() - again < 0 || !askedAgain.compareAndSet(again, later()));
  }

  private long later() {
    return (nanos.getAsLong() + LEFT_ALONE.toNanos()) | 1;
  }

  private <T> Optional<T> recalled(ObjectKey key, Recalling<T> recalling) {
    Optional<Known> known = Optional.ofNullable(memory.getIfPresent(key)).filter(each -> each.size().isPresent());
    return known.or(() -> isMark(key) ? Optional.of(Known.ABSENT) : Optional.empty()).flatMap(recalling::recall);
  }

  /**
   * Of content, and of what gives it out, nothing is said to be missing that may be there. What weir notes beside a manifest
   * is missing mostly, and decides nothing that lasts.
   */
  private static boolean isMark(ObjectKey key) {
    return key.value().contains("/_manifests/revisions/") && !key.value().endsWith("/link");
  }

  @Override
  public Optional<StoredObject> open(ObjectKey key) throws IOException {
    return store.open(key);
  }

  @Override
  public Optional<StoredObject> open(ObjectKey key, long from, long to) throws IOException {
    return opened(key, () -> store.open(key, from, to));
  }

  @Override
  public Optional<StoredObject> openArriving(ObjectKey key) throws IOException {
    return opened(key, () -> store.openArriving(key));
  }

  private Optional<StoredObject> opened(ObjectKey key, Asking<Optional<StoredObject>> asking) throws IOException {
    return answer(key, () -> {
      Optional<StoredObject> found = asking.ask();
      note(key, found.map(object -> OptionalLong.of(object.size())).orElseGet(OptionalLong::empty));
      return found;
    }, known -> Optional.empty());
  }

  @Override
  public void putFile(ObjectKey key, Path file) throws IOException {
    long size = Files.size(file);
    memory.invalidate(key);
    store.putFile(key, file);
    memory.put(key, new Known(OptionalLong.of(size), Optional.empty()));
  }

  @Override
  public void putBytes(ObjectKey key, byte[] value) throws IOException {
    memory.invalidate(key);
    store.putBytes(key, value);
    memory.put(key, Known.of(value.clone()));
  }

  @Override
  public boolean putIfAbsent(ObjectKey key, byte[] value) throws IOException {
    memory.invalidate(key);
    return store.putIfAbsent(key, value);
  }

  @Override
  public boolean delete(ObjectKey key) throws IOException {
    memory.invalidate(key);
    try {
      return store.delete(key);
    } finally {
      memory.invalidate(key); // somebody may have looked meanwhile
    }
  }

  @Override
  public boolean copy(ObjectKey from, ObjectKey to) throws IOException {
    memory.invalidate(to);
    return store.copy(from, to);
  }

  @Override
  public boolean move(ObjectKey from, ObjectKey to) throws IOException {
    memory.invalidate(from);
    memory.invalidate(to);
    try {
      return store.move(from, to);
    } finally {
      memory.invalidate(from);
    }
  }

  @Override
  public Optional<Instant> written(ObjectKey key) throws IOException {
    return store.written(key);
  }

  @Override
  public Stream<Child> children(ObjectKey prefix, String after) throws IOException {
    return store.children(prefix, after);
  }

  @Override
  public Optional<URI> address(ObjectKey key) throws IOException {
    return store.address(key);
  }

  @Override
  public ObjectStore itself() {
    return store;
  }

  @Override
  public void close() throws IOException {
    store.close();
  }
}
