package dev.weir.server.wiring;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import org.slf4j.ILoggerFactory;
import org.slf4j.IMarkerFactory;
import org.slf4j.helpers.BasicMarkerFactory;
import org.slf4j.spi.MDCAdapter;
import org.slf4j.spi.SLF4JServiceProvider;

/**
 * How weir logs until the configuration is read. Logback's own provider would look through the whole class path for a
 * configuration, and slf4j for a provider: opening every library takes longer than all else that logging does at the start.
 */
public final class LoggingProvider implements SLF4JServiceProvider {
  private final LoggerContext context = new LoggerContext();
  private final LogbackMDCAdapter fields = new LogbackMDCAdapter();
  private final IMarkerFactory markers = new BasicMarkerFactory();

  /** Has slf4j take this one; to be called before the first logger is made. */
  public static void prepare() {
    System.setProperty("slf4j.provider", LoggingProvider.class.getName());
    System.setProperty("slf4j.internal.verbosity", "WARN"); // it would say that it does
  }

  @Override
  public void initialize() {
    context.setName("default");
    context.setMDCAdapter(fields);
    Logging.begin(context);
    context.start();
  }

  @Override
  public ILoggerFactory getLoggerFactory() {
    return context;
  }

  @Override
  public IMarkerFactory getMarkerFactory() {
    return markers;
  }

  @Override
  public MDCAdapter getMDCAdapter() {
    return fields;
  }

  @Override
  public String getRequestedApiVersion() {
    return "2.0.99"; // any 2.0
  }
}
