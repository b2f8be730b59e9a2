package dev.weir.server.wiring;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TimeZone;
import java.util.function.Supplier;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.encoder.EncoderBase;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.weir.server.config.LogConfig;
import dev.weir.server.http.AccessLog;
import dev.weir.server.oci.Asker;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * How a line of the log looks, in registry:2's three forms. A line that a request's thread writes, or a thread that
 * fetches for it, names the request; the lines of event loops, which others write for them, name it in their own words.
 */
final class Lines extends EncoderBase<ILoggingEvent> {
  private static final byte[] NOTHING = {};
  private static final String REQUEST = "http.request.id";

  private final LogConfig config;
  private final Supplier<TimeZone> zone;

  /** Made when the first line is written that needs it: few configurations do. */
  private static final class Time {
    static final DateTimeFormatter TEXT = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSXXX", Locale.ROOT);
  }

  /** The same: it takes longer to make than all else that logging does at the start. */
  private static final class Json {
    static final ObjectMapper MAPPER = new ObjectMapper();
  }

  /** @param zone in which text gives the time; asked for when there is a line to write */
  Lines(LogConfig config, Supplier<TimeZone> zone) {
    this.config = config;
    this.zone = zone;
  }

  @Override
  public byte[] headerBytes() {
    return NOTHING;
  }

  @Override
  public byte[] footerBytes() {
    return NOTHING;
  }

  @Override
  public byte[] encode(ILoggingEvent event) {
    String line = switch (config.format()) {
      case TEXT -> text(event);
      case JSON -> json(event, "time", "msg");
      case LOGSTASH -> json(event, "@timestamp", "message");
    };
    return (line + "\n").getBytes(UTF_8);
  }

  private String text(ILoggingEvent event) {
    StringBuilder line = new StringBuilder(200).append(time(event)).append(' ')
        .append("%-5s ".formatted(event.getLevel())).append(simpleName(event)).append(' ');
    config.fields().forEach((name, value) -> line.append(name).append('=').append(value).append(' '));
    line.append(event.getFormattedMessage());
    String request = Asker.current().requestId();
    if (!request.isEmpty() && line.indexOf(request) < 0) {
      line.append(" (request ").append(request).append(')');
    }
    IThrowableProxy thrown = event.getThrowableProxy();
    return thrown == null ? line.toString() : line.append('\n').append(stack(thrown)).toString();
  }

  private String json(ILoggingEvent event, String timeKey, String messageKey) {
    Map<String, Object> line = new LinkedHashMap<>(config.fields());
    String request = Asker.current().requestId();
    if (!request.isEmpty()) {
      line.put(REQUEST, request);
    }
    Object[] told = event.getArgumentArray();
    boolean isAccess = event.getLoggerName().equals(AccessLog.NAME) && told != null
        && told.length == AccessLog.FIELDS.size();
    if (isAccess) {
      access(line, AccessLog.FIELDS, told);
    }
    if (config.format() == LogConfig.Format.LOGSTASH) {
      line.put("@version", "1");
    }
    line.put("level", event.getLevel().toString().toLowerCase(Locale.ROOT));
    line.put("logger", simpleName(event));
    line.put(messageKey, isAccess ? "response completed" : event.getFormattedMessage());
    line.put(timeKey, instant(event).truncatedTo(ChronoUnit.MILLIS).toString());
    if (event.getThrowableProxy() != null) {
      line.put("stack", stack(event.getThrowableProxy()));
    }
    try {
      return Json.MAPPER.writeValueAsString(line);
    } catch (JsonProcessingException e) {
      return "{\"level\":\"error\",\"" + messageKey + "\":\"a line that cannot be written as JSON\"}";
    }
  }

  private static void access(Map<String, Object> line, List<String> names, Object... values) {
    for (int i = 0; i < values.length; i++) {
      line.put(names.get(i), values[i]);
    }
  }

  private static Instant instant(ILoggingEvent event) {
    return Instant.ofEpochMilli(event.getTimeStamp());
  }

  /** By the offset: the JDK looks through the whole class path before it gives out a ZoneId. */
  private String time(ILoggingEvent event) {
    int seconds = zone.get().getOffset(event.getTimeStamp()) / 1000;
    int known = Math.clamp(seconds, ZoneOffset.MIN.getTotalSeconds(), ZoneOffset.MAX.getTotalSeconds());
    return Time.TEXT.format(instant(event).atOffset(ZoneOffset.ofTotalSeconds(known)));
  }

  private static String simpleName(ILoggingEvent event) {
    return event.getLoggerName().substring(event.getLoggerName().lastIndexOf('.') + 1);
  }

  private static String stack(IThrowableProxy thrown) {
    return ThrowableProxyUtil.asString(thrown);
  }
}
