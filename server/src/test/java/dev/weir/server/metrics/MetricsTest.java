package dev.weir.server.metrics;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class MetricsTest {
  private final PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

  @Test
  void incompleteImagesAreCountedAtEachScrape() {
    var images = new AtomicInteger(190);
    new Metrics(meters).incompleteImages(images::get);

    assertThat(meters.scrape()).contains("weir_incomplete_images 190.0");
    images.set(0);
    assertThat(meters.scrape()).contains("weir_incomplete_images 0.0");
  }

  @Test
  void aCountThatCannotBeMadeIsNotZero() {
    new Metrics(meters).incompleteImages(() -> {
      throw new IOException("the disk is gone");
    });

    assertThat(meters.scrape()).contains("weir_incomplete_images NaN");
  }
}
