package dev.weir.server.metrics;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

/**
 * What clients got, by the upstream whose content it is; {@code upstream=""} is content that has none. Thread-safe.
 */
final class PerUpstream {
  /** Of one upstream and one type of content. */
  record Counts(Counter hits, Counter misses, Counter stale, AtomicInteger waiting) {}

  private final MeterRegistry meters;
  private final String type;
  private final ConcurrentMap<String, Counts> all = new ConcurrentHashMap<>();

  PerUpstream(MeterRegistry meters, String type) {
    this.meters = meters;
    this.type = type;
  }

  Counts of(String upstream) {
    Counts known = all.get(upstream);
    return known == null ? all.computeIfAbsent(upstream, this::register) : known;
  }

  private Counts register(String upstream) {
    AtomicInteger waiting = new AtomicInteger();
    Gauge.builder("weir_upstream_waiters", waiting, AtomicInteger::get).tag("upstream", upstream).tag("type", type)
        .description("requests that wait for upstream now").register(meters);
    return new Counts(counter("weir_upstream_hits", upstream, "answered from what is held, nobody asked"),
        counter("weir_upstream_misses", upstream, "for which upstream had to be asked"),
        counter("weir_stale_answers", upstream, "answered as held because upstream could not confirm it"), waiting);
  }

  private Counter counter(String name, String upstream, String description) {
    return Counter.builder(name).tag("upstream", upstream).tag("type", type).description(description)
        .register(meters);
  }
}
