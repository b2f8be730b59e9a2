package dev.weir.server.config;

import java.util.Locale;
import java.util.Map;

/**
 * What is written to standard output.
 *
 * @param fields    added to every line
 * @param accessLog whether each request has a line
 */
public record LogConfig(Level level, Format format, Map<String, String> fields, boolean accessLog) {
  public LogConfig {
    fields = Ordered.copyOf(fields);
  }

  /** The least severe line that is written. */
  public enum Level {
    ERROR, WARN, INFO, DEBUG;

    /** @throws IllegalArgumentException if {@code text} is none of logrus's levels */
    static Level parse(String text) {
      return switch (text.toLowerCase(Locale.ROOT)) {
        case "panic", "fatal", "error" -> ERROR;
        case "warn", "warning" -> WARN;
        case "info" -> INFO;
        case "debug", "trace" -> DEBUG;
        default -> throw new IllegalArgumentException("no such level");
      };
    }
  }

  /** How a line looks. */
  public enum Format {
    TEXT, JSON, LOGSTASH;

    static Format parse(String text) {
      return valueOf(text.toUpperCase(Locale.ROOT));
    }
  }
}
