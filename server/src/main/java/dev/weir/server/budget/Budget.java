package dev.weir.server.budget;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import org.jspecify.annotations.Nullable;

/**
 * What downloads out of one upstream may use together: bytes a second, transfers at once. Where there is a budget above it,
 * what is used counts there too. Bytes are counted where they are read, so that the sender is held up by TCP. Thread-safe.
 */
public final class Budget {
  /** For a source that nobody bounds. */
  public static final Budget UNLIMITED = new Budget(Limits.NONE, null, System::nanoTime, () -> true);

  /** How often those look again who wait for the hours of jobs: a client may have come, too. */
  private static final long LOOK_AGAIN_NANOS = 250_000_000L;

  private final @Nullable Budget above;
  private final LongSupplier nanos;
  private final BooleanSupplier isJobTime;
  private final int most;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  /** What it holds is used under the lock alone, as with the two below. */
  private final @Nullable Pace pace;
  private final @Nullable Slots slots;
  private final Slots further;
  @GuardedBy("lock") private boolean isStopped;

  /**
   * A budget of its own.
   *
   * @param above counts what this one counts, and others like it
   * @param nanos the time
   * @param isJobTime whether jobs may transfer now
   */
  public Budget(Limits limits, @Nullable Budget above, LongSupplier nanos, BooleanSupplier isJobTime) {
    this.above = above;
    this.nanos = nanos;
    this.isJobTime = isJobTime;
    this.most = limits.further();
    this.pace = limits.bytesPerSecond().isPresent()
        ? new Pace(limits.bytesPerSecond().getAsLong(), nanos.getAsLong())
        : null;
    this.slots = limits.transfers().isPresent() ? new Slots(limits.transfers().getAsInt()) : null;
    this.further = new Slots(limits.further());
  }

  /** How many streams one download may have. */
  public int streams() {
    return 1 + most;
  }

  /** Waits until bytes that came may be kept. Whether that took any time: then the budget is what holds the download up. */
  public boolean spend(long bytes, Supplier<Urgency> urgency) throws IOException {
    boolean waitedAbove = above != null && above.spend(bytes, urgency);
    boolean waitedHere = pace != null && spendHere(pace, bytes, urgency);
    return waitedAbove || waitedHere;
  }

  private boolean spendHere(Pace mine, long bytes, Supplier<Urgency> urgency) throws IOException {
    lock.lock();
    Line.Place place = mine.join(urgency);
    try {
      long wait = nanosToWait(mine, place);
      boolean waited = wait > 0;
      while (wait > 0) {
        await(wait);
        wait = nanosToWait(mine, place);
      }
      mine.take(place, bytes, nanos.getAsLong());
      return waited;
    } finally {
      mine.leave(place);
      changed.signalAll();
      lock.unlock();
    }
  }

  /** Who is not the first waits to be told. */
  private long nanosToWait(Pace mine, Line.Place place) {
    return mine.isFirst(place) ? mine.nanosToWait(nanos.getAsLong()) : Long.MAX_VALUE;
  }

  /** Waits until a transfer may begin. The caller closes what it gets when the transfer is over. */
  public Permit begin(Supplier<Urgency> urgency) throws IOException {
    awaitJobTime(urgency);
    if (slots != null) {
      beginHere(slots, urgency);
    }
    try {
      return new Permit(this, slots, above == null ? null : above.begin(urgency));
    } catch (IOException | RuntimeException e) {
      giveBack(slots);
      throw e;
    }
  }

  /** Before a place is taken, which a client might want meanwhile. */
  private void awaitJobTime(Supplier<Urgency> urgency) throws IOException {
    if (above != null) {
      above.awaitJobTime(urgency);
    }
    lock.lock();
    try {
      while (isOutOfHours(urgency.get())) {
        await(LOOK_AGAIN_NANOS);
      }
    } finally {
      lock.unlock();
    }
  }

  private boolean isOutOfHours(Urgency urgency) {
    return urgency == Urgency.JOB && !isJobTime.getAsBoolean();
  }

  /** Whoever waits gives up, and nobody waits any more: weir ends. */
  public void stop() {
    lock.lock();
    try {
      isStopped = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void beginHere(Slots mine, Supplier<Urgency> urgency) throws IOException {
    lock.lock();
    Line.Place place = mine.join(urgency);
    try {
      while (!mine.take(place)) {
        await(Long.MAX_VALUE);
      }
    } finally {
      mine.leave(place);
      lock.unlock();
    }
  }

  /** A further stream for a download that has one. Empty: there is no room, or others want it. */
  public Optional<Permit> beginFurther() {
    return takeSpare(further).flatMap(this::beginSpare);
  }

  private Optional<Permit> beginSpare(Slots held) {
    Optional<Permit> transfer = beginSpare();
    if (transfer.isEmpty()) {
      giveBack(held);
    }
    return transfer.map(inner -> new Permit(this, held, inner));
  }

  private Optional<Permit> beginSpare() {
    if (slots != null && takeSpare(slots).isEmpty()) {
      return Optional.empty();
    }
    if (above == null) {
      return Optional.of(new Permit(this, slots, null));
    }
    Optional<Permit> higher = above.beginSpare();
    if (higher.isEmpty()) {
      giveBack(slots);
    }
    return higher.map(inner -> new Permit(this, slots, inner));
  }

  private Optional<Slots> takeSpare(Slots mine) {
    lock.lock();
    try {
      return mine.takeSpare() ? Optional.of(mine) : Optional.empty();
    } finally {
      lock.unlock();
    }
  }

  private void giveBack(@Nullable Slots held) {
    if (held != null) {
      lock.lock();
      try {
        held.give();
        changed.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }

  private boolean is(@Nullable Slots held, Predicate<Slots> so) {
    if (held == null) {
      return false;
    }
    lock.lock();
    try {
      return so.test(held);
    } finally {
      lock.unlock();
    }
  }

  @GuardedBy("lock")
  @SuppressWarnings("WaitNotInLoop") // every caller loops
  private void await(long atMostNanos) throws IOException {
    try {
      if (!isStopped) {
        changed.awaitNanos(atMostNanos);
      }
      if (isStopped) {
        throw new IOException("weir stops while this waits for its turn");
      }
    } catch (InterruptedException e) {
      throw new IOException("stopped while waiting for its turn", e);
    }
  }

  /** One transfer that may run. For one thread. */
  public static final class Permit implements AutoCloseable {
    private final Budget budget;
    private final @Nullable Slots held;
    private final @Nullable Permit above;
    private boolean closed;

    private Permit(Budget budget, @Nullable Slots held, @Nullable Permit above) {
      this.budget = budget;
      this.held = held;
      this.above = above;
    }

    /** Whether a transfer of this urgency is to end: somebody waits who goes before it, or the hours of jobs are over. */
    public boolean isOver(Urgency mine) {
      return isOutOfHours(mine) || is(slots -> slots.isWantedBy(mine));
    }

    private boolean isOutOfHours(Urgency mine) {
      return budget.isOutOfHours(mine) || (above != null && above.isOutOfHours(mine));
    }

    /** Whether anybody waits for it. */
    public boolean isWanted() {
      return is(Slots::isWanted);
    }

    private boolean is(Predicate<Slots> so) {
      return budget.is(held, so) || (above != null && above.is(so));
    }

    @Override
    public void close() {
      if (!closed) {
        closed = true;
        budget.giveBack(held);
        if (above != null) {
          above.close();
        }
      }
    }
  }
}
