package dev.weir.server.keep.shared;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collections;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.weir.server.keep.Census;
import dev.weir.server.keep.Progress;
import dev.weir.server.space.SpaceEvents;
import dev.weir.storage.Content;
import dev.weir.storage.Digest;
import dev.weir.storage.ObjectStore;

/**
 * Takes away what no manifest in a bucket names, while several weirs serve it: the one that owns the {@link Lease} publishes
 * what is to go, waits until nobody can count on it who did not say so, looks through all manifests once more, and deletes. For
 * one thread, but for what says otherwise.
 */
public final class SharedCollector implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SharedCollector.class);
  private static final int ID_BYTES = 8;
  private static final Duration AFTER_FAILURE = Duration.ofMinutes(1);
  private static final Duration AFTER_DAMAGE = Duration.ofHours(1);
  private static final Duration LONGEST_END = Duration.ofSeconds(5);

  private final Docket docket;
  private final Content tree;
  private final Lease lease;
  private final SharedClaims claims;
  private final Deleting deleting;
  private final Evicting evicting;
  private final Rules rules;
  private final Clocks clocks;
  /** Held by the one thread that does a step, so that an end can wait for it. */
  private final ReentrantLock stepping = new ReentrantLock();
  private volatile boolean isClosing;
  /** In nanoseconds: not before that is a new list begun, for the sake of deleted images, and for any. */
  private long releasedNotBefore;
  private long notBefore;

  /**
   * What is asked for.
   *
   * @param grace for so long a client counts on what it was told
   * @param interval after which all is looked through again; zero: when somebody wants it
   * @param age of blobs that no manifest ever named
   * @param bound of what is held; empty: there is none
   */
  public record Rules(Duration grace, Duration interval, Duration age, Optional<Bound> bound, Tempo tempo) {}

  /**
   * What time it is.
   *
   * @param nanos only goes on
   */
  public record Clocks(InstantSource clock, LongSupplier nanos) {}

  /**
   * Begins nothing yet.
   *
   * @param content through which blobs are deleted
   * @param events told of images that go for want of room
   */
  public SharedCollector(ObjectStore store, Content content, Lease lease, SharedClaims claims, Rules rules,
      Clocks clocks, SpaceEvents events) {
    this.docket = new Docket(store.itself());
    this.tree = Content.of(store.itself()); // what is read here decides what goes: no memory may answer
    this.lease = lease;
    this.claims = claims;
    this.deleting = new Deleting(docket, content.blobs(), tree.inventory(), right());
    this.evicting = new Evicting(new Evicting.Means(store.itself(), tree, content, events), rules.bound(),
        rules.grace(),
        clocks);
    this.rules = rules;
    this.clocks = clocks;
    this.releasedNotBefore = clocks.nanos().getAsLong();
    this.notBefore = releasedNotBefore;
  }

  /** Does what is due now, if this weir is the one that collects. Takes its time. */
  public void step() throws IOException {
    stepping.lock();
    try {
      if (!isClosing && lease.isHeld()) {
        goOn(view());
      }
    } catch (UncheckedIOException e) { // of a listing
      failed(Objects.requireNonNull(e.getCause()));
    } catch (IOException e) {
      failed(e);
    } finally {
      stepping.unlock();
    }
  }

  private void failed(IOException failure) throws IOException {
    notBefore = in(AFTER_FAILURE);
    if (!isClosing) {
      throw failure;
    }
  }

  /** A stage without a list holds everybody up: one that a former owner wrote late, when the list was withdrawn. */
  private View view() throws IOException {
    try {
      return claims.read();
    } catch (DanglingStageException e) {
      LOG.warn("gc: {}; it is taken away", e.getMessage());
      withdraw(e.stage());
      return claims.read();
    }
  }

  private void withdraw(Stage stage) throws IOException {
    requireHeld();
    docket.withdraw(stage);
    claims.forget();
  }

  private void goOn(View view) throws IOException {
    if (view.stage().isPresent()) {
      goOn(view.stage().get(), view.list().orElseThrow(), view);
    } else if (isDue()) {
      begin();
    }
  }

  /**
   * A deletion that somebody left in the middle is not gone on with: it is not known what they saw. It stays in force for as long
   * as the store may still carry out what they asked of it.
   */
  private void goOn(Stage stage, Condemned list, View view) throws IOException {
    long now = clocks.nanos().getAsLong();
    if (!stage.isNotice()) {
      if (now - view.unchangedSince() < rules.tempo().takeover().toNanos()) {
        return;
      }
      LOG.info("a deletion in the bucket ended before its end; what is left of the {} blobs is looked for anew",
          list.blobs().size());
      requireHeld();
      docket.release(list.blobs());
      docket.want();
      withdraw(stage);
    } else if (!isTooEarly() && now - view.since() >= rules.tempo().notice(rules.grace()).toNanos()) {
      carryOut(list);
    }
  }

  private boolean isDue() throws IOException {
    if (isTooEarly()) {
      return false;
    }
    Docket.Desk desk = docket.desk();
    boolean isRested = clocks.nanos().getAsLong() - releasedNotBefore >= 0;
    return desk.isWanted() || (isRested && (desk.isReleased() || evicting.isOver())) || isTime();
  }

  private boolean isTooEarly() {
    return clocks.nanos().getAsLong() - notBefore < 0;
  }

  /** By clocks that may differ: it decides how often, not what goes. */
  private boolean isTime() throws IOException {
    Optional<Instant> last = docket.last().map(LastList::ended);
    Instant now = clocks.clock().instant();
    return !rules.interval().isZero()
        && (last.isEmpty() || last.get().isAfter(now) || !now.isBefore(last.get().plus(rules.interval())));
  }

  private void begin() throws IOException {
    long begun = clocks.nanos().getAsLong();
    Optional<String> order = docket.wanted();
    Evicting.Look look = evicting.look();
    Census census = Census.of(tree, Set.of(), stopping(), look.witness());
    if (isUnsure(census)) {
      return;
    }
    Docket.Released released = docket.released(Condemned.MOST);
    Candidates found = candidates(census, released.blobs(), look);
    Evicting.Choice choice = evicting.choose(look);
    requireHeld();
    if (found.blobs().isEmpty() && choice.images().isEmpty()) {
      docket.last(new LastList(clocks.clock().instant(), 0, 0));
    } else {
      publish(found, choice);
    }
    docket.wantNoMore(order);
    if (!found.isMore()) {
      docket.forget(released);
    }
    Duration took = Duration.ofNanos(clocks.nanos().getAsLong() - begun);
    Duration rest = took.multipliedBy(rules.tempo().share());
    releasedNotBefore = in(Collections.max(List.of(rest, rules.grace())));
  }

  private void publish(Candidates found, Evicting.Choice choice) throws IOException {
    Condemned list = Condemned.of(newId(), found.bytes() + choice.bytes(), choice.images(), found.blobs());
    docket.clear();
    docket.publish(list);
    View _ = claims.read();
    if (found.isMore()) {
      docket.want();
    }
    LOG.info(
        "gc: {} blobs, {} bytes, are named by no manifest in the bucket, and {} manifests, {} bytes, are too much for"
            + " it; they go in {} s, but for what a client counts on by then",
        list.blobs().size(), found.bytes(), list.images().size(), choice.bytes(),
        rules.tempo().notice(rules.grace()).toSeconds());
  }

  private static String newId() {
    byte[] id = new byte[ID_BYTES];
    new SecureRandom().nextBytes(id);
    return HexFormat.of().formatHex(id);
  }

  private boolean isUnsure(Census census) {
    if (!census.unreadable().isEmpty()) {
      notBefore = in(AFTER_DAMAGE);
      LOG.error("gc: nothing goes, since these manifests are damaged and it is not known what they name: {}",
          census.unreadable());
    }
    return !census.unreadable().isEmpty();
  }

  /** @param isMore whether there are others for another list */
  private record Candidates(Set<Digest> blobs, long bytes, boolean isMore) {}

  private Candidates candidates(Census census, Set<Digest> released, Evicting.Look look) throws IOException {
    Set<Digest> found = new LinkedHashSet<>();
    AtomicLong bytes = new AtomicLong();
    AtomicBoolean isMore = new AtomicBoolean();
    new AllBlobs(tree.inventory()).each(blob -> {
      look.found().ifPresent(all -> all.isHere(blob));
      if (isMore.get() || census.isNamed(blob) || !(released.contains(blob) || isOld(blob))) {
        return;
      }
      if (found.size() == Condemned.MOST) {
        isMore.set(true);
        return;
      }
      OptionalLong size = tree.blobs().size(blob);
      if (size.isPresent() && found.add(blob)) {
        bytes.addAndGet(size.getAsLong());
      }
    });
    return new Candidates(found, bytes.get(), isMore.get());
  }

  private boolean isOld(Digest blob) throws IOException {
    Instant before = clocks.clock().instant().minus(rules.age());
    return tree.inventory().written(blob).filter(at -> at.isBefore(before)).isPresent();
  }

  private void carryOut(Condemned list) throws IOException {
    Evicting.Look look = list.images().isEmpty() ? Evicting.Look.NONE : evicting.look();
    Census census = Census.of(tree, new HashSet<>(list.blobs()), stopping(), look.witness());
    Stage notice = new Stage(list.id(), Stage.NOTICE);
    requireHeld();
    if (!claims.read().stage().equals(Optional.of(notice))) {
      return;
    }
    if (docket.list(list.id()).isEmpty() || isUnsure(census)) {
      docket.release(list.blobs());
      withdraw(notice);
      return;
    }
    Parting parting = evicting.parting(list, look, right());
    Deleting.Tally tally = deleting.carryOut(list, census, parting);
    evicting.left(list, parting);
    withdraw(notice);
    docket.last(new LastList(clocks.clock().instant(), tally.blobs(), tally.bytes()));
    LOG.info("gc: {} blobs, {} bytes, are gone from the bucket; {} stay, since somebody came to need them",
        tally.blobs(),
        tally.bytes(), tally.spared());
  }

  private void requireHeld() throws IOException {
    if (isClosing || !lease.isHeld()) {
      throw new IOException("another weir may collect in the bucket by now, so this one deletes nothing more");
    }
  }

  private Deleting.Right right() {
    return new Deleting.Right() {
      @Override
      public void require() throws IOException {
        requireHeld();
      }

      @Override
      public void confirm() throws IOException {
        requireHeld();
        if (!lease.isStillHeld()) {
          throw new IOException("another weir collects in the bucket by now, so this one deletes nothing more");
        }
      }
    };
  }

  private Progress stopping() {
    return new Progress() {
      @Override
      public void at(long done, long total, String what) {}

      @Override
      public boolean isStopping() {
        return isClosing;
      }
    };
  }

  private long in(Duration pause) {
    return clocks.nanos().getAsLong() + pause.toNanos();
  }

  /** Has whoever collects look through all that is held, soon. Any thread. */
  public void want() throws IOException {
    docket.want();
  }

  /** Blobs may go without growing old: a repository had them for the sake of what was deleted there. Any thread. */
  public void released(List<Digest> blobs) throws IOException {
    docket.release(blobs);
  }

  /** How many blobs are on the list in force. Asks nobody; any thread. */
  public int condemned() {
    return claims.known().list().map(list -> list.blobs().size()).orElse(0);
  }

  /** What manifests in the bucket name, in bytes, when this weir looked; NaN: another collects. Asks nobody; any thread. */
  public double held() {
    return lease.isHeld() ? evicting.held() : Double.NaN;
  }

  /** Any thread. */
  public Collecting state() throws IOException {
    View view = claims.known();
    Optional<LastList> last = docket.last();
    return new Collecting(lease.holder(), lease.isHeld(), condemned(),
        view.list().map(Condemned::bytes).orElse(0L), sentence(view),
        last.map(each -> each.ended().toString()).orElse(""), last.map(LastList::blobs).orElse(0L),
        last.map(LastList::freed).orElse(0L), room(view));
  }

  private Collecting.Room room(View view) throws IOException {
    int condemned = view.list().map(list -> list.images().size()).orElse(0);
    Account account = docket.account().orElse(Account.NONE);
    return new Collecting.Room(rules.bound().map(Bound::most).orElse(0L), account.held(), text(account.looked()),
        condemned, text(account.evicted()), account.images(), account.freed());
  }

  private static String text(Instant when) {
    return when.equals(Instant.EPOCH) ? "" : when.toString();
  }

  private String sentence(View view) {
    if (view.stage().isEmpty() || view.list().isEmpty()) {
      return "nothing is condemned";
    }
    if (!view.stage().get().isNotice()) {
      return "what was condemned is being deleted";
    }
    long passed = clocks.nanos().getAsLong() - view.since();
    long left = rules.tempo().notice(rules.grace()).minusNanos(passed).toSeconds();
    Condemned list = view.list().get();
    String images = list.images().isEmpty() ? "" : " and " + list.images().size() + " manifests for want of room";
    return list.blobs().size() + " blobs" + images + " are condemned, " + list.bytes() + " bytes; they go "
        + (left > 0 ? "in " + left + " s" : "soon")
        + ", but for those that a client counts on by then";
  }

  /**
   * Nothing more is begun; waits a while for what is under way to come to its next step. If it does not, the lease is left without
   * a word.
   */
  @Override
  public void close() throws IOException {
    isClosing = true;
    try {
      if (stepping.tryLock(LONGEST_END.toMillis(), TimeUnit.MILLISECONDS)) {
        stepping.unlock();
      } else {
        lease.leave();
      }
    } catch (InterruptedException e) {
      lease.leave();
      throw new IOException("stopped while waiting for a deletion to end", e);
    }
  }
}
