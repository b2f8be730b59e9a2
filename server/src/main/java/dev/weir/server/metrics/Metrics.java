package dev.weir.server.metrics;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.weir.server.cache.DigestMismatch;
import dev.weir.server.cache.DownloadEvents;
import dev.weir.server.cache.Source;
import dev.weir.server.http.Answer;
import dev.weir.server.keep.Damage;
import dev.weir.server.registry.CacheEvents;
import dev.weir.server.space.Holdings;
import dev.weir.server.space.Room;
import dev.weir.server.space.SpaceEvents;
import dev.weir.storage.Digest;

/**
 * All meters, and the log lines that go with them. {@code registry_proxy_*} are registry:2's names, for the dashboards
 * that exist; ours start with {@code weir_}. Thread-safe.
 */
public final class Metrics {
  private static final Logger LOG = LoggerFactory.getLogger(Metrics.class);

  private final MeterRegistry meters;
  private final PerSource sources;

  public Metrics(MeterRegistry meters) {
    this.meters = meters;
    this.sources = new PerSource(meters);
  }

  /** @param type {@code manifest} or {@code blob}, as in registry:2 */
  public CacheEvents cache(String type) {
    PerUpstream counts = new PerUpstream(meters, type);
    Counter requests = proxyCounter("requests", type, "requests for content that may come from upstream");
    Counter hits = proxyCounter("hits", type, "of these, answered from what is held");
    Counter misses = proxyCounter("misses", type, "of these, that upstream had to be asked for");
    Counter pulled = proxyCounter("pulled_bytes", type, "bytes fetched from upstream");
    return new CacheEvents() {
      @Override
      public void hit(String upstream) {
        requests.increment();
        hits.increment();
        counts.of(upstream).hits().increment();
      }

      @Override
      public void miss(String upstream) {
        requests.increment();
        misses.increment();
        counts.of(upstream).misses().increment();
      }

      @Override
      public void stale(String upstream) {
        counts.of(upstream).stale().increment();
      }

      @Override
      public void waiting(String upstream, int more) {
        counts.of(upstream).waiting().addAndGet(more);
      }

      @Override
      public void pulled(String upstream, long bytes) {
        pulled.increment((double) bytes);
        sources.of(upstream).fetched().increment((double) bytes);
      }
    };
  }

  /** For whoever answers clients; may be told on event loops. */
  public Consumer<Answer> answers() {
    return new AnswerCounts(meters);
  }

  /** For whoever finds and heals what is damaged. */
  public Damage.Events damage() {
    Counter found = counter("weir_damaged_blobs", "blobs that were found damaged and set aside");
    Counter healed = counter("weir_healed_blobs", "of these, that are here again");
    return new Damage.Events() {
      @Override
      public void found(Digest digest) {
        found.increment();
      }

      @Override
      public void healed(Digest digest) {
        healed.increment();
      }
    };
  }

  /** @param number of blobs that were damaged and are missing since; may ask a disk */
  public void lostBlobs(Count number) {
    gauge("weir_lost_blobs", "blobs that were damaged and could not be fetched again", number);
  }

  /** @param blobs told of every byte that a download fetched */
  public DownloadEvents downloads(CacheEvents blobs) {
    AtomicInteger running = new AtomicInteger();
    gauge("weir_downloads_running", running::get, "fetches of blobs that run now");
    Counter failed = counter("weir_downloads_failed", "downloads that ended without the blob");
    Counter passedThrough = counter("weir_passed_through_blobs",
        "blobs, or ends of blobs, that one client got without their being kept, for want of room");
    Counter passedOn = counter("weir_storage_passed_blobs", "held blobs that one client got straight out of a bucket");
    Counter readBack = counter("weir_storage_read_bytes", "bytes of held blobs that were read out of a bucket");
    Counter mismatches = counter("weir_digest_mismatches", "downloads whose bytes were not what the digest says");
    return new DownloadEvents() {
      @Override
      public void started(Digest digest) {
        running.incrementAndGet();
      }

      @Override
      public void resumed(String source, long bytes) {
        sources.ofOthers(source, counts -> counts.resumed().increment((double) bytes));
      }

      @Override
      public void fetched(String source, long bytes) {
        if (source.equals(Source.STORE)) {
          readBack.increment((double) bytes);
        } else {
          blobs.pulled(source, bytes);
        }
      }

      @Override
      public void refetched(String source, long bytes) {
        sources.ofOthers(source, counts -> counts.refetched().increment((double) bytes));
      }

      @Override
      public void passedThrough(Digest digest) {
        passedThrough.increment();
      }

      @Override
      public void passedOn(Digest digest) {
        passedOn.increment();
      }

      @Override
      public void completed(Digest digest) {
        running.decrementAndGet();
      }

      @Override
      public void failed(Digest digest, IOException cause) {
        running.decrementAndGet();
        failed.increment();
        mismatches.increment(cause instanceof DigestMismatch ? 1 : 0);
        LOG.warn("{}", cause.getMessage());
      }
    };
  }

