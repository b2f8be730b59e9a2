package dev.weir.server.wiring;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.core.spi.ContextAwareBase;

/**
 * How weir logs until the configuration is read. Found by logback as a service: a logback.xml would say the same, but
 * reading XML takes longer than all else that logging does at the start.
 */
public final class FirstLogging extends ContextAwareBase implements Configurator {
  @Override
  public ExecutionStatus configure(LoggerContext context) {
    Logging.begin(context);
    return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
  }
}
