package dev.weir.server.precache;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

import dev.weir.server.keep.Progress;
import dev.weir.server.space.Leeway;
import dev.weir.storage.Digest;

/** How far a job is, image by image, for whoever watches. Thread-safe. */
final class Arrivals {
  private static final long BETWEEN_REPORTS_NANOS = 200_000_000L;
  private static final int MOST_BARS = 8;
  private static final String FETCHING = "fetching";

  private final Progress progress;
  private final LongSupplier nanos;
  private final AtomicLong lastNanos;
  /** Of what is to come: what of it is here. */
  private final Map<Digest, Long> here = new ConcurrentHashMap<>();
  private volatile Looking looking = new Looking(0, 0, "");
  private volatile List<Planned> images = List.of();
  private volatile long total;
  private volatile String trouble = "";

  /**
   * What a job does just now.
   *
   * @param images that it brings something of
   * @param complete of these, those of which nothing more is to come
   * @param active some that are on their way
   * @param trouble why something is asked again; empty: nothing was, of late
   */
  record Details(String phase, int images, int complete, List<Bar> active, String trouble) {
    Details {
      active = List.copyOf(active);
    }

    /** Whether anything came of what is fetched. */
    boolean hasBrought() {
      return phase.equals(FETCHING) && (complete > 0 || !active.isEmpty());
    }
  }

  /** How many manifests have been looked at, and which was the last. */
  private record Looking(int done, int all, String at) {}

  /** One image; in bytes. */
  record Bar(String image, long done, long total) {}

  Arrivals(Progress progress, LongSupplier nanos) {
    this.progress = progress;
    this.nanos = nanos;
    this.lastNanos = new AtomicLong(nanos.getAsLong() - BETWEEN_REPORTS_NANOS);
  }

  /** So many images have been looked at. */
  void looking(int done, int all, String at) {
    looking = new Looking(done, all, at);
    reportNowAndThen();
  }

  /** From now on, these blobs are on their way. */
  void expect(List<Planned> all, List<Part> coming) {
    Set<Digest> awaited = new HashSet<>();
    coming.forEach(part -> {
      awaited.add(part.digest());
      here.put(part.digest(), 0L);
    });
    images = all.stream().filter(image -> image.parts().stream().anyMatch(part -> awaited.contains(part.digest())))
        .toList();
    total = coming.stream().mapToLong(Part::size).reduce(0, Leeway::sum);
    report();
  }

  /** So much of a blob is here now. */
  void arrived(Digest digest, long bytes) {
    here.computeIfPresent(digest, (known, before) -> Math.max(before, bytes));
    trouble = "";
    reportNowAndThen();
  }

  void trouble(String sentence) {
    trouble = sentence;
    reportNowAndThen();
  }

  private void reportNowAndThen() {
    long last = lastNanos.get();
    long now = nanos.getAsLong();
    if (now - last >= BETWEEN_REPORTS_NANOS && lastNanos.compareAndSet(last, now)) {
      if (total > 0) {
        report();
      } else {
        reportLooking();
      }
    }
  }

  private void reportLooking() {
    Looking so = looking;
    progress.at(so.done(), so.all(), so.at());
    progress.details(new Details("looking", so.all(), so.done(), List.of(), trouble));
  }

  private void report() {
    List<Bar> bars = images.stream().map(this::bar).toList();
    List<Bar> active = bars.stream().filter(bar -> bar.done() > 0 && bar.done() < bar.total()).limit(MOST_BARS)
        .toList();
    long done = here.values().stream().mapToLong(Long::longValue).sum();
    progress.at(done, total, active.isEmpty() ? "" : active.getFirst().image());
    progress.details(new Details(FETCHING, bars.size(),
        (int) bars.stream().filter(bar -> bar.done() == bar.total()).count(), active, trouble));
  }

  private Bar bar(Planned image) {
    long done = 0;
    long all = 0;
    for (Part part : image.parts()) {
      Long arrived = here.get(part.digest());
      if (arrived != null) {
        done += Math.min(arrived, part.size());
        all += part.size();
      }
    }
    String label = image.wanted().label().isEmpty() ? image.wanted().asked() : image.wanted().label();
    return new Bar(label, done, all);
  }
}
