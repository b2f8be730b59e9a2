package dev.weir.server.precache;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.weir.server.keep.Progress;
import dev.weir.server.space.Leeway;
import dev.weir.storage.Digest;
import dev.weir.storage.RepositoryName;

/** One order, being carried out. For one thread, once. */
final class Run {
  private static final Duration LONGEST_COUNTING = Duration.ofMinutes(2);
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(200);

  private final Precache precache;
  private final Order order;
  private final Insistence insistence;
  private final Arrivals arrivals;
  private final Planner planner;
  private final Fetching fetching;
  private final Releases releases;
  private final List<Report.Missing> missing = new ArrayList<>();
  private final List<Report.Release> found = new ArrayList<>();
  private final List<String> named = new ArrayList<>();
  private final AtomicInteger looked = new AtomicInteger();

  Run(Precache precache, Order order, Progress progress) {
    this.precache = precache;
    this.order = order;
    this.arrivals = new Arrivals(progress, System::nanoTime);
    Precache.Means means = precache.means;
    this.insistence = new Insistence(means.patience(), new Width(means.atOnce()), System::nanoTime,
        progress::isStopping, arrivals::trouble, Thread::sleep);
    Platforms platforms = new Platforms(order.platforms());
    this.planner = new Planner(precache.registry, insistence, platforms);
    Fetching background = new Fetching(precache.registry, precache.content.blobs(), insistence, means.isJobTime(),
        arrivals);
    this.fetching = order.dryRun() ? background.awaited() : background;
    this.releases = new Releases(means.names(), planner, fetching, precache.content.blobs(), insistence, platforms,
        order.unsigned() ? Optional.empty() : Optional.of(precache.signatures));
  }

  Report report() throws IOException {
    List<Wanted> wanted = wanted();
    insistence.requireGoing();
    List<Planned> planned = Together.map("precache", wanted, image -> plan(image, wanted.size()),
        (image, e) -> Planned.none(image, e.toString()));
    insistence.requireGoing();
    Map<Digest, Part> all = new LinkedHashMap<>();
    planned.forEach(image -> image.parts().forEach(part -> all.putIfAbsent(part.digest(), part)));
    long read = fetching.fetched();
    Coming coming = Coming.of(all.values(), fetching, precache.means.begun());
    Leeway room = room(all.keySet(), coming.onDisk());
    String refused = coming.refusal(room);
    Map<Part, String> failed = order.dryRun() || !refused.isEmpty() ? Map.of() : fetch(planned, coming.parts());
    return report(planned, all, new Count(coming, room, read), refused, failed);
  }

  private Planned plan(Wanted image, int all) {
    Planned planned = planner.plan(image);
    arrivals.looking(looked.incrementAndGet(), all, image.asked());
    return planned;
  }

  /** What is named, and what the releases are made of; what cannot even be asked for is missing. */
  private List<Wanted> wanted() {
    Map<String, Wanted> wanted = new LinkedHashMap<>();
    ImageSets sets = ImageSets.of(order.imageSets(), new ImageSetSource(precache.means.names(), planner, fetching,
        precache.registry, precache.content.blobs(), insistence, precache.graphs));
    missing.addAll(sets.missing());
    List<String> asked = Stream.concat(order.releases().stream(), sets.releases().stream()).distinct().toList();
    for (Optional<Releases.Found> release : Together.map("precache", asked, this::release, this::noRelease)) {
      if (release.isPresent()) {
        found.add(release.get().release());
        release.get().images().forEach(image -> add(image, wanted));
      }
    }
    for (String line : Stream.concat(order.images().stream(), sets.images().stream()).distinct().toList()) {
      try {
        add(precache.means.names().parse(line, order.tags()), wanted);
      } catch (IllegalArgumentException e) {
        missing.add(new Report.Missing(line, line, String.valueOf(e.getMessage())));
      }
    }
    return List.copyOf(wanted.values());
  }

  /** Once, however often it is named, with all the names that it is to have. */
  private static void add(Wanted image, Map<String, Wanted> wanted) {
    wanted.merge(image.name() + "@" + image.reference(), image, (before, again) -> {
      List<Wanted.Place> places = new ArrayList<>(before.also());
      again.also().stream().filter(place -> !places.contains(place)).forEach(places::add);
      return before.also(places);
    });
  }

  private Optional<Releases.Found> release(String asked) {
    try {
      return Optional.of(releases.find(asked, target()));
    } catch (IOException | RuntimeException e) {
      return noRelease(asked, e);
    }
  }

  private Optional<Releases.Found> noRelease(String asked, Throwable why) {
    synchronized (missing) {
      missing.add(new Report.Missing(asked, "release", why.getMessage() == null ? why.toString() : why.getMessage()));
    }
    return Optional.empty();
  }

  private Optional<RepositoryName> target() {
    return order.to().isEmpty() ? Optional.empty() : Optional.of(precache.means.names().own(order.to()));
  }

