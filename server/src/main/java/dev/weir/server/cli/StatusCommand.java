package dev.weir.server.cli;

import java.io.IOException;
import java.util.concurrent.Callable;

import com.fasterxml.jackson.databind.JsonNode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import dev.weir.server.admin.Json;
import dev.weir.server.admin.StatusReport;
import dev.weir.server.config.ConfigException;

/** {@code weir status}: what is held, what runs, what fails. */
@Command(name = "status", mixinStandardHelpOptions = true, description = {
    "Says what a running weir holds, by upstream and repository, pushed and cached, what runs, and what fails.",
    "Exit status 0 if nothing fails."})
final class StatusCommand implements Callable<Integer> {
  private static final int FAILURE = 1;

  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  private CommandSpec spec;

  @Mixin
  @SuppressWarnings("NullAway.Init") // set by picocli
  private Running running;

  @Option(names = "--output", paramLabel = "FORMAT", defaultValue = "text", description = "${COMPLETION-CANDIDATES}; default: ${DEFAULT-VALUE}") private Output output = Output.text;

  @Override
  public Integer call() throws IOException, ConfigException {
    JsonNode answer = running.require().get("/weir/v1/status");
    StatusReport report = Json.value(answer, StatusReport.class);
    output.print(spec, () -> StatusText.of(report), () -> Json.text(answer));
    return report.failing().isEmpty() ? 0 : FAILURE;
  }
}
