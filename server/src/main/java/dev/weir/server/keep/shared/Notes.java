package dev.weir.server.keep.shared;

import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.weir.storage.ContentListener;
import dev.weir.storage.Digest;
import dev.weir.storage.ObjectStore;

/**
 * What one weir tells the others of itself: when it was asked for which image last, and how many bytes it has ever stored.
 * Told now and then, and only what changed; a hint, of which the last minutes may be lost. Thread-safe: only {@link #publish}
 * waits for the store.
 */
public final class Notes implements ContentListener, AutoCloseable {
  /** Those that were asked for longest ago are left out; 85 bytes each. */
  static final int MOST = 100_000;

  private static final Logger LOG = LoggerFactory.getLogger(Notes.class);
  private static final Duration LONGEST_END = Duration.ofSeconds(5);

  private final ObjectStore store;
  private final String place;
  private final InstantSource clock;
  private final ConcurrentMap<Digest, Long> uses = new ConcurrentHashMap<>();
  private final AtomicLong stored = new AtomicLong();
  @GuardedBy("this") private boolean isRecalled;
  @GuardedBy("this") private Map<Digest, Long> toldUses = Map.of();
  @GuardedBy("this") private long toldStored;

  /**
   * Knows nothing yet.
   *
   * @param store without a memory that may answer in its place
   * @param place where this weir works, alone; the same after a restart. One word
   */
  public Notes(ObjectStore store, String place, InstantSource clock) {
    this.store = store;
    this.place = place;
    this.clock = clock;
  }

  /** A client is given the manifest. */
  public void used(Digest manifest) {
    uses.put(manifest, clock.millis());
  }

  @Override
  public void blobStored(Digest digest, long bytes) {
    stored.addAndGet(bytes);
  }

  /** Tells the others what they do not know yet. */
  public synchronized void publish() throws IOException {
    recall();
    Map<Digest, Long> now = latest();
    if (!now.equals(toldUses)) {
      store.putBytes(Keys.USES.resolve(place), Told.text(now));
      toldUses = now;
    }
    long bytes = stored.get();
    if (bytes != toldStored) {
      store.putBytes(Keys.STORED.resolve(place), Told.text(bytes));
      toldStored = bytes;
    }
  }

  /** Tells what is not told yet, if the store takes it soon. */
  @Override
  public void close() throws IOException {
    Thread telling = Thread.ofVirtual().name("tell what was asked for").start(() -> {
      try {
        publish();
      } catch (IOException e) {
        LOG.warn("what was asked for lately is not told to other weirs: {}", e.getMessage());
      }
    });
    try {
      boolean _ = telling.join(LONGEST_END);
    } catch (InterruptedException e) {
      throw new IOException("stopped while telling what was asked for", e);
    }
  }

  /** What this weir told before it was started again. */
  @GuardedBy("this")
  private void recall() throws IOException {
    if (isRecalled) {
      return;
    }
    toldUses = Told.uses(store, place);
    toldUses.forEach((image, when) -> uses.merge(image, when, Math::max));
    toldStored = Told.stored(store, place);
    stored.addAndGet(toldStored);
    isRecalled = true;
  }

  /** Forgets what is too much. */
  private Map<Digest, Long> latest() {
    Map<Digest, Long> all = new HashMap<>(uses);
    if (all.size() > MOST) {
      List<Map.Entry<Digest, Long>> oldestFirst = all.entrySet().stream()
          .sorted(Comparator.comparingLong(Map.Entry::getValue)).toList();
      oldestFirst.subList(0, all.size() - MOST).forEach(each -> uses.remove(each.getKey(), each.getValue()));
      return oldestFirst.subList(all.size() - MOST, all.size()).stream()
          .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }
    return all;
  }
}
