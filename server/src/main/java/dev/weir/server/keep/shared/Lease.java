package dev.weir.server.keep.shared;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.weir.storage.ObjectStore;

/**
 * Which of the weirs on one bucket collects. Numbers only go up: whoever makes the next one owns it and says now and then that
 * it is there; when nobody has seen it say so for long, somebody makes the one after. Of several who make one at once a store
 * with conditional writes lets one; elsewhere the last of them stays, and each looks again before it believes that it is the
 * one. Thread-safe.
 */
public final class Lease implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Lease.class);
  private static final String ENDED = "ended";

  private final ObjectStore store;
  private final String id;
  private final LongSupplier nanos;
  private final Tempo tempo;
  private final boolean isCandidate;
  /** Written by {@link #tick} and {@link #close}, under the monitor. */
  private volatile @Nullable Mine mine;
  private volatile String holder = "";
  @GuardedBy("this") private @Nullable Seen seen;
  @GuardedBy("this") private boolean isClosed;

  /**
   * A number of ours.
   *
   * @param said how many times we said that we are there
   * @param madeAt in nanoseconds, as the next
   * @param saidAt when we began to say it the last time
   */
  private record Mine(long number, long said, long madeAt, long saidAt) {}

  /** What another said, and since when we have seen it say nothing else. */
  private record Seen(long number, String text, long since) {}

  /**
   * Owns nothing yet.
   *
   * @param store without a memory that may answer in its place
   * @param id of this process, as no other has it, a word that tells people which it is
   * @param nanos a clock that only goes on
   * @param isCandidate whether it may ever own it; otherwise it looks who does
   */
  public Lease(ObjectStore store, String id, LongSupplier nanos, Tempo tempo, boolean isCandidate) {
    this.isCandidate = isCandidate;
    this.store = store;
    this.id = id;
    this.nanos = nanos;
    this.tempo = tempo;
  }

  /** Whether this process may delete now. */
  public boolean isHeld() {
    Mine now = mine;
    return now != null && now.said() > 0 && now.saidAt() - now.madeAt() >= tempo.settling().toNanos()
        && nanos.getAsLong() - now.saidAt() < tempo.trust().toNanos();
  }

  /** As {@link #isHeld}, and the store says so, too: for one who may have stood still without any clock telling. */
  boolean isStillHeld() throws IOException {
    List<Long> numbers = numbers();
    Mine ours = mine;
    return ours != null && !numbers.isEmpty() && numbers.getLast() == ours.number()
        && owner(text(ours.number())).equals(id) && isHeld();
  }

  /** Who owns it, as far as we have seen; empty: nobody, or we have not looked yet. */
  public String holder() {
    return holder;
  }

  /** Looks who owns it, says that we are there if we do, and takes it over if nobody does any more. */
  public synchronized void tick() throws IOException {
    long begun = nanos.getAsLong();
    if (isClosed) {
      return;
    }
    List<Long> numbers = numbers();
    long last = numbers.isEmpty() ? 0 : numbers.getLast();
    String text = text(last);
    Mine ours = mine;
    if (ours != null && ours.number() == last && owner(text).equals(id)) {
      sayAgain(ours, begun);
      forget(numbers.subList(0, numbers.size() - 1));
    } else {
      if (ours != null) {
        LOG.warn("{} collects in the bucket now, and this weir no more", owner(text));
        mine = null;
      }
      watch(last, text);
    }
  }

  @GuardedBy("this")
  private void sayAgain(Mine ours, long begun) throws IOException {
    boolean isFirst = !isHeld();
    Mine next = new Mine(ours.number(), ours.said() + 1, ours.madeAt(), begun);
    store.putBytes(Keys.owner(next.number()), said(next));
    mine = next;
    holder = id;
    if (isFirst && isHeld()) {
      LOG.info("this weir collects in the bucket from now on, as {}", id);
    }
  }

  @GuardedBy("this")
  private void watch(long last, String text) throws IOException {
    long now = nanos.getAsLong();
    holder = text.equals(ENDED) ? "" : owner(text);
    Seen before = seen;
    if (before == null || before.number() != last || !before.text().equals(text)) {
      seen = new Seen(last, text, now);
    }
    boolean isSilent = before != null && before.equals(seen) && now - before.since() >= tempo.takeover().toNanos();
    if (isCandidate && (last == 0 || text.equals(ENDED) || isSilent)) {
      Mine first = new Mine(last + 1, 0, now, now);
      if (store.putIfAbsent(Keys.owner(last + 1), said(first))) {
        mine = first;
        seen = null;
      }
    }
  }

  private byte[] said(Mine what) {
    return (id + " " + what.said() + "\n").getBytes(StandardCharsets.US_ASCII);
  }

  private static String owner(String text) {
    return text.split(" ", 2)[0];
  }

  private String text(long number) throws IOException {
    Optional<byte[]> found = number == 0 ? Optional.empty() : store.get(Keys.owner(number));
    return found.map(bytes -> new String(bytes, StandardCharsets.US_ASCII)).orElse("");
  }

  private List<Long> numbers() throws IOException {
    return store.list(Keys.OWNERS, "").stream().map(ObjectStore.Child::name).filter(name -> name.matches("[0-9]{19}"))
        .map(Long::valueOf).sorted().toList();
  }

  private void forget(List<Long> numbers) throws IOException {
    for (long number : numbers) {
      boolean _ = store.delete(Keys.owner(number));
    }
  }

  /** Without a word, so that nobody takes over before long: something that we asked of the store may still be under way. */
  synchronized void leave() {
    isClosed = true;
    mine = null;
  }

  /** Lets another take over at once, unless it was left. */
  @Override
  public synchronized void close() throws IOException {
    isClosed = true;
    Mine ours = mine;
    mine = null;
    if (ours != null) {
      store.putBytes(Keys.owner(ours.number()), ENDED.getBytes(StandardCharsets.US_ASCII));
    }
  }
}
