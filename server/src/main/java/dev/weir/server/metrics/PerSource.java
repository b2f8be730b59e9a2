package dev.weir.server.metrics;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Consumer;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

import dev.weir.server.cache.Source;

/** What came from where: from each upstream and each mirror, by its own name. Thread-safe. */
final class PerSource {
  /** In bytes. */
  record Counts(Counter fetched, Counter resumed, Counter refetched) {}

  private final MeterRegistry meters;
  private final ConcurrentMap<String, Counts> all = new ConcurrentHashMap<>();

  PerSource(MeterRegistry meters) {
    this.meters = meters;
  }

  Counts of(String source) {
    Counts known = all.get(source);
    return known == null ? all.computeIfAbsent(source, this::register) : known;
  }

  /** Nothing for our own store. */
  void ofOthers(String source, Consumer<Counts> action) {
    if (!source.equals(Source.STORE)) {
      action.accept(of(source));
    }
  }

  private Counts register(String source) {
    return new Counts(counter("weir_upstream_bytes", source, "bytes that came from this host"),
        counter("weir_resumed_bytes", source, "bytes of earlier downloads that were not fetched again"),
        counter("weir_refetched_bytes", source, "bytes that came though they had come before, or were thrown away"));
  }

  private Counter counter(String name, String source, String description) {
    return Counter.builder(name).tag("upstream", source).description(description).register(meters);
  }
}
