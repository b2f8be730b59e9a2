package dev.weir.server.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import dev.weir.server.config.ConfigException;
import dev.weir.server.config.ConfigLoader;
import dev.weir.server.config.ListenAddress;
import dev.weir.server.config.Loaded;
import dev.weir.server.wiring.Logging;
import dev.weir.server.wiring.Weir;

/** {@code weir serve}: runs the server in the foreground until it is told to stop. */
@Command(name = "serve", mixinStandardHelpOptions = true, description = "Runs the registry in the foreground.")
final class ServeCommand implements Callable<Integer> {
  private static final Logger LOG = LoggerFactory.getLogger(ServeCommand.class);

  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  private CommandSpec spec;

  @Parameters(index = "0", arity = "0..1", paramLabel = "CONFIG", description = "registry:2's config.yml with weir's own sections; default: what REGISTRY_CONFIGURATION_PATH names, else conf/weir.yml") private @Nullable Path config;

  @Option(names = "--check", description = "Prints the configuration that holds in the end, secrets hidden, and starts nothing.") private boolean check;

  @Override
  public Integer call() throws IOException, InterruptedException, ConfigException {
    Optional<Path> named = Optional.ofNullable(config);
    return check ? check(named) : serve(named);
  }

  private int check(Optional<Path> named) throws IOException, ConfigException {
    Loaded loaded = ConfigLoader.load(ConfigFile.chosen(named, System.getenv()), System.getenv());
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    loaded.warnings().forEach(warning -> err.println("warning: " + warning));
    Weir.check(loaded.config()).forEach(warning -> err.println("warning: " + warning));
    out.print(loaded.effective());
    out.flush();
    return 0;
  }

  /**
   * Serves until the process is told to stop.
   *
   * @param named the configuration, on the command line
   * @throws ConfigException if it holds nothing that weir can serve by
   */
  static int serve(Optional<Path> named) throws IOException, InterruptedException, ConfigException {
    Thread.ofPlatform().daemon().name("loggers").start(ServeCommand::findLoggers);
    Path file = ConfigFile.chosen(named, System.getenv());
    Loaded loaded = ConfigLoader.load(file, System.getenv());
    Logging.configure(loaded.config().log());
    loaded.warnings().forEach(LOG::warn);
    Weir weir = Weir.start(loaded, System.getenv(), file);
    ListenAddress bound = new ListenAddress(loaded.config().http().address().host(), weir.port());
    LOG.info("weir {} serves {}, configured by {}, listening on {} ({})", Version.text(), weir.storage(), file, bound,
        weir.protocol());
    stopOnSignal(weir);
    new CountDownLatch(1).await();
    return 0;
  }

  /** The first cache asks for one, and the JDK opens every jar to find who makes them: beside the rest of the start. */
  private static void findLoggers() {
    System.getLogger(ServeCommand.class.getName());
  }

  private static void stopOnSignal(Weir weir) {
    Runtime.getRuntime().addShutdownHook(new Thread(() -> {
      LOG.info("stopping");
      weir.close();
      LOG.info("stopped");
      Logging.flush();
    }, "stop"));
  }
}
