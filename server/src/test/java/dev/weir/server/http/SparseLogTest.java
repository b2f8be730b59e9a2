package dev.weir.server.http;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import org.junit.jupiter.api.Test;
import org.slf4j.event.Level;

import static org.assertj.core.api.Assertions.assertThat;

class SparseLogTest {
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
  private final AtomicLong nanos = new AtomicLong(Long.MIN_VALUE);
  private final SparseLog log = new SparseLog(logger(), Level.WARN, nanos::get);

  private Logger logger() {
    Logger logger = new LoggerContext().getLogger("test");
    lines.start();
    logger.addAppender(lines);
    return logger;
  }

  private List<String> said() {
    return lines.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
  }

  @Test
  void oneLineAMinuteSaysHowManyThereWere() {
    log.say("a");
    for (int i = 0; i < 1000; i++) {
      log.say("b");
    }
    nanos.addAndGet(TimeUnit.SECONDS.toNanos(60) - 1);
    log.say("c");
    assertThat(said()).containsExactly("a");
    nanos.addAndGet(1);
    log.say("d");
    assertThat(said()).containsExactly("a", "d (and 1001 more like it since such a line)");
    nanos.addAndGet(TimeUnit.SECONDS.toNanos(60));
    log.say("e");
    assertThat(said()).last().isEqualTo("e");
  }

  @Test
  void whatAClientSentBreaksNoLineAndFillsNoDisk() {
    log.say("x\r\ny {} \u001b[31m" + "z".repeat(10_000));
    assertThat(said()).singleElement().asString().startsWith("x??y {} ?[31mzzz").hasSize(300);
  }
}
