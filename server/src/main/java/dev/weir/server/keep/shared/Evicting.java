package dev.weir.server.keep.shared;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.weir.server.keep.Census;
import dev.weir.server.keep.FewAtOnce;
import dev.weir.server.keep.shared.SharedCollector.Clocks;
import dev.weir.server.space.Departure;
import dev.weir.server.space.Pruning;
import dev.weir.server.space.Pruning.Found;
import dev.weir.server.space.SpaceEvents;
import dev.weir.storage.Content;
import dev.weir.storage.Digest;
import dev.weir.storage.ObjectStore;

/** Keeps a bucket within its bound, on behalf of whoever collects there. For the one thread that does a step. */
final class Evicting {
  private static final Logger LOG = LoggerFactory.getLogger(Evicting.class);
  /** Between two looks at what the weirs say to have stored. */
  private static final Duration LONGEST_REST = Duration.ofMinutes(5);
  /** What a weir told that has told nothing new for so long counts no more. */
  private static final Duration TOLD_FOR = Duration.ofDays(30);
  private static final int AT_ONCE = 8;
  /** So many wait in memory for their turn. */
  private static final int SLICE = 1_000;
  /** Of those whose manifests lie, or are of large layers, the others count as what was stated least. */
  private static final int MOST_MEASURED = 100_000;

  private final Means means;
  private final Docket docket;
  private final Told told;
  private final Optional<Bound> bound;
  private final Duration grace;
  private final Clocks clocks;
  private long askedAgain;
  private boolean isStuck;
  /** Nothing can go until the weirs say that they stored other than so much; empty: not so. */
  private OptionalLong stuckAt = OptionalLong.empty();
  /** Read by any thread. */
  private volatile double held = Double.NaN;

  /**
   * What it works with.
   *
   * @param store without a memory that may answer in its place
   * @param tree the same
   * @param content through which images go
   */
  record Means(ObjectStore store, Content tree, Content content, SpaceEvents events) {}

  Evicting(Means means, Optional<Bound> bound, Duration grace, Clocks clocks) {
    this.means = means;
    this.docket = new Docket(means.store());
    this.told = new Told(means.store());
    this.bound = bound;
    this.grace = grace;
    this.clocks = clocks;
    this.askedAgain = clocks.nanos().getAsLong();
  }

  /** Whether more may be held than is to be, by what the weirs say that they stored. Asks them now and then. */
  boolean isOver() throws IOException {
    long now = clocks.nanos().getAsLong();
    if (bound.isEmpty() || now - askedAgain < 0) {
      return false;
    }
    askedAgain = now + Collections.min(List.of(grace, LONGEST_REST)).toNanos();
    Optional<Account> account = docket.account();
    long stored = told.stored();
    if (stuckAt.equals(OptionalLong.of(stored))) {
      return false;
    }
    return account.isEmpty()
        || Math.max(0, stored - account.get().stored()) > bound.get().high() - account.get().held();
  }

  /**
   * A reading of all manifests.
   *
   * @param found empty: nobody wants to know
   * @param stored what the weirs said before to have stored
   */
  record Look(Optional<Pruning> found, long stored) {
    static final Look NONE = new Look(Optional.empty(), 0);

    Census.Witness witness() {
      return found.<Census.Witness>map(all -> (name, manifest, keeping, reading) -> {
        synchronized (all) {
          all.saw(name, manifest, keeping, reading.document(), reading.bytes());
        }
      }).orElse(Census.Witness.NONE);
    }
  }

  /** One that is about to begin. */
  Look look() throws IOException {
    if (bound.isEmpty()) {
      return Look.NONE;
    }
    told.forgetBefore(clocks.clock().instant().minus(TOLD_FOR));
    return new Look(Optional.of(new Pruning()), told.stored());
  }

  /**
   * What goes for want of room.
   *
   * @param images manifests, each after those that name it
   * @param bytes that nothing names without them
   */
  record Choice(List<Digest> images, long bytes) {
    static final Choice NOTHING = new Choice(List.of(), 0);
  }

