package dev.weir.server.metrics;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.weir.server.cache.DigestMismatch;
import dev.weir.server.cache.DownloadEvents;
import dev.weir.server.cache.Source;
import dev.weir.server.registry.CacheEvents;
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

  /** @param blobs told of every byte that a download fetched */
  public DownloadEvents downloads(CacheEvents blobs) {
    AtomicInteger running = new AtomicInteger();
    Gauge.builder("weir_downloads_running", running, AtomicInteger::get).description("fetches of blobs that run now")
        .register(meters);
    Counter failed = counter("weir_downloads_failed", "downloads that ended without the blob");
    Counter readBack = counter("weir_storage_read_bytes", "bytes of held blobs that were read out of a bucket");
    Counter mismatches = counter("weir_digest_mismatches", "downloads whose bytes were not what the digest says");
    return new DownloadEvents() {
      @Override
      public void started(Digest digest) {
        running.incrementAndGet();
      }

      @Override
      public void resumed(String source, long bytes) {
        if (!source.equals(Source.STORE)) {
          sources.of(source).resumed().increment((double) bytes);
        }
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
        if (!source.equals(Source.STORE)) {
          sources.of(source).refetched().increment((double) bytes);
        }
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
