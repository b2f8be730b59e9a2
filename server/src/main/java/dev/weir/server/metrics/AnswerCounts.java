package dev.weir.server.metrics;

import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

import dev.weir.server.http.Answer;

/** What clients were answered. Thread-safe, and waits for nothing: it is told on event loops too. */
final class AnswerCounts implements Consumer<Answer> {
  private static final int CLASSES = 6;

  /** By the first digit; 0: the client was gone before. */
  private final List<Counter> byClass;
  private final Counter manifestBytes;
  private final Counter blobBytes;

  AnswerCounts(MeterRegistry meters) {
    byClass = IntStream.range(0, CLASSES).mapToObj(digit -> Counter.builder("weir_http_answers")
        .tag("status", digit == 0 ? "none" : digit + "xx")
        .description("requests by what they were answered; none: the client had gone").register(meters)).toList();
    manifestBytes = sent(meters, "manifest");
    blobBytes = sent(meters, "blob");
  }

  private static Counter sent(MeterRegistry meters, String type) {
    return Counter.builder("registry_proxy_pushed_bytes").tag("type", type).description("bytes sent to clients")
        .register(meters);
  }

  @Override
  public void accept(Answer answer) {
    byClass.get(Math.clamp(answer.status() / 100, 0, CLASSES - 1)).increment();
    if (answer.method().equals("GET") && answer.status() / 100 == 2) {
      if (answer.path().contains("/blobs/")) {
        blobBytes.increment((double) answer.bytes());
      } else if (answer.path().contains("/manifests/")) {
        manifestBytes.increment((double) answer.bytes());
      }
    }
  }
}
