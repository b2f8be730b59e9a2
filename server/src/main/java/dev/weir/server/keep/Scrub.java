package dev.weir.server.keep;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.weir.server.oci.Asker;
import dev.weir.storage.Digest;
import dev.weir.storage.Inventory;

/**
 * Reads everything that is held, again and again, at a bounded rate, and remembers over restarts how far it has come.
 * One thread of its own.
 */
public final class Scrub implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Scrub.class);
  private static final int UNCERTAIN_FASTER = 8;
  private static final Duration SETTLING = Duration.ofMinutes(10);
  private static final Duration LONGEST_END = Duration.ofSeconds(5);

  private final Inventory inventory;
  private final Look look;
  private final ScrubMemory memory;
  private final Duration interval;
  private final long bytesPerSecond;
  private final InstantSource clock;
  private final Optional<Instant> uncertainFrom;
  /** Before that no new pass is begun: a start has better things to do. */
  private final Instant settled;
  private final CountDownLatch stopping = new CountDownLatch(1);
  private final CountDownLatch ended = new CountDownLatch(1);

  /** As {@link Damage#check}. */
  @FunctionalInterface
  public interface Look {
    Verdict at(Digest digest, Pace pace) throws IOException;
  }

  /**
   * Starts its thread.
   *
   * @param interval between the beginnings of two passes
   * @param bytesPerSecond to read at most
   * @param uncertainFrom what was written from then on is read first
   */
  public static Scrub start(Inventory inventory, Look look, ScrubMemory memory, Duration interval,
      long bytesPerSecond, InstantSource clock, Optional<Instant> uncertainFrom) {
    Scrub scrub = new Scrub(inventory, look, memory, interval, bytesPerSecond, clock, uncertainFrom);
    Thread.ofPlatform().daemon().name("scrub").start(Asker.JOB.bound(scrub::run));
    return scrub;
  }

  Scrub(Inventory inventory, Look look, ScrubMemory memory, Duration interval, long bytesPerSecond,
      InstantSource clock, Optional<Instant> uncertainFrom) {
    this.uncertainFrom = uncertainFrom;
    this.settled = clock.instant().plus(Collections.min(List.of(interval, SETTLING)));
    this.inventory = inventory;
    this.look = look;
    this.memory = memory;
    this.interval = interval;
    this.bytesPerSecond = bytesPerSecond;
    this.clock = clock;
  }

  private void run() {
    try {
      lookAgain();
      while (!interval.isZero() && !waitUntil(latest(memory.begun().plus(interval), settled))) {
        pass();
      }
    } finally {
      ended.countDown();
    }
  }

  private static Instant latest(Instant one, Instant other) {
    return one.isAfter(other) ? one : other;
  }

  /** What was written last before a crash is what is most likely damaged. */
  private void lookAgain() {
    if (uncertainFrom.isEmpty()) {
      return;
    }
    Pace pace = Pace.of(bytesPerSecond * UNCERTAIN_FASTER, this::isStopping);
    int read = 0;
    int damaged = 0;
    for (Inventory.Shard shard : inventory.shards()) {
      for (Digest digest : digests(shard)) {
        if (isStopping()) {
          return;
        }
        if (isUncertain(digest)) {
          read++;
          damaged += isDamaged(digest, pace) ? 1 : 0;
        }
      }
    }
    LOG.info("after an unclean end: {} blobs written after {} were read again, {} of them were damaged", read,
        uncertainFrom.get(), damaged);
  }

  private boolean isUncertain(Digest digest) {
    try {
      return inventory.written(digest).filter(at -> !at.isBefore(uncertainFrom.orElse(Instant.MAX))).isPresent();
    } catch (IOException e) {
      return true;
    }
  }

  /** Goes on with the pass that was begun, to its end or ours. */
  void pass() {
    if (!memory.isUnderWay()) {
      memory.begin(clock.instant());
    }
    Pace pace = Pace.of(bytesPerSecond, this::isStopping);
    for (Inventory.Shard shard : inventory.shards()) {
      for (Digest digest : digests(shard)) {
        if (isStopping()) {
          memory.save();
          return;
        }
        if (digest.toString().compareTo(memory.last()) > 0) {
          look(digest, pace);
        }
      }
    }
    memory.end(clock.instant());
    LOG.info("scrub: {} blobs were read, {} of them were damaged", memory.read(), memory.damaged());
  }

  private List<Digest> digests(Inventory.Shard shard) {
    try {
      return inventory.blobs(shard);
    } catch (IOException e) {
      LOG.warn("scrub: {}", e.getMessage());
      return List.of();
    }
  }

  private void look(Digest digest, Pace pace) {
    boolean damaged = isDamaged(digest, pace);
    if (!isStopping()) {
      memory.saw(digest, damaged);
    }
  }

  private boolean isDamaged(Digest digest, Pace pace) {
    try {
      return look.at(digest, pace) instanceof Verdict.Damaged;
    } catch (IOException e) {
      if (!isStopping()) {
        LOG.warn("scrub: {} is passed over: {}", digest, e.getMessage());
      }
      return false;
    }
  }

  /** True: it is to stop. */
  private boolean waitUntil(Instant when) {
    Duration left = memory.isUnderWay() ? Duration.ZERO : Duration.between(clock.instant(), when);
    try {
      return stopping.await(Math.max(0, left.toMillis()), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      return true;
    }
  }

  private boolean isStopping() {
    return stopping.getCount() == 0;
  }

  @Override
  public void close() {
    stopping.countDown();
    try {
      var _ = ended.await(LONGEST_END.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      LOG.warn("scrub: not waited for");
    }
  }
}
