package dev.weir.server.keep.shared;

import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.weir.storage.Digest;
import dev.weir.storage.ObjectStore;
import dev.weir.storage.StoreUnavailableException;

/**
 * Blobs that clients of this weir count on, as all weirs on the bucket need to know it. A blob that is on no list needs no word:
 * whoever publishes a list waits until everything that was said before is over. One that is on the list in force is entered
 * beside it, and counts as kept if its deletion has not begun after that. Thread-safe.
 */
public final class SharedClaims {
  private static final Logger LOG = LoggerFactory.getLogger(SharedClaims.class);
  private static final long PAUSE_MILLIS = 200;
  /** Manifests that are entered at a time for those who only read; of more, no word is left. */
  private static final int MOST_ENTERED = 256;
  /** Between a stage and its list, another may come. */
  private static final int MOST_TRIES = 5;

  private final Docket docket;
  private final LongSupplier nanos;
  private final Tempo tempo;
  /** So that one asks for all who wait; held over one or two small reads. */
  private final ReentrantLock asking = new ReentrantLock();
  private volatile View view;
  /** Of the last time that somebody asked, if it was in vain. */
  private volatile @Nullable Failure failure;
  /** Those who only read do not ask a store before that, in nanoseconds, that has just failed. */
  private volatile long givenAgain;
  private final Executor entering;
  private final Set<Digest> beingEntered = ConcurrentHashMap.newKeySet();
  /** Entered beside the list {@link #keptOn} by us. */
  @GuardedBy("this") private Set<Digest> kept = new HashSet<>();
  @GuardedBy("this") private String keptOn = "";

  private record Failure(long at, IOException what) {}

  /**
   * Knows nothing yet.
   *
   * @param store without a memory that may answer in its place
   * @param nanos a clock that only goes on
   */
  public SharedClaims(ObjectStore store, LongSupplier nanos, Tempo tempo) {
    this(store, nanos, tempo, task -> {
      Thread _ = Thread.ofVirtual().name("keep what is asked for").start(task);
    });
  }

  /** @param entering leaves a word for those who do not wait for it */
  SharedClaims(ObjectStore store, LongSupplier nanos, Tempo tempo, Executor entering) {
    this.entering = entering;
    this.docket = new Docket(store);
    this.nanos = nanos;
    this.tempo = tempo;
    this.view = View.none(nanos.getAsLong() - 2 * tempo.reading().toNanos());
    this.givenAgain = nanos.getAsLong();
  }

  /**
   * From now on nobody takes the blob away for as long as the grace, if it is there: that is to be asked after this. Asks the
   * bucket for nothing, mostly.
   *
   * @throws IOException if it cannot be known whether it stays
   */
  public void claim(Digest blob) throws IOException {
    claim(List.of(blob));
  }

  /** As {@link #claim(Digest)}, with one patience for all of them. */
  public void claim(Collection<Digest> blobs) throws IOException {
    claim(blobs, tempo.patience());
  }

  /** The same of blobs of which it is no great matter: fails rather than wait for a deletion to end. */
  public void claimAtOnce(Collection<Digest> blobs) throws IOException {
    claim(blobs, Duration.ZERO);
  }

  private void claim(Collection<Digest> blobs, Duration patience) throws IOException {
    long until = nanos.getAsLong() + patience.toNanos();
    for (Digest blob : blobs) {
      claim(blob, until);
    }
  }

  private void claim(Digest blob, long until) throws IOException {
    View known = fresh();
    while (true) {
      switch (known.of(blob)) {
        case View.Free _ -> {
          return;
        }
        case View.Going(String list, int portion) -> {
          if (isKept(list, blob)) {
            return;
          }
          docket.keep(list, portion, blob);
          known = read();
          if (known.of(blob) instanceof View.Going(String now, int _) && now.equals(list)) {
            noteKept(list, blob);
            return;
          }
        }
        case View.Undecided(String list) -> {
          if (isKept(list, blob)) {
            return;
          }
          requirePatience(blob, until);
          pause();
          known = read();
        }
      }
    }
  }

