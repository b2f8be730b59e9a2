package dev.weir.server.http;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

import static org.assertj.core.api.Assertions.assertThat;

class AccessLogTest {
  private final Logger logger = (Logger) LoggerFactory.getLogger("weir.access");
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();

  @BeforeEach
  void listen() {
    lines.start();
    logger.setLevel(Level.INFO);
    logger.addAppender(lines);
  }

  @AfterEach
  void stopListening() {
    logger.detachAppender(lines);
    logger.setLevel(null);
  }

  private List<String> logged(String path) {
    new AccessLog().accept(new Answer("GET", path, 200, 1234, Duration.ofMillis(5), "-", "0011", "127.0.0.1"));
    return lines.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
  }

  @Test
  void requestIsOneLine() {
    assertThat(logged("/v2/a/blobs/x")).containsExactly("GET /v2/a/blobs/x 200 1234 5ms - 0011 127.0.0.1");
  }

  @Test
  void probesAreNotLogged() {
    assertThat(logged("/healthz")).isEmpty();
    assertThat(logged("/readyz")).isEmpty();
  }

  @Test
  void whatThePageAsksAgainAndAgainIsALineAMinuteForEachUserAndPart() {
    AtomicLong nanos = new AtomicLong();
    AccessLog log = new AccessLog(nanos::get);
    for (String user : List.of("ann", "bob")) {
      for (int seconds = 0; seconds < 90; seconds += 4) {
        nanos.addAndGet(Duration.ofSeconds(4).toNanos());
        log.accept(look(user, "/ui/data/standing", 200));
      }
    }
    log.accept(look("bob", "/ui/data/hour", 200));
    log.accept(look("bob", "/ui/data/hour", 200));
    assertThat(lines.list).hasSize(5);
    log.accept(look("bob", "/ui/data/hour", 401));
    log.accept(look("bob", "/ui/data/hour", 401));
    log.accept(look("bob", "/v2/ui/data/manifests/1", 200));
    log.accept(look("bob", "/v2/ui/data/manifests/1", 200));
    assertThat(lines.list).as("trouble, and clients, are told each time").hasSize(9);
  }

  private static Answer look(String user, String path, int status) {
    return new Answer("GET", path, status, 1, Duration.ofMillis(5), user, "0011", "127.0.0.1");
  }

  @Test
  void nothingThatATerminalActsOnIsLogged() {
    assertThat(logged("/a\u001b[2J b\n")).containsExactly("GET /a?[2J?b? 200 1234 5ms - 0011 127.0.0.1");
  }
}