  /**
   * A host that weir fills itself from.
   *
   * @param name the upstream's as configured, or a mirror's address
   */
  public void upstream(String name, BooleanSupplier isDown) {
    Gauge.builder("weir_upstream_down", () -> isDown.getAsBoolean() ? 1 : 0).tag("upstream", name)
        .description("1 while what is held is served without asking this host, because it failed").register(meters);
    sources.of(name);
  }

  /** A number that is looked up whenever it is asked for. */
  @FunctionalInterface
  public interface Count {
    int now() throws IOException;
  }

  /** @param images that were acknowledged and still lack content which only upstream holds */
  public void incompleteImages(Count images) {
    gauge("weir_incomplete_images", "pushed images that still lack content which only upstream holds", images);
  }

  /** @param blobs that no manifest in the bucket names, and that go unless a client comes to count on them */
  public void condemnedBlobs(Count blobs) {
    gauge("weir_condemned_blobs", "blobs that go from the bucket unless a client comes to count on them", blobs);
  }

  private void gauge(String name, String description, Count count) {
    Gauge.builder(name, () -> {
      try {
        return count.now();
      } catch (IOException e) {
        LOG.warn("cannot count for {}: {}", name, e.getMessage());
        return Double.NaN;
      }
    }).description(description).register(meters);
  }

  /** What room on the disk comes to. */
  public SpaceEvents space() {
    Counter images = counter("weir_evicted_images", "cached images that went to make room");
    Counter bytes = counter("weir_evicted_bytes", "bytes of blobs that went with them");
    Counter refused = counter("weir_refused_pushes", "pieces of pushes that found no room (507)");
    return new SpaceEvents() {
      @Override
      public void evicted(long freed) {
        images.increment();
        bytes.increment((double) freed);
      }

      @Override
      public void refused() {
        refused.increment();
      }
    };
  }

  /**
   * What clients got since the start.
   *
   * @param hits answered from what is held
   * @param misses for which upstream was asked
   * @param pulled bytes from upstream
   * @param sent bytes to clients
   */
  public record Traffic(long hits, long misses, long pulled, long sent) {}

  /** As the counters stand. */
  public Traffic traffic() {
    return new Traffic(counted("hits"), counted("misses"), counted("pulled_bytes"), counted("pushed_bytes"));
  }

  private long counted(String what) {
    return (long) meters.find("registry_proxy_" + what).counters().stream().mapToDouble(Counter::count).sum();
  }

  /** The disk. */
  public void room(Room room, Holdings holdings) {
    gauge("weir_disk_used_bytes", room::used, "every byte under the root of the data, and those that are promised");
    gauge("weir_disk_bound_bytes", room::bound, "never to be passed (cache.maxsize)");
    gauge("weir_disk_free_bytes", room::free, "what may still be stored: of the bound, or of the disk");
    gauge("weir_held_known", () -> holdings.isWhole() ? 1 : 0, "1 once all that was held at the start is known");
    gauge("weir_held_blobs", () -> holdings.totals().blobs(), "blobs that are held");
    gauge("weir_held_images", () -> holdings.totals().images(), "manifests that are held");
  }

  /**
   * A bucket that is to hold no more than so many bytes.
   *
   * @param bound in bytes
   * @param held in bytes, as the weir that collects there found when it looked; NaN: it is another
   */
  public void bucket(long bound, DoubleSupplier held) {
    gauge("weir_disk_bound_bytes", () -> bound, "never to be passed for long (cache.maxsize)");
    Gauge.builder("weir_disk_used_bytes", held::getAsDouble)
        .description("what manifests in the bucket name, as the weir that collects there found").register(meters);
  }

  private void gauge(String name, LongSupplier value, String description) {
    Gauge.builder(name, value::getAsLong).description(description).register(meters);
  }

  private Counter proxyCounter(String what, String type, String description) {
    return Counter.builder("registry_proxy_" + what).tag("type", type).description(description).register(meters);
  }

  private Counter counter(String name, String description) {
    return Counter.builder(name).description(description).register(meters);
  }
}