  /** Where it does not seem to fit, what may go for it is worth waiting for, until it is counted. */
  private Leeway room(Set<Digest> all, long onDisk) throws IOException {
    long end = System.nanoTime() + LONGEST_COUNTING.toNanos();
    Leeway room = precache.means.room().apply(all);
    while (!room.takes(onDisk) && !room.isKnown() && System.nanoTime() < end) {
      insistence.requireGoing();
      pause();
      room = precache.means.room().apply(all);
    }
    return room;
  }

  private static void pause() throws IOException {
    try {
      Thread.sleep(BETWEEN_LOOKS);
    } catch (InterruptedException e) {
      throw new IOException("stopped while everything that is held was counted", e);
    }
  }

  private Map<Part, String> fetch(List<Planned> planned, List<Part> coming) throws IOException {
    pin(planned);
    arrivals.expect(planned, coming);
    Set<Part> left = new LinkedHashSet<>();
    planned.forEach(image -> left.addAll(image.parts()));
    Map<Part, String> failed = new LinkedHashMap<>();
    List<Part> next = coming;
    while (!next.isEmpty()) {
      left.removeAll(Set.copyOf(next));
      Map<Part, String> now = fetching.fetch(next);
      insistence.requireGoing();
      failed.putAll(now);
      next = underOtherNames(now.keySet(), left);
    }
    left.addAll(nowHeld(failed.keySet())); // came under another name
    failed.keySet().removeAll(left);
    failed.putAll(fetching.fetch(List.copyOf(left))); // here: each repository that needs it must be able to give it out
    insistence.requireGoing();
    name(planned, failed.keySet());
    return failed;
  }

  /** One repository may lack, or keep to itself, what another gives. */
  private static List<Part> underOtherNames(Set<Part> failed, Set<Part> left) {
    Map<Digest, Part> found = new LinkedHashMap<>();
    Set<Digest> digests = digests(failed);
    left.stream().filter(part -> digests.contains(part.digest()))
        .forEach(part -> found.putIfAbsent(part.digest(), part));
    return List.copyOf(found.values());
  }

  private List<Part> nowHeld(Set<Part> failed) throws IOException {
    List<Part> found = new ArrayList<>();
    for (Part part : failed) {
      if (fetching.isHeld(part)) {
        found.add(part);
      }
    }
    return found;
  }

  private static Set<Digest> digests(Collection<Part> parts) {
    return parts.stream().map(Part::digest).collect(Collectors.toSet());
  }

  private void pin(List<Planned> planned) throws IOException {
    if (order.pin().isEmpty()) {
      return;
    }
    List<Pins.Member> members = new ArrayList<>();
    for (Planned image : planned) {
      String asked = image.wanted().label().isEmpty() ? image.wanted().asked() : image.wanted().label();
      image.manifests().forEach(digest -> members.add(Pins.Member.of(image.wanted().name(), digest, asked)));
    }
    for (Pins.Member absent : precache.pins.add(order.pin(), members)) {
      missing.add(new Report.Missing(absent.asked(), absent.image(), "it went before it was pinned"));
    }
  }

  private void name(List<Planned> planned, Set<Part> failed) {
    Naming naming = new Naming(precache.content, precache.means.claim(), order.replace());
    for (Planned image : planned) {
      for (Wanted.Place place : isWhole(image, failed) ? image.wanted().also() : List.<Wanted.Place>of()) {
        try {
          naming.name(image, place);
          named.add(place.toString());
        } catch (IOException | RuntimeException e) {
          missing.add(new Report.Missing(image.wanted().asked(), place.toString(), String.valueOf(e.getMessage())));
        }
      }
    }
  }

  private static boolean isWhole(Planned image, Set<Part> failed) {
    return image.root().isPresent() && image.missing().isEmpty()
        && image.parts().stream().noneMatch(failed::contains);
  }

  /**
   * How much there is to do.
   *
   * @param read in bytes, to find that out
   */
  private record Count(Coming coming, Leeway room, long read) {}

  private Report report(List<Planned> planned, Map<Digest, Part> all, Count count, String refused,
      Map<Part, String> failed) {
    Set<Part> absent = new HashSet<>(failed.keySet());
    if (order.dryRun() || !refused.isEmpty()) {
      Set<Digest> notHere = count.coming().digests();
      planned.forEach(
          image -> image.parts().stream().filter(part -> notHere.contains(part.digest())).forEach(absent::add));
    }
    int whole = 0;
    for (Planned image : planned) {
      whole += isWhole(image, absent) ? 1 : 0;
      missing.addAll(image.missing());
      image.parts().stream().filter(failed::containsKey).forEach(part -> missing.add(
          new Report.Missing(image.wanted().asked(), part.digest().toString(), failed.getOrDefault(part, ""))));
    }
    String doubt = order.dryRun() ? count.coming().doubt(count.room()) : "";
    return new Report(missing.isEmpty() && refused.isEmpty() && doubt.isEmpty(), order.dryRun(), refused, doubt,
        planned.size(), whole, all.size(), all.values().stream().mapToLong(Part::size).reduce(0, Leeway::sum),
        count.coming().parts().size(), count.coming().bytes(), count.read(), count.room(), missing, found, order.pin(),
        named);
  }
}
