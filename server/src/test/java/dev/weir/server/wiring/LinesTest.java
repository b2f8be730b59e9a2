package dev.weir.server.wiring;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TimeZone;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;

import dev.weir.server.config.LogConfig;
import dev.weir.server.http.AccessLog;
import dev.weir.server.http.Answer;
import dev.weir.server.oci.Asker;
import dev.weir.server.oci.Via;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

class LinesTest {
  private final List<String> written = new ArrayList<>();
  private final LoggerContext context = new LoggerContext();
  private final Logger access = (Logger) LoggerFactory.getLogger(AccessLog.NAME);
  private final AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {
    @Override
    protected void append(ILoggingEvent event) {
      written.add(new String(lines.encode(event), UTF_8));
    }
  };
  private Lines lines = as(LogConfig.Format.TEXT);

  private static Lines as(LogConfig.Format format) {
    return as(format, "UTC");
  }

  private static Lines as(LogConfig.Format format, String zone) {
    return new Lines(new LogConfig(LogConfig.Level.INFO, format, Map.of("site", "edge-17"), true),
        () -> TimeZone.getTimeZone(zone));
  }

  private Logger logger(LogConfig.Format format) {
    return logger(as(format));
  }

  private Logger logger(Lines wanted) {
    lines = wanted;
    Logger logger = context.getLogger("dev.weir.server.cache.Download");
    logger.detachAndStopAllAppenders();
    appender.start();
    logger.addAppender(appender);
    return logger;
  }

  @AfterEach
  void detach() {
    access.detachAppender(appender);
    access.setLevel(null);
  }

  private JsonNode json() throws IOException {
    return new ObjectMapper().readTree(written.getLast());
  }

  @Test
  void textIsOneLineWithTheFieldsThatAreAddedToAll() {
    logger(LogConfig.Format.TEXT).warn("quay.io is in trouble: {}", "502");

    assertThat(written).singleElement().asString()
        .matches("\\d{4}-\\d\\d-\\d\\dT[\\d:.]{12}Z WARN  Download site=edge-17 quay\\.io is in trouble: 502\n");
  }

  /** Java writes no offset beyond 18 hours, and a line that cannot be written would be lost. */
  @ParameterizedTest
  @CsvSource({"GMT+05:30, +05:30", "GMT+23, +18:00", "GMT-23, -18:00"})
  void textGivesTheTimeWithItsOffset(String zone, String offset) {
    logger(as(LogConfig.Format.TEXT, zone)).warn("any");

    assertThat(written).singleElement().asString()
        .matches("\\d{4}-\\d\\d-\\d\\dT[\\d:.]{12}\\Q" + offset + "\\E WARN .*any\n");
  }

  @Test
  void jsonHasRegistry2sKeysAndKeepsMarkupInItsPlace() throws IOException {
    logger(LogConfig.Format.JSON).warn("a \"b\"\n{}", "c");

    assertThat(written.getLast()).endsWith("}\n").hasLineCount(1);
    assertThat(json().path("msg").asText()).isEqualTo("a \"b\"\nc");
    assertThat(json().path("level").asText()).isEqualTo("warn");
    assertThat(json().path("site").asText()).isEqualTo("edge-17");
    assertThat(json().path("logger").asText()).isEqualTo("Download");
    assertThat(json().path("time").asText()).matches("\\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z");
  }

  @Test
  void logstashHasItsOwnKeys() throws IOException {
    logger(LogConfig.Format.LOGSTASH).info("up");

    assertThat(json().path("message").asText()).isEqualTo("up");
    assertThat(json().path("@version").asText()).isEqualTo("1");
    assertThat(json().has("@timestamp")).isTrue();
  }

  @Test
  void whatIsDoneForARequestNamesIt() throws IOException {
    Asker asker = new Asker(Via.NOBODY, false, remark -> {}, "0011aabb");
    Logger text = logger(LogConfig.Format.TEXT);
    asker.ask(() -> text.info("fetched"));
    asker.ask(() -> text.info("request 0011aabb: cut"));
    text.info("alone");
    assertThat(written).extracting(line -> line.substring(line.indexOf("site=edge-17 ") + 13))
        .containsExactly("fetched (request 0011aabb)\n", "request 0011aabb: cut\n", "alone\n");

    Logger json = logger(LogConfig.Format.JSON);
    asker.ask(() -> json.info("fetched"));
    assertThat(json().path("http.request.id").asText()).isEqualTo("0011aabb");
  }

  @Test
  void anExceptionsWayIsKept() throws IOException {
    logger(LogConfig.Format.JSON).error("failed", new IllegalStateException("no <answer>"));
    assertThat(json().path("stack").asText()).contains("IllegalStateException: no <answer>", "LinesTest");
    logger(LogConfig.Format.TEXT).error("failed", new IllegalStateException("no <answer>"));
    assertThat(written.getLast()).contains("failed\njava.lang.IllegalStateException: no <answer>");
  }

  @Test
  void aRequestIsItsPartsByRegistry2sNames() throws IOException {
    lines = as(LogConfig.Format.JSON);
    appender.start();
    access.addAppender(appender);
    access.setLevel(Level.INFO);
    new AccessLog().accept(new Answer("GET", "/v2/a/blobs/x", 200, 1234, Duration.ofMillis(5), "alice", "0011",
        "10.0.0.1"));

    assertThat(json().path("msg").asText()).isEqualTo("response completed");
    assertThat(json().path("http.request.method").asText()).isEqualTo("GET");
    assertThat(json().path("http.request.uri").asText()).isEqualTo("/v2/a/blobs/x");
    assertThat(json().path("http.response.status").asInt()).isEqualTo(200);
    assertThat(json().path("http.response.written").asLong()).isEqualTo(1234);
    assertThat(json().path("http.response.duration").asText()).isEqualTo("5ms");
    assertThat(json().path("auth.user.name").asText()).isEqualTo("alice");
    assertThat(json().path("http.request.id").asText()).isEqualTo("0011");
    assertThat(json().path("http.request.remoteaddr").asText()).isEqualTo("10.0.0.1");
  }
}
