package dev.weir.server.space;

import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

import com.google.errorprone.annotations.concurrent.GuardedBy;

import dev.weir.server.cache.NoRoom;
import dev.weir.server.cache.Space;
import dev.weir.storage.Digest;

/**
 * How much of the disk is used, and who gets what is left. Counts what it hands out; what cannot be counted on the way
 * comes from walks, see {@link #measured}. Thread-safe: its monitor is held over sums alone, and is taken before that of
 * {@link Holdings}; nothing is evicted under it.
 */
public final class Room implements Space {
  /** What the file system keeps for its own books, and for writes that nobody counts, in bytes. */
  private static final long MARGIN = 8 << 20;
  private static final int MARGIN_SHARE = 100;

  private final Disk disk;
  private final Marks marks;
  private final Holdings holdings;
  private final Evictor evictor;
  private final SpaceEvents events;
  private final Set<Pending> pending = ConcurrentHashMap.newKeySet();
  /** Growing files of uploads and downloads that nobody is at. */
  @GuardedBy("this") private long loose;
  /** Everything else that is no blob: links, marks, directories, what others put there. */
  @GuardedBy("this") private long small;
  /** What blobs took before the last end, until the walk knows. */
  @GuardedBy("this") private long remembered;

  public Room(Disk disk, Marks marks, Holdings holdings, Evictor evictor, SpaceEvents events) {
    this.disk = disk;
    this.marks = marks;
    this.holdings = holdings;
    this.evictor = evictor;
    this.events = events;
  }

  /** A blob on its way. */
  private static final class Pending {
    private final Digest digest;
    private final long bytes;
    private final LongSupplier written;

    Pending(Digest digest, long bytes, LongSupplier written) {
      this.digest = digest;
      this.bytes = bytes;
      this.written = written;
    }
  }

  @Override
  public Reserved reserve(Digest digest, long bytes, LongSupplier written) throws NoRoom {
    long there = written.getAsLong();
    Pending fresh = new Pending(digest, bytes, written);
    enter(fresh, there);
    if (!hasRoom()) {
      leave(fresh, there);
      throw new NoRoom("there is no room for the " + bytes + " bytes of " + digest + ": " + situation(), bytes);
    }
    return left -> leave(fresh, left);
  }

  @Override
  public void take(long bytes) throws NoRoom {
    count(bytes, 0);
    if (!hasRoom()) {
      count(-bytes, 0);
      events.refused();
      throw new NoRoom("there is no room for " + bytes + " bytes more: " + situation());
    }
  }

  @Override
  public void give(long bytes) {
    count(-bytes, 0);
  }

  /** So many bytes of small files more, or fewer; what they take of the disk. */
  void small(long bytes) {
    count(0, bytes);
  }

  /**
   * Whether small files may be written: they take what blobs leave below the bound. Evicts nothing itself, since whoever
   * asks may hold a lock of the store.
   */
  void requireAny() throws NoRoom {
    boolean isFull = missing() > margin();
    if (isFull || isHigh()) {
      evictor.wake();
    }
    if (isFull) {
      throw new NoRoom("there is no room for anything more: " + situation());
    }
  }

  /** What a walk found besides blobs and growing files. */
  synchronized void measured(long smallBytes) {
    small = smallBytes;
  }

  /** What lay there at the start. */
  synchronized void found(long looseBytes, long blobBytesBefore) {
    loose += looseBytes;
    remembered = blobBytesBefore;
  }

  private boolean hasRoom() {
    if (missing() > 0) {
      evictor.makeRoom(() -> missing() <= 0);
    }
    if (isHigh()) {
      evictor.wake();
    }
    return missing() <= 0;
  }

  @GuardedBy("this")
  private long blobs() {
    long known = holdings.diskBytes();
    return holdings.isWhole() ? known : Math.max(known, remembered);
  }

  /** Every byte under the root, and those that are promised. */
  public synchronized long used() {
    return blobs() + loose + small + pending.stream().filter(each -> holdings.size(each.digest).isEmpty())
        .mapToLong(each -> Blocks.of(each.bytes)).sum(); // one that was just stored counts there already
  }

  /** As above, without what is promised and not there yet. */
  public synchronized long written() {
    return used() - outstanding();
  }

  @GuardedBy("this")
  private long outstanding() {
    return pending.stream().mapToLong(each -> Math.max(0, each.bytes - each.written.getAsLong())).sum();
  }

  /** The bound, in bytes. */
  public long bound() {
    return marks.bound().applyAsLong(total());
  }

  /** What may still be used, in bytes: of the bound, or of the disk. */
  public long free() {
    return Math.max(0, -missing());
  }

  /**
   * What there is for something large.
   *
   * @param coming it; what is here of it does not go for the rest
   */
  public Leeway leeway(Set<Digest> coming) {
    return new Leeway(bound(), used(), Math.max(0, usable()), free(), holdings.evictableBytes(coming),
        holdings.isWhole());
  }

  /** So many bytes have to go until what was promised fits; negative: so many more fit. */
  private long missing() {
    long overDisk;
    synchronized (this) {
      overDisk = outstanding() + margin() - usable();
    }
    return Math.max(used() + margin() - bound(), overDisk);
  }

  private long margin() {
    return Math.min(MARGIN, bound() / MARGIN_SHARE);
  }

  boolean isHigh() {
    return over(marks.high().applyAsLong(bound()));
  }

  boolean isAboveLow() {
    return over(marks.low().applyAsLong(bound()));
  }

  private boolean over(long mark) {
    return missing() > mark - bound();
  }

  /** Whether it is on its way. Takes no lock. */
  boolean isPending(Digest digest) {
    return pending.stream().anyMatch(each -> each.digest.equals(digest));
  }

  private synchronized void enter(Pending fresh, long there) {
    loose -= there;
    pending.add(fresh);
  }

  private synchronized void leave(Pending gone, long left) {
    pending.remove(gone);
    loose += left;
  }

  private synchronized void count(long looseBytes, long smallBytes) {
    loose = Math.max(0, loose + looseBytes);
    small = Math.max(0, small + smallBytes);
  }

  private long total() {
    try {
      return disk.total();
    } catch (IOException e) {
      return Long.MAX_VALUE; // what cannot be asked bounds nothing; writing will tell
    }
  }

  private long usable() {
    try {
      return disk.usable();
    } catch (IOException e) {
      return Long.MAX_VALUE;
    }
  }

  /** For the sentence that says no. */
  String situation() {
    return used() + " of " + bound() + " bytes are in use or promised, " + usable()
        + " are free on the disk, and nothing more may be evicted";
  }
}
