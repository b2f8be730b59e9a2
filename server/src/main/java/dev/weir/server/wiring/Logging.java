package dev.weir.server.wiring;

import java.util.List;
import java.util.Map;
import java.util.TimeZone;
import java.util.concurrent.Callable;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.weir.server.config.LogConfig;
import dev.weir.server.http.AccessLog;

/** Lines on standard output, as configured. Before {@link #configure} they come as {@link LoggingProvider} says. */
public final class Logging {
  private static final String ACCESS = AccessLog.NAME;
  private static final LogConfig FIRST = new LogConfig(LogConfig.Level.WARN, LogConfig.Format.TEXT, Map.of(), true);
  /** What event loops write to, which must not wait for whoever reads the output. */
  private static final List<String> OF_EVENT_LOOPS = List.of(ACCESS, "dev.weir.server.http");

  private Logging() {}

  /** Puts {@code config} in force for the whole process. */
  public static void configure(LogConfig config) {
    LoggerContext context = context();
    context.reset();
    ConsoleAppender<ILoggingEvent> console = writeTo(context, config);
    context.getLogger("dev.weir").setLevel(Level.valueOf(config.level().name()));
    context.getLogger("weir").setLevel(Level.valueOf(config.level().name()));
    AsyncAppender queue = withoutWaiting(console, context);
    for (String name : OF_EVENT_LOOPS) {
      ch.qos.logback.classic.Logger logger = context.getLogger(name);
      logger.setAdditive(false);
      logger.addAppender(queue);
    }
    if (!config.accessLog()) {
      context.getLogger(ACCESS).setLevel(Level.OFF);
    }
  }

  /** As plain text, and from WARN on. */
  static void begin(LoggerContext context) {
    writeTo(context, FIRST);
  }

  private static ConsoleAppender<ILoggingEvent> writeTo(LoggerContext context, LogConfig config) {
    ConsoleAppender<ILoggingEvent> console = new ConsoleAppender<>();
    console.setContext(context);
    Lines encoder = new Lines(config, TimeZone::getDefault);
    encoder.setContext(context);
    encoder.start();
    console.setEncoder(encoder);
    console.start();
    context.getLogger(Logger.ROOT_LOGGER_NAME).addAppender(console);
    context.getLogger(Logger.ROOT_LOGGER_NAME).setLevel(Level.WARN);
    return console;
  }

  /** If nobody reads the output, lines are lost. */
  private static AsyncAppender withoutWaiting(ConsoleAppender<ILoggingEvent> console, LoggerContext context) {
    AsyncAppender queue = new AsyncAppender();
    queue.setContext(context);
    queue.setQueueSize(8192);
    queue.setDiscardingThreshold(0);
    queue.setNeverBlock(true);
    queue.addAppender(console);
    queue.start();
    return queue;
  }

  /** Writes nothing as long as {@code command} runs, whose output is the reader's alone. */
  public static <T> T silently(Callable<T> command) throws Exception {
    ch.qos.logback.classic.Logger root = context().getLogger(Logger.ROOT_LOGGER_NAME);
    Level before = root.getLevel();
    root.setLevel(Level.OFF);
    try {
      return command.call();
    } finally {
      root.setLevel(before);
    }
  }

  /** Waits until what was logged is written. */
  public static void flush() {
    context().stop();
  }

  private static LoggerContext context() {
    return (LoggerContext) LoggerFactory.getILoggerFactory();
  }
}
