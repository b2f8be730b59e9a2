package dev.weir.server.keep;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

import com.google.errorprone.annotations.concurrent.GuardedBy;

import dev.weir.storage.Digest;

/**
 * Blobs that somebody counts on though no image names them yet: clients look whether a blob is there, upload or mount it,
 * and put the manifest that names it up to an hour later. In so many bits, however many there are: now and then one is
 * taken for claimed that is not, never the other way round. Thread-safe.
 *
 * <p>A claim and a removal of the same blob come one after the other: whoever has claimed a blob and then finds it, keeps
 * it.
 */
public final class Claims {
  private static final int STRIPES = 256;
  /** The grace is counted in parts: a claim holds for the whole of it and at most one part more. */
  private static final int PARTS = 4;
  private static final Duration SHORTEST_PART = Duration.ofMillis(10);
  /** Of one part: 128 KiB, good for some hundred thousand blobs. */
  private static final int BITS = 1 << 20;
  private static final int PROBES = 4;
  private static final int PROBE_DIGITS = 8;

  private final Duration grace;
  private final InstantSource clock;
  private final Instant start;
  private final Lock[] stripes = Stream.generate(ReentrantLock::new).limit(STRIPES).toArray(Lock[]::new);
  /** The newest first. */
  @GuardedBy("this") private final Deque<Part> parts = new ArrayDeque<>();

  private record Part(Instant begun, AtomicLongArray bits) {}

  /** What is done to a blob while nobody can claim it. */
  @FunctionalInterface
  public interface Step {
    boolean run() throws IOException;
  }

  /** @param grace how long a claim holds */
  public Claims(Duration grace, InstantSource clock) {
    this.grace = grace;
    this.clock = clock;
    this.start = clock.instant();
  }

  /** From now on, for as long as the grace, nobody removes the blob. Whether it is there is to be asked after this. */
  public void claim(Digest digest) {
    Lock lock = stripe(digest);
    lock.lock();
    try {
      AtomicLongArray bits = newest();
      for (int probe = 0; probe < PROBES; probe++) {
        int bit = bit(digest, probe);
        bits.getAndUpdate(bit / Long.SIZE, word -> word | 1L << bit % Long.SIZE);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Does {@code step} unless the blob is claimed, and lets nobody claim it meanwhile. */
  public boolean unlessClaimed(Digest digest, Step step) throws IOException {
    return alone(digest, () -> !isClaimed(digest) && step.run());
  }

  /** Does {@code step} while nobody can claim or remove the blob. */
  public boolean alone(Digest digest, Step step) throws IOException {
    Lock lock = stripe(digest);
    lock.lock();
    try {
      return step.run();
    } finally {
      lock.unlock();
    }
  }

  public boolean isClaimed(Digest digest) {
    Instant oldest = clock.instant().minus(grace).minus(part());
    return live().anyMatch(part -> part.begun().isAfter(oldest) && isIn(part.bits(), digest));
  }

  /** From when on all claims are known that anybody may rely on: an earlier process took its own with it. */
  public Instant knownFrom() {
    return start.plus(grace);
  }

  private synchronized Stream<Part> live() {
    return parts.stream().toList().stream();
  }

  private synchronized AtomicLongArray newest() {
    Instant now = clock.instant();
    Part newest = parts.peekFirst();
    if (newest == null || !now.isBefore(newest.begun().plus(part()))) {
      newest = new Part(now, new AtomicLongArray(BITS / Long.SIZE));
      parts.addFirst(newest);
      while (parts.size() > PARTS + 2) {
        parts.removeLast();
      }
    }
    return newest.bits();
  }

  private Duration part() {
    Duration part = grace.dividedBy(PARTS);
    return Collections.max(List.of(part, SHORTEST_PART));
  }

  private static boolean isIn(AtomicLongArray bits, Digest digest) {
    for (int probe = 0; probe < PROBES; probe++) {
      int bit = bit(digest, probe);
      if ((bits.get(bit / Long.SIZE) & 1L << bit % Long.SIZE) == 0) {
        return false;
      }
    }
    return true;
  }

  /** A digest's own digits are as random as any hash of it. */
  private static int bit(Digest digest, int probe) {
    return HexFormat.fromHexDigits(digest.hex(), probe * PROBE_DIGITS, (probe + 1) * PROBE_DIGITS) & BITS - 1;
  }

  private Lock stripe(Digest digest) {
    return stripes[HexFormat.fromHexDigits(digest.hex(), PROBES * PROBE_DIGITS, PROBES * PROBE_DIGITS + 2)];
  }
}
