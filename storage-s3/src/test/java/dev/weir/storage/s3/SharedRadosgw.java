package dev.weir.storage.s3;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * One radosgw for all tests that ask for it as a parameter. Where it is not installed they are skipped, and say why; with
 * {@code WEIR_REQUIRE_REAL_CLIENTS=1} in the environment they fail instead.
 */
public final class SharedRadosgw implements ExecutionCondition, ParameterResolver {
  private static final ExtensionContext.Namespace HERE = ExtensionContext.Namespace.create(SharedRadosgw.class);

  /** Closed by JUnit at the end of all tests. */
  private record Running(Path directory, Radosgw server) implements AutoCloseable {
    @Override
    public void close() throws IOException {
      server.close();
      Files.delete(directory);
    }
  }

  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    List<String> missing = Radosgw.missing();
    if (missing.isEmpty()) {
      return ConditionEvaluationResult.enabled("radosgw is installed");
    }
    String reason = "not on PATH: " + String.join(", ", missing);
    if ("1".equals(System.getenv("WEIR_REQUIRE_REAL_CLIENTS"))) {
      throw new IllegalStateException(reason + " (and WEIR_REQUIRE_REAL_CLIENTS=1 forbids to skip)");
    }
    return ConditionEvaluationResult.disabled(reason);
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == Radosgw.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return context.getRoot().getStore(HERE).computeIfAbsent("server", name -> start(), Running.class)
        .server();
  }

  private static Running start() {
    try {
      Path home = Files.createTempDirectory("rgw");
      return new Running(home, Radosgw.start(home.resolve("d")));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