  /**
   * A client is given a manifest: it is to stay, as well as that can be done. Waits for nothing, and goes by what is known; an
   * image that goes all the same comes again from upstream.
   */
  public void given(Digest manifest) {
    if (view.of(manifest) instanceof View.Going(String list, int portion) && !isKept(list, manifest)
        && nanos.getAsLong() - givenAgain >= 0 && beingEntered.size() < MOST_ENTERED && beingEntered.add(manifest)) {
      entering.execute(() -> enter(manifest, list, portion));
    }
  }

  private void enter(Digest manifest, String list, int portion) {
    try {
      docket.keep(list, portion, manifest);
      if (read().of(manifest) instanceof View.Going(String now, int _) && now.equals(list)) {
        noteKept(list, manifest);
      }
    } catch (IOException e) {
      givenAgain = nanos.getAsLong() + tempo.renewal().toNanos();
      LOG.debug("{} was asked for, and may go all the same: {}", manifest, e.getMessage());
    } finally {
      beingEntered.remove(manifest);
    }
  }

  private void requirePatience(Digest blob, long until) throws StoreUnavailableException {
    if (nanos.getAsLong() - until >= 0) {
      throw new StoreUnavailableException("claim " + blob,
          new IOException("whoever deletes in the bucket is at what it is among, and has not come to an end"));
    }
  }

  private static void pause() throws IOException {
    try {
      TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
    } catch (InterruptedException e) {
      throw new IOException("stopped while waiting for a deletion to end", e);
    }
  }

  private synchronized boolean isKept(String list, Digest blob) {
    return keptOn.equals(list) && kept.contains(blob);
  }

  private synchronized void noteKept(String list, Digest blob) {
    if (!keptOn.equals(list)) {
      keptOn = list;
      kept = new HashSet<>();
    }
    kept.add(blob);
  }

  /** No older than may be relied on. */
  private View fresh() throws IOException {
    if (isFresh(view)) {
      return view;
    }
    long begun = nanos.getAsLong();
    asking.lock();
    try {
      if (!isFresh(view)) {
        requireNoFailureSince(begun);
        return ask();
      }
      return view;
    } finally {
      asking.unlock();
    }
  }

  /** Those who waited while one asked in vain do not ask one after another. */
  private void requireNoFailureSince(long begun) throws IOException {
    Failure last = failure;
    if (last != null && last.at() - begun > 0) {
      throw new StoreUnavailableException("read what is to go from the bucket", last.what());
    }
  }

  private boolean isFresh(View known) {
    return nanos.getAsLong() - known.askedAt() < tempo.reading().toNanos();
  }

  /** As it is now: if somebody began to look after we came, what they saw is as good. */
  View read() throws IOException {
    long begun = nanos.getAsLong();
    asking.lock();
    try {
      if (view.askedAt() - begun > 0) {
        return view;
      }
      requireNoFailureSince(begun);
      return ask();
    } finally {
      asking.unlock();
    }
  }

  /** Now and then, so that no client has to wait for it. */
  public void refresh() throws IOException {
    View _ = read();
  }

  private View ask() throws IOException {
    try {
      View fresh = look();
      failure = null;
      view = fresh;
      return fresh;
    } catch (IOException e) {
      failure = new Failure(nanos.getAsLong(), e);
      throw e;
    }
  }

  private View look() throws IOException {
    for (int tries = 1;; tries++) {
      long askedAt = nanos.getAsLong();
      Optional<Stage> stage = docket.stage();
      if (stage.isEmpty()) {
        return View.none(askedAt);
      }
      View before = view;
      boolean isSame = before.list().filter(list -> list.id().equals(stage.get().list())).isPresent();
      Optional<Condemned> list = isSame ? before.list() : docket.list(stage.get().list());
      if (list.isPresent()) {
        long now = nanos.getAsLong();
        return new View(stage, list, askedAt, isSame ? before.since() : now,
            before.stage().equals(stage) ? before.unchangedSince() : now);
      }
      if (tries == MOST_TRIES) {
        throw new DanglingStageException(stage.get());
      }
    }
  }

  /** The list was withdrawn by us: should a stage name it again, it is not to be believed for the sake of what we remember. */
  void forget() {
    asking.lock();
    try {
      view = View.none(nanos.getAsLong() - 2 * tempo.reading().toNanos());
    } finally {
      asking.unlock();
    }
  }

  /** What was known last, however old that is. */
  View known() {
    return view;
  }
}
