package dev.weir.server.metrics;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.weir.server.cache.DigestMismatch;
import dev.weir.server.cache.DownloadEvents;
import dev.weir.server.registry.CacheEvents;
import dev.weir.storage.Digest;

/**
 * All meters, and the log lines that go with them. {@code registry_proxy_*} are registry:2's names, for the dashboards
 * that exist; ours start with {@code weir_}. Thread-safe.
 */
public final class Metrics {
  private static final Logger LOG = LoggerFactory.getLogger(Metrics.class);

  private final MeterRegistry meters;

  public Metrics(MeterRegistry meters) {
    this.meters = meters;
  }

  /** @param type {@code manifest} or {@code blob}, as in registry:2 */
  public CacheEvents cache(String type) {
    Counter requests = proxyCounter("requests", type, "requests for content that may come from upstream");
    Counter hits = proxyCounter("hits", type, "of these, answered from what is held");
    Counter misses = proxyCounter("misses", type, "of these, that upstream had to be asked for");
    Counter pulled = proxyCounter("pulled_bytes", type, "bytes fetched from upstream");
    Counter stale = Counter.builder("weir_stale_answers").tag("type", type)
        .description("answered as held because upstream could not confirm it").register(meters);
    return new CacheEvents() {
      @Override
      public void hit() {
        requests.increment();
        hits.increment();
      }

      @Override
      public void miss() {
        requests.increment();
        misses.increment();
      }

      @Override
      public void stale() {
        stale.increment();
      }

      @Override
      public void pulled(long bytes) {
        pulled.increment((double) bytes);
      }
    };
  }

  /** @param blobs told of every byte that a download fetched */
  public DownloadEvents downloads(CacheEvents blobs) {
    AtomicInteger running = new AtomicInteger();
    Gauge.builder("weir_downloads_running", running, AtomicInteger::get).description("fetches of blobs that run now")
        .register(meters);
    Counter resumed = counter("weir_resumed_bytes", "bytes of earlier downloads that were not fetched again");
    Counter failed = counter("weir_downloads_failed", "downloads that ended without the blob");
    Counter mismatches = counter("weir_digest_mismatches", "downloads whose bytes were not what the digest says");
    return new DownloadEvents() {
      @Override
      public void started(Digest digest) {
        running.incrementAndGet();
      }

      @Override
      public void resumed(long bytes) {
        resumed.increment((double) bytes);
      }

      @Override
      public void fetched(long bytes) {
        blobs.pulled(bytes);
      }

      @Override
      public void completed(Digest digest) {
        running.decrementAndGet();
      }

      @Override
      public void failed(Digest digest, IOException cause) {
        running.decrementAndGet();
        failed.increment();
        if (cause instanceof DigestMismatch) {
          mismatches.increment();
        }
        LOG.warn("{}", cause.getMessage());
      }
    };
  }

  /** A number that is looked up whenever it is asked for. */
  @FunctionalInterface
  public interface Count {
    int now() throws IOException;
  }

  /** @param images that were acknowledged and still lack content which only upstream holds */
  public void incompleteImages(Count images) {
    Gauge.builder("weir_incomplete_images", () -> {
      try {
        return images.now();
      } catch (IOException e) {
        LOG.warn("cannot count the incomplete images: {}", e.getMessage());
        return Double.NaN;
      }
    }).description("pushed images that still lack content which only upstream holds").register(meters);
  }

  private Counter proxyCounter(String what, String type, String description) {
    return Counter.builder("registry_proxy_" + what).tag("type", type).description(description).register(meters);
  }

  private Counter counter(String name, String description) {
    return Counter.builder(name).description(description).register(meters);
  }
}
