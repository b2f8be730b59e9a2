package dev.weir.server.space;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.weir.storage.Content;

/**
 * Keeps the disk in order while weir runs, on two threads of its own: one walks the tree, now and then; one lets content go
 * when the high mark is passed. Neither is ever waited for by a request.
 */
public final class Steward implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Steward.class);

  /** So that what another program put there is known within ten minutes. */
  private static final Duration BETWEEN_WALKS = Duration.ofMinutes(5);
  private static final Duration AFTER_FAILURE = Duration.ofSeconds(10);
  private static final int RESTS = 3;
  private static final Duration LONGEST_END = Duration.ofSeconds(5);

  private final Path root;
  private final Holdings holdings;
  private final Room room;
  private final Evictor evictor;
  private final SpaceMemory memory;
  private final Stride stride = new Stride(RESTS);
  private final Semaphore walkWanted = new Semaphore(0);
  private final CountDownLatch ended = new CountDownLatch(2);
  private volatile boolean isClosing;

  /**
   * Takes up how much an earlier process held. Looks at the growing files, and at nothing else.
   *
   * @param root as the store knows it, without symbolic links
   */
  public Steward(Path root, Holdings holdings, Room room, Evictor evictor) throws IOException {
    this.root = root;
    this.holdings = holdings;
    this.room = room;
    this.evictor = evictor;
    this.memory = new SpaceMemory(root);
    room.found(GrowingFiles.bytes(root), recalled(memory::blobBytes, 0L));
  }

  /** What a directory takes of the disk, in bytes, on the file system of this one, which is not empty. */
  public static long bytesOfDirectory(Path directory) throws IOException {
    return DiskWalk.ofDirectory(directory);
  }

  /** Reads what an earlier process wrote down. */
  private interface Recall<T> {
    T read() throws IOException;
  }

  private static <T> T recalled(Recall<T> recall, T otherwise) {
    try {
      return recall.read();
    } catch (IOException e) {
      LOG.warn("what an earlier process wrote down of what is held cannot be read: {}", e.getMessage());
      return otherwise;
    }
  }

  /**
   * Begins, with the content that is held and the way in which blobs go. The first walk waits for {@link #rescan}: it would
   * slow the start of a weir that holds much.
   */
  public void start(Content content, BlobRemoval removal) {
    evictor.begin(new Evictor.Means(content, removal, room::isPending));
    HoldingsWalk walk = new HoldingsWalk(content, holdings, stride);
    thread("walk", () -> walkNowAndThen(walk));
    thread("evict", this::evictWhenWanted);
  }

  private void thread(String name, Runnable work) {
    Thread.ofPlatform().daemon().name(name).start(() -> {
      try {
        work.run();
      } finally {
        ended.countDown();
      }
    });
  }

  /** Has the tree looked through soon. */
  public void rescan() {
    walkWanted.release();
  }

  private void walkNowAndThen(HoldingsWalk walk) {
    pause(BETWEEN_WALKS);
    while (!isClosing) {
      try {
        boolean isFirst = !holdings.isWhole();
        if (isFirst) {
          holdings.remember(recalled(memory::uses, Uses.NONE)); // a line an image: not before the port is open
        }
        walk.walk();
        room.measured(DiskWalk.of(root, stride));
        if (isFirst) {
          LOG.info("knows what is held: {} blobs, {} images, {} of {} bytes in use", holdings.totals().blobs(),
              holdings.totals().images(), room.used(), room.bound());
        }
        wakeIfHigh();
        remember();
        pause(BETWEEN_WALKS);
      } catch (IOException | RuntimeException e) {
        if (!isClosing) {
          LOG.warn("could not look through what is held: {}; trying again later", e.getMessage());
          pause(AFTER_FAILURE);
        }
      }
    }
  }

  private void wakeIfHigh() {
    if (room.isHigh()) {
      evictor.wake();
    }
  }

  private void pause(Duration howLong) {
    try {
      boolean _ = walkWanted.tryAcquire(howLong.toMillis(), TimeUnit.MILLISECONDS);
      walkWanted.drainPermits();
    } catch (InterruptedException e) {
      isClosing = true;
    }
  }

  private void evictWhenWanted() {
    while (!isClosing) {
      try {
        evictor.awaitWanted();
        if (!isClosing && room.isHigh()) {
          evictor.tidy(() -> isClosing || !room.isAboveLow());
        }
      } catch (InterruptedException e) {
        return;
      } catch (RuntimeException e) {
        LOG.error("eviction ended by a fault in weir", e);
      }
    }
  }

  /** Writes down what was used when, unless too little is known yet. */
  private void remember() throws IOException {
    if (holdings.isWhole()) {
      memory.write(holdings.uses(), holdings.diskBytes());
    }
  }

  /** Waits for what is under way to come to its next step. */
  @Override
  public void close() throws IOException {
    isClosing = true;
    stride.stop();
    walkWanted.release();
    evictor.wake();
    try {
      boolean _ = ended.await(LONGEST_END.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      throw new IOException("stopped while waiting for a walk to end", e);
    }
    remember();
  }
}
