package dev.weir.server.cache;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.weir.server.oci.Asker;
import dev.weir.storage.BlobStore;
import dev.weir.storage.Digest;
import dev.weir.storage.StoreUnavailableException;
import dev.weir.storage.StoredObject;

/**
 * The fetches that run now, at most one a digest, over all repositories. Thread-safe.
 *
 * <p>Who may have a blob is decided before: whoever comes here gets it.
 */
public final class Downloads implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Downloads.class);
  private static final Duration LONGEST_END = Duration.ofSeconds(10);

  private static final int MOST_DAMAGED = 10_000;
  private static final Duration REFUSED_AGAIN = Duration.ofSeconds(5);
  private static final Duration DAMAGE_REMEMBERED = Duration.ofDays(1);

  private final DownloadPlace place;
  private final Persistence persistence;
  private final RandomGenerator random;
  private final ConcurrentMap<Digest, Download> running = new ConcurrentHashMap<>();
  private final Set<Thread> threads = ConcurrentHashMap.newKeySet();
  /** Digests of which damaged bytes were given out; see {@link BlobBody#isWholeOnly}. */
  private final Cache<Digest, Boolean> damaged = Caffeine.newBuilder().maximumSize(MOST_DAMAGED)
      .expireAfterWrite(DAMAGE_REMEMBERED).build();
  /** Sources that gave something else than a digest says; those are asked for it last. */
  private final Cache<Digest, Set<Source>> liars = Caffeine.newBuilder().maximumSize(MOST_DAMAGED)
      .expireAfterWrite(DAMAGE_REMEMBERED).build();
  /** Blobs that there was no room for a moment ago, with their sizes: nobody need ask upstream only to hear that again. */
  private final Cache<Digest, Long> refused = Caffeine.newBuilder().maximumSize(MOST_DAMAGED)
      .expireAfterWrite(REFUSED_AGAIN).build();
  private final FirstAsked first = new FirstAsked(Ticker.systemTicker());
  private final Executor aside = SharedFile.aside();
  private volatile boolean isClosing;

  /** @param partials where growing files lie, on the store's file system */
  public Downloads(BlobStore blobs, Path partials, DownloadEvents events, Persistence persistence,
      RandomGenerator random) {
    this(blobs, partials, events, Space.UNBOUNDED, Optional.empty(), persistence, random);
  }

  /**
   * Downloads into a store.
   *
   * @param space that everything that is kept has to find
   * @param shelf keeps whole blobs at hand, where the store has no local files
   */
  public Downloads(BlobStore blobs, Path partials, DownloadEvents events, Space space, Optional<Shelf> shelf,
      Persistence persistence, RandomGenerator random) {
    this(new DownloadPlace(blobs, partials, events, space, shelf, Replicas.NONE), persistence, random);
  }

  /**
   * Downloads into a store that other weirs fill, too.
   *
   * @param shelf keeps whole blobs at hand, where the store has no local files
   */
  public Downloads(BlobStore blobs, Path partials, DownloadEvents events, Space space, Optional<Shelf> shelf,
      Replicas replicas, Persistence persistence, RandomGenerator random) {
    this(new DownloadPlace(blobs, partials, events, space, shelf, replicas), persistence, random);
  }

  private Downloads(DownloadPlace place, Persistence persistence, RandomGenerator random) {
    this.persistence = persistence;
    this.place = place;
    this.random = random;
  }

  /**
   * The blob: from the store if it is there, else from the fetch that runs, which may go on from {@code sources} too, else
   * from a new one. Where there is no room for it, straight from {@code sources}.
   *
   * @param sources in the order in which they are asked; at least one
   * @param patience how long to wait for the size
   * @throws dev.weir.server.oci.RegistryException the sources' final answer, or 504 when patience ends; the fetch goes on
   */
  public BlobBody join(Digest digest, List<Source> sources, Duration patience) throws IOException {
    return given(digest, place.find(digest), sources, Deadline.in(patience));
  }

  /**
   * The blob that lies in the store under {@code home}, if there is one.
   *
   * @param digest what it was asked for by
   * @param others are asked for it if the store cannot give what it holds
   */
  public Optional<BlobBody> held(Digest digest, Digest home, Supplier<List<Source>> others, Duration patience)
      throws IOException {
    Optional<StoredObject> here = place.here(home);
    if (here.isPresent()) {
      return Optional.of(guarded(digest, stored(here.get())));
    }
    if (!place.isFar()) {
      return Optional.empty();
    }
    DownloadPlace.Found found;
    try {
      if (isSound(digest) && isSound(home) && !running.containsKey(home) && first.begin(home)) {
        return passedOn(home);
      }
      found = place.find(home);
    } catch (StoreUnavailableException e) {
      found = unseen(home, others.get(), e);
    }
    if (found.here().isPresent()) {
      return Optional.of(guarded(digest, stored(found.here().get())));
    }
    return found.afar().isEmpty()
        ? Optional.empty()
        : Optional.of(guarded(digest, given(home, found, others.get(), Deadline.in(patience))));
  }

  private DownloadPlace.Found again(Digest digest, List<Source> others) throws IOException {
    try {
      return place.find(digest);
    } catch (StoreUnavailableException e) {
      return unseen(digest, others, e);
    }
  }

  private DownloadPlace.Found unseen(Digest digest, List<Source> others, StoreUnavailableException why)
      throws StoreUnavailableException {
    if (others.isEmpty()) {
      throw why;
    }
    return place.unseen(digest);
  }

  /** Nothing that is known says that our own store has something else. */
  private boolean isSound(Digest digest) {
    return damaged.getIfPresent(digest) == null && liars.getIfPresent(digest) == null;
  }

  /** If that cannot be, it is fetched: from others, or from the store by whoever asks again. */
  private Optional<BlobBody> passedOn(Digest digest) throws IOException {
    Optional<StoredObject> object = Optional.empty();
    try {
      object = place.blobs().openArriving(digest);
      return object.map(found -> new PassedOn(digest, found, place.events(), first::end));
    } finally {
      if (object.isEmpty()) {
        first.end();
      }
    }
  }

  /** What is kept at hand for a bucket goes without anybody being told. */
  private StoredBody stored(StoredObject object) {
    return StoredBody.of(object, place.shelf().isEmpty(), aside);
  }

  private BlobBody given(Digest digest, DownloadPlace.Found first, List<Source> others, Deadline deadline)
      throws IOException {
    List<Source> sources = first.before(others);
    Long tooLarge = refused.getIfPresent(digest);
    if (tooLarge != null && first.here().isEmpty()) {
      return passing(digest, sources, tooLarge);
    }
    try {
      BlobBody body = keptOnceMore(digest, first, others, deadline);
      return body.isThere() ? body : PassedThrough.unlessKept(body, digest, sources, place.events());
    } catch (IOException e) {
      if (!NoRoom.isWhy(e)) {
        throw e;
      }
      LOG.warn("pull {}: passed through and not kept: {}", digest, e.getMessage());
      OptionalLong known = NoRoom.sizeIn(e);
      long size = known.isPresent() ? known.getAsLong() : PassedThrough.sizeOf(digest, sources);
      refused.put(digest, size);
      return passing(digest, sources, size);
    }
  }

  private BlobBody passing(Digest digest, List<Source> sources, long size) {
    return guarded(digest, new PassedThrough(digest, liarsLast(digest, sources), place.events(), size));
  }

  /**
   * Once more, where the disk had no room: what was fetched until then may be whole, and whoever came while that failure
   * was being told need not fetch it again.
   */
  private BlobBody keptOnceMore(Digest digest, DownloadPlace.Found first, List<Source> others, Deadline deadline)
      throws IOException {
    try {
      return kept(digest, first, others, deadline);
    } catch (IOException e) {
      if (!NoRoom.isWhy(e) || NoRoom.sizeIn(e).isPresent() || deadline.isOver()) {
        throw e;
      }
      return kept(digest, again(digest, others), others, deadline);
    }
  }

  private BlobBody kept(Digest digest, DownloadPlace.Found first, List<Source> others, Deadline deadline)
      throws IOException {
    for (DownloadPlace.Found found = first;; found = again(digest, others)) {
      if (found.here().isPresent()) {
        return guarded(digest, stored(found.here().get()));
      }
      List<Source> sources = liarsLast(digest, found.before(others));
      Download download = runningOrNew(digest, sources);
      boolean mayAskOurs = download.offer(sources);
      try {
        Optional<BlobBody> reader = download.openReader(deadline.left());
        if (reader.isPresent()) {
          return guarded(digest, reader.get());
        }
      } catch (IOException e) {
        if (mayAskOurs || deadline.isOver()) {
          throw e;
        }
      }
    }
  }

  private BlobBody guarded(Digest digest, BlobBody body) {
    return damaged.getIfPresent(digest) == null ? body : body.wholeOnly();
  }

  /** One that failed before we came is no longer to be joined: its failure is told to those who waited for it. */
  private Download runningOrNew(Digest digest, List<Source> sources) throws IOException {
    Download fresh = new Download(digest, sources, place, replicas(digest, sources), persistence, random);
    Download before = running.putIfAbsent(digest, fresh);
    while (before != null && before.hasFailed()) {
      before = running.putIfAbsent(digest, fresh);
    }
    if (before != null) {
      return before;
    }
    Thread thread = Thread.ofVirtual().name("download " + digest)
        .unstarted(Asker.current().bound(() -> run(digest, fresh)));
    threads.add(thread);
    if (isClosing) {
      fresh.stop();
    }
    thread.start();
    return fresh;
  }

  /** What the store holds already, or somebody gave wrongly before, is no matter between weirs. */
  private Replicas replicas(Digest digest, List<Source> sources) {
    boolean isPlain = liars.getIfPresent(digest) == null && sources.stream().noneMatch(Source::isOurStore);
    return isPlain ? place.replicas() : Replicas.NONE;
  }

  /** Our own store is not asked again at all while there is another: what comes from that one replaces what it holds. */
  private List<Source> liarsLast(Digest digest, List<Source> sources) {
    Set<Source> known = liars.getIfPresent(digest);
    if (known == null) {
      return sources;
    }
    boolean hasOthers = sources.stream().anyMatch(source -> !source.isOurStore());
    return sources.stream().filter(source -> !hasOthers || !source.isOurStore() || !known.contains(source))
        .sorted(Comparator.comparing(known::contains)).toList();
  }

  private void run(Digest digest, Download download) {
    try {
      download.run();
    } finally {
      if (download.wasDamaged()) {
        damaged.put(digest, true);
      }
      if (!download.liars().isEmpty()) {
        liars.put(digest, Set.copyOf(download.liars()));
      }
      running.remove(digest, download);
      download.end();
      threads.remove(Thread.currentThread());
    }
  }

  /** How many bytes of a blob that is not here need not come: fetches that broke off have left them, or one brings them now. */
  public long begun(Digest digest) throws IOException {
    return place.begun(digest);
  }

  /**
   * A fetch that runs.
   *
   * @param size in bytes; -1 as long as it is not known
   * @param received so many bytes are there, but for the last ones, which nobody sees before they are verified
   * @param clients how many wait for it or read it; weir's own jobs are none
   * @param source who is asked now
   */
  public record Arriving(Digest digest, long size, long received, int clients, String source) {}

  /** The fetches that run now, in no order. */
  public List<Arriving> running() {
    return running.values().stream().map(Download::arriving).toList();
  }

  /** Throws away partial downloads that nobody has gone on with since {@code before}. */
  public void purge(Instant before) throws IOException {
    place.purge(before, partial -> running.keySet().stream().map(place::partial).anyMatch(partial::equals));
  }

  /**
   * Lets no broken fetch go on, and waits for those that run to end: each commits what is whole, or leaves its bytes to
   * the next start. What they fetch from is closed before.
   */
  @Override
  public void close() throws IOException {
    isClosing = true;
    running.values().forEach(Download::stop);
    Deadline deadline = Deadline.in(LONGEST_END);
    try {
      for (Thread thread : threads) {
        if (thread.getState() != Thread.State.NEW) { // one that begins only now finds everything closed
          thread.join(deadline.left());
        }
      }
    } catch (InterruptedException e) {
      throw new IOException("stopped while waiting for downloads to end", e);
    }
  }
}