  /** @param look is over, and knows which blobs are here */
  Choice choose(Look look) throws IOException {
    if (bound.isEmpty() || look.found().isEmpty()) {
      return Choice.NOTHING;
    }
    Pruning found = look.found().get();
    measure(found);
    long before = found.bytes();
    note(docket.account().orElse(Account.NONE).looked(clocks.clock().instant(), before, look.stored()));
    stuckAt = OptionalLong.empty();
    if (before <= bound.get().high()) {
      isStuck = false;
      return Choice.NOTHING;
    }
    noteUses(found);
    noteWritten(found, found.neverUsed());
    List<Digest> going = found.letGo(bound.get().low(), youngest(), Condemned.MOST_IMAGES);
    warnIfStuck(before, found.bytes(), going.size());
    if (going.isEmpty() && !found.isAnyUnwanted()) {
      stuckAt = OptionalLong.of(look.stored());
    }
    return new Choice(going, before - found.bytes());
  }

  private void note(Account now) throws IOException {
    docket.account(now);
    held = now.held();
  }

  /** In bytes, when this weir looked last; NaN: it has not. Any thread. */
  double held() {
    return held;
  }

  private void warnIfStuck(long before, long left, int going) {
    boolean isEnough = left <= bound.orElseThrow().most() || going >= Condemned.MOST_IMAGES;
    if (!isEnough && !isStuck) {
      LOG.warn("the bucket holds {} bytes, and cache.maxsize is {}; {} bytes stay, which were pushed or pinned, or"
          + " asked for within gc.grace, and will not go", before, bound.orElseThrow().most(), left);
    }
    isStuck = !isEnough;
  }

  /** Those that were asked for since stay. */
  private long youngest() {
    return clocks.clock().millis() - grace.toMillis();
  }

  private void noteUses(Pruning found) throws IOException {
    long now = clocks.clock().millis();
    told.uses().forEach((image, when) -> found.used(image, Math.min(when, now)));
  }

  /** What nobody said to have been asked for counts as used when it came. */
  private void noteWritten(Pruning found, List<Digest> images) throws IOException {
    FewAtOnce.each(AT_ONCE, SLICE, "look when images came", images, means.tree().inventory()::written,
        (image, when) -> found.used(image, when.map(Instant::toEpochMilli).orElse(1L)));
  }

  /** Where manifests are not to be believed, the store says. */
  private void measure(Pruning found) throws IOException {
    List<Digest> doubtful = found.doubtful();
    FewAtOnce.each(AT_ONCE, SLICE, "measure blobs",
        doubtful.subList(0, Math.min(doubtful.size(), MOST_MEASURED)), means.tree().blobs()::size,
        (blob, size) -> size.ifPresent(bytes -> found.measured(blob, bytes)));
  }

  /** Of the images on a list, those that go indeed. {@code look} began after every word was over that did not know the list. */
  Parting parting(Condemned list, Look look, Deleting.Right right) throws IOException {
    if (list.images().isEmpty() || look.found().isEmpty()) {
      return Parting.ofNone();
    }
    Pruning found = look.found().get();
    new AllBlobs(means.tree().inventory()).each(found::isHere);
    measure(found);
    noteUses(found);
    noteWritten(found,
        list.images().stream().filter(each -> found.find(each).filter(image -> image.usedAt() == 0).isPresent())
            .toList());
    Set<Digest> kept = new HashSet<>();
    for (int portion = 0; portion < list.imagePortions(); portion++) {
      kept.addAll(docket.kept(list.id(), portion));
    }
    return new Parting(found, new Goodbye(docket, means.tree(), means.content(), right), list.images(), kept,
        youngest(), bound.orElseThrow().low());
  }

  /** Counts them, and tells who wants to know. */
  void left(Condemned list, Parting parting) throws IOException {
    Set<Digest> gone = new LinkedHashSet<>(list.images());
    gone.retainAll(parting.gone());
    long images = 0;
    long freed = 0;
    for (Digest each : gone) {
      Optional<Found> root = parting.found().find(each).filter(Found::isRoot);
      if (root.isPresent()) {
        long bytes = parting.found().take(each, gone);
        tell(root.get(), bytes);
        images++;
        freed += bytes;
      }
    }
    if (!list.images().isEmpty()) {
      LOG.info("{} cached images went for want of room in the bucket: {} of {} condemned manifests, and {} bytes that"
          + " nothing names without them, which are free after the next list", images, gone.size(),
          list.images().size(), freed);
    }
    if (images > 0) {
      note(docket.account().orElse(Account.NONE).evicted(clocks.clock().instant(), images, freed));
    }
  }

  private void tell(Found image, long bytes) {
    means.events().evicted(bytes);
    means.events().gone(new Departure(clocks.clock().instant(), image.digest(), image.repositories(),
        Instant.ofEpochMilli(image.usedAt()), bytes));
  }
}
