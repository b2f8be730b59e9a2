package dev.weir.server.ui;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;

import dev.weir.server.cache.Downloads.Arriving;
import dev.weir.server.space.Departure;
import dev.weir.server.space.Holdings;
import dev.weir.storage.Digest;
import dev.weir.storage.RepositoryName;

/** How weir as a whole stands. Found out at most once a second, however many look. Thread-safe. */
public final class Standing {
  private static final Duration KNOWN_FOR = Duration.ofSeconds(1);
  private static final Duration TROUBLE_KNOWN_FOR = Duration.ofSeconds(10);
  private static final int MOST_DOWNLOADS = 50;
  private static final int MOST_ENDED = 50;

  private final Holdings holdings;
  private final Parts parts;
  private final Map<Digest, List<RepositoryName>> wanted = new ConcurrentHashMap<>();
  private final Deque<Ended> ended = new ArrayDeque<>();
  private final Remembered<Seen> seen;
  private final Remembered<List<String>> trouble;

  /** Tells what somebody should look at. */
  @FunctionalInterface
  public interface Trouble {
    /** A sentence each. */
    List<String> now() throws IOException;
  }

  /** What is asked. */
  public interface Parts {
    /** Whether what is held lies where others write as well, and weir counts nothing. */
    boolean isInBucket();

    /** Of the disk; of what is kept at hand of a bucket. */
    List<Room> rooms();

    /** Whether a blob is here. */
    boolean holds(Digest blob) throws IOException;

    List<Upstream> upstreams();

    List<Arriving> downloads();

    List<Work> works();

    /** The last ones, the latest first. */
    List<Departure> departures();
  }

  /** What is used of a bound; in bytes. */
  public record Room(long bound, long used, long free) {}

  /**
   * As the last request to it found it.
   *
   * @param state {@code new} where nobody asked it yet, {@code answers}, {@code away} where it wants to be left alone for a
   *     moment, {@code down}, or {@code offline} where weir asks nobody
   * @param since and {@code why}: it is down; else null
   */
  public record Upstream(String name, String state, @Nullable String since, @Nullable String why) {}

  /** Of weir's own, such as a precache job; {@code done} of {@code total} in whatever it counts. */
  public record Work(String kind, String started, long done, long total, String at) {}

  public Standing(Holdings holdings, Parts parts, Trouble trouble, LongSupplier nanoTime) {
    this.holdings = holdings;
    this.parts = parts;
    this.seen = new Remembered<>(this::look, KNOWN_FOR, nanoTime);
    this.trouble = new Remembered<>(trouble::now, TROUBLE_KNOWN_FOR, nanoTime);
  }

  /** What everybody who may see it gets a part of. */
  private record Seen(@Nullable Held held, List<Room> rooms, List<Upstream> upstreams, List<Coming> downloads,
      int coming, List<Ended> ended, List<Work> works, List<Departure> departures) {}

  private record Coming(Arriving arriving, List<RepositoryName> repositories) {}

  /** @param counted whether all of it is */
  record Held(boolean counted, int blobs, int images, int repositories, long bytes) {}

  /**
   * A blob on its way.
   *
   * @param size -1: not known
   * @param repositories that have images which name it, as far as the visitor may know
   */
  record Download(String digest, long size, long received, int clients, String from, List<String> repositories) {}

  /**
   * A download that was told of and runs no more.
   *
   * @param held whether the blob is here now
   */
  record Ended(String digest, boolean held) {}

  record Evicted(String when, String digest, List<String> repositories, String lastUsed, long bytes) {}

  /**
   * All of it.
   *
   * @param held null: it is in a bucket, and not counted
   * @param coming how many downloads there are, of which some are told
   * @param ended the last ones, the latest last
   */
  record View(@Nullable Held held, List<Room> rooms, List<Upstream> upstreams, List<Download> downloads, int coming,
      List<Ended> ended, List<Work> works, List<Evicted> evictions, List<String> trouble) {}

  View show(Question question) throws IOException {
    question.requireAll();
    Predicate<RepositoryName> mayPull = question.visitor().mayPull();
    Seen now = seen.get();
    return new View(now.held, now.rooms, now.upstreams,
        now.downloads.stream().map(each -> download(each, mayPull)).toList(), now.coming, now.ended, now.works,
        now.departures.stream().map(each -> evicted(each, mayPull)).toList(), trouble());
  }

  /** All else is known without the store. */
  private List<String> trouble() {
    try {
      return trouble.get();
    } catch (IOException | UncheckedIOException e) {
      return List.of("the store does not answer: " + e.getMessage());
    }
  }

  private static Download download(Coming coming, Predicate<RepositoryName> mayPull) {
    Arriving arriving = coming.arriving;
    return new Download(arriving.digest().toString(), arriving.size(), arriving.received(), arriving.clients(),
        arriving.source(), names(coming.repositories, mayPull));
  }

  private static Evicted evicted(Departure gone, Predicate<RepositoryName> mayPull) {
    return new Evicted(gone.when().toString(), gone.image().toString(), names(gone.repositories(), mayPull),
        gone.lastUsed().toString(), gone.bytes());
  }

  private static List<String> names(List<RepositoryName> all, Predicate<RepositoryName> mayPull) {
    return all.stream().filter(mayPull).map(RepositoryName::value).toList();
  }

  private Seen look() {
    Holdings.Totals totals = holdings.totals();
    Held held = new Held(holdings.isWhole(), totals.blobs(), totals.images(), totals.repositories(), totals.bytes());
    List<Arriving> running = parts.downloads();
    noteEnded(new HashSet<>(running.stream().map(Arriving::digest).toList()));
    return new Seen(parts.isInBucket() ? null : held, parts.rooms(), parts.upstreams(), coming(running),
        running.size(), List.copyOf(ended), parts.works(), parts.departures());
  }

  /** Under the lock of {@link #seen}. */
  private void noteEnded(Set<Digest> running) {
    ended.removeIf(each -> running.contains(Digest.parse(each.digest)));
    for (Digest told : wanted.keySet()) {
      if (!running.contains(told)) {
        ended.removeIf(each -> each.digest.equals(told.toString()));
        ended.addLast(new Ended(told.toString(), isHeld(told)));
      }
    }
    while (ended.size() > MOST_ENDED) {
      ended.removeFirst();
    }
  }

  private boolean isHeld(Digest blob) {
    try {
      return parts.holds(blob);
    } catch (IOException | UncheckedIOException e) {
      return false; // the store's trouble is told beside it
    }
  }

  private List<Coming> coming(List<Arriving> running) {
    List<Arriving> told = running.stream().sorted(Comparator.comparing((Arriving each) -> each.digest().toString()))
        .limit(MOST_DOWNLOADS).toList();
    Set<Digest> still = new HashSet<>(told.stream().map(Arriving::digest).toList());
    wanted.keySet().retainAll(still);
    lookUp(still);
    return told.stream().map(each -> new Coming(each, wanted.getOrDefault(each.digest(), List.of()))).toList();
  }

  /** Once a download, and all at one look, since that goes over all images; again, as long as none is known. */
  private void lookUp(Set<Digest> running) {
    Set<Digest> unknown = new HashSet<>(running);
    unknown.removeIf(each -> !wanted.getOrDefault(each, List.of()).isEmpty());
    if (!unknown.isEmpty()) {
      Map<Digest, List<Holdings.Held>> found = holdings.imagesThatName(unknown);
      unknown.forEach(each -> wanted.put(each,
          found.getOrDefault(each, List.of()).stream().map(Holdings.Held::name).distinct().toList()));
    }
  }
}
