package dev.weir.server.wiring;

import java.io.IOException;
import java.util.Optional;
import java.util.stream.Stream;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.weir.server.config.HealthConfig;
import dev.weir.server.http.ReadinessCheck;
import dev.weir.storage.ObjectKey;
import dev.weir.storage.ObjectStore;

/** Asks a bucket now and then whether it answers, so that nobody has to wait for it to know. Thread-safe. */
final class BucketWatch implements ReadinessCheck {
  private static final Logger LOG = LoggerFactory.getLogger(BucketWatch.class);
  private static final ObjectKey ANYTHING = new ObjectKey("weir");

  private final ObjectStore bucket;
  private final int threshold;
  @GuardedBy("this") private Optional<String> trouble = Optional.of("the bucket has not been asked yet");
  /** In a row. */
  @GuardedBy("this") private int failures;

  BucketWatch(ObjectStore bucket, HealthConfig health) {
    this.bucket = bucket;
    this.threshold = Math.max(1, health.threshold());
  }

  /** Asks; waits for the answer. */
  void look() {
    try (Stream<ObjectStore.Child> children = bucket.children(ANYTHING, "")) {
      var _ = children.findFirst();
      answered();
    } catch (IOException e) {
      failed(String.valueOf(e.getMessage()));
    }
  }

  private synchronized void answered() {
    if (failures >= threshold) {
      LOG.info("the bucket answers again");
    }
    failures = 0;
    trouble = Optional.empty();
  }

  private synchronized void failed(String sentence) {
    failures++;
    if (failures >= threshold || trouble.isPresent()) {
      trouble = Optional.of(sentence);
    }
    LOG.warn("{} ({} times in a row)", sentence, failures);
  }

  @Override
  public synchronized Optional<String> trouble() {
    return trouble;
  }
}
