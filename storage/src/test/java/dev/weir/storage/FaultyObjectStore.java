package dev.weir.storage;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * A store that fails, dies or does something else at a call that a test chose. Counts from 1, per rule, from when the
 * rule was made. Rules apply in the order they were made.
 */
public final class FaultyObjectStore implements ObjectStore {
  private final ObjectStore inner;
  private final List<Call> calls = new CopyOnWriteArrayList<>();
  private final List<Rule> rules = new CopyOnWriteArrayList<>();

  public FaultyObjectStore(ObjectStore inner) {
    this.inner = inner;
  }

  public enum Operation {
    OPEN, SIZE, PUT_FILE, PUT_BYTES, DELETE, MOVE, CHILDREN
  }

  /** One call of the store's; {@code get} counts as {@code OPEN}. */
  public record Call(Operation operation, ObjectKey key) {
    public boolean isWrite() {
      return switch (operation) {
        case PUT_FILE, PUT_BYTES, DELETE, MOVE -> true;
        case OPEN, SIZE, CHILDREN -> false;
      };
    }
  }

  /** What happens at a call. */
  @FunctionalInterface
  public interface Action {
    void run() throws IOException;
  }

  /** The n-th call that matches throws and has no effect; later ones work. */
  public FaultyObjectStore failAt(int nth, Predicate<Call> calls) {
    return runBefore(nth, calls, FaultyObjectStore::fail);
  }

  /** The n-th call that matches has its effect, and throws: its answer was lost. */
  public FaultyObjectStore failAfter(int nth, Predicate<Call> calls) {
    rules.add(new Rule(calls, n -> n == nth, false, FaultyObjectStore::fail));
    return this;
  }

  /** From the n-th call that matches on, each that matches throws and has no effect. With every call matching: a crash. */
  public FaultyObjectStore dieAt(int nth, Predicate<Call> calls) {
    rules.add(new Rule(calls, n -> n >= nth, true, FaultyObjectStore::fail));
    return this;
  }

  /** Runs something just before the n-th call that matches: another thread's step, a gate to wait at. */
  public FaultyObjectStore runBefore(int nth, Predicate<Call> calls, Action action) {
    rules.add(new Rule(calls, n -> n == nth, true, action));
    return this;
  }

  /** Runs something just before every call that matches: a disk that goes on failing. */
  public FaultyObjectStore runBeforeAll(Predicate<Call> calls, Action action) {
    rules.add(new Rule(calls, n -> true, true, action));
    return this;
  }

  /** Every call so far, in order, those that failed as well. */
  public List<Call> calls() {
    return List.copyOf(calls);
  }

  /** Counts calls anew. */
  public void forget() {
    calls.clear();
  }

  @Override
  public Optional<StoredObject> open(ObjectKey key) throws IOException {
    return around(Operation.OPEN, key, () -> inner.open(key));
  }

  @Override
  public OptionalLong size(ObjectKey key) throws IOException {
    return around(Operation.SIZE, key, () -> inner.size(key));
  }

  @Override
  public void putFile(ObjectKey key, Path file) throws IOException {
    around(Operation.PUT_FILE, key, () -> {
      inner.putFile(key, file);
      return true;
    });
  }

  @Override
  public void putBytes(ObjectKey key, byte[] value) throws IOException {
    around(Operation.PUT_BYTES, key, () -> {
      inner.putBytes(key, value);
      return true;
    });
  }

  @Override
  public boolean putIfAbsent(ObjectKey key, byte[] value) throws IOException {
    return around(Operation.PUT_BYTES, key, () -> inner.putIfAbsent(key, value));
  }

  @Override
  public boolean delete(ObjectKey key) throws IOException {
    return around(Operation.DELETE, key, () -> inner.delete(key));
  }

  @Override
  public boolean move(ObjectKey from, ObjectKey to) throws IOException {
    return around(Operation.MOVE, from, () -> inner.move(from, to));
  }

  @Override
  public Optional<Instant> written(ObjectKey key) throws IOException {
    return inner.written(key);
  }

  @Override
  public Stream<Child> children(ObjectKey prefix, String after) throws IOException {
    return around(Operation.CHILDREN, prefix, () -> inner.children(prefix, after));
  }

  @Override
  public void close() throws IOException {
    inner.close();
  }

  private <T> T around(Operation operation, ObjectKey key, Effect<T> effect) throws IOException {
    Call call = new Call(operation, key);
    calls.add(call);
    for (Rule rule : rules) {
      rule.apply(call, true);
    }
    T result = effect.run();
    try {
      for (Rule rule : rules) {
        rule.apply(call, false);
      }
      return result;
    } catch (IOException e) {
      release(result);
      throw e;
    }
  }

  /** Nobody gets it, so nobody else closes it. */
  private static void release(Object lost) throws IOException {
    if (lost instanceof Optional<?> found && found.isPresent()) {
      release(found.get());
    } else if (lost instanceof StoredObject object) {
      object.close();
    } else if (lost instanceof Stream<?> children) {
      children.close();
    }
  }

  private static void fail() throws IOException {
    throw new IOException("injected fault");
  }

  @FunctionalInterface
  private interface Effect<T> {
    T run() throws IOException;
  }

  private record Rule(Predicate<Call> calls, Predicate<Integer> counts, boolean isBefore, Action action,
      AtomicInteger seen) {
    Rule(Predicate<Call> calls, Predicate<Integer> counts, boolean isBefore, Action action) {
      this(calls, counts, isBefore, action, new AtomicInteger());
    }

    void apply(Call call, boolean before) throws IOException {
      if (before == isBefore && calls.test(call) && counts.test(seen.incrementAndGet())) {
        action.run();
      }
    }
  }
}
