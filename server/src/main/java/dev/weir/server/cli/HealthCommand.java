package dev.weir.server.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

import dev.weir.server.admin.AdminClient;
import dev.weir.server.admin.SocketClient;
import dev.weir.server.config.ConfigException;
import dev.weir.server.config.ConfigLoader;
import dev.weir.server.config.WeirConfig;

/** {@code weir health}: what {@code /readyz} says, for a container's health check: no port, certificate or credentials matter. */
@Command(name = "health", mixinStandardHelpOptions = true, description = {
    "Asks the weir that runs on this host, by its socket, whether it can serve what it holds.",
    "Exit status 0 if it can."})
final class HealthCommand implements Callable<Integer> {
  private static final int FAILURE = 1;
  private static final int OK = 200;

  @Parameters(index = "0", arity = "0..1", paramLabel = "CONFIG", description = "as for serve") private @Nullable Path config;

  @Override
  public Integer call() throws IOException, ConfigException {
    return ask(Optional.ofNullable(config));
  }

  /**
   * Says how weir is; returns the exit status.
   *
   * @param named the configuration, on the command line
   * @throws IOException if no weir answers
   */
  static int ask(Optional<Path> named) throws IOException, ConfigException {
    WeirConfig loaded = ConfigLoader.load(ConfigFile.chosen(named, System.getenv()), System.getenv()).config();
    Path socket = loaded.socket();
    AdminClient.Answer answer = new SocketClient(socket).ask("GET", "/readyz", "");
    System.out.println(new String(answer.body(), StandardCharsets.UTF_8).strip());
    return answer.status() == OK ? 0 : FAILURE;
  }
}
