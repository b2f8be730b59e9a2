package dev.weir.server.realclient;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;

/** Decides whether the tests of {@link NeedsPrograms} run, are skipped, or fail for want of a program. */
final class ProgramsPresent implements ExecutionCondition {
  /** Set to 1 where every program must be there, so that a missing one cannot hide tests. */
  static final String REQUIRE = "WEIR_REQUIRE_REAL_CLIENTS";

  private final Map<String, String> environment;

  ProgramsPresent() {
    this(System.getenv());
  }

  ProgramsPresent(Map<String, String> environment) {
    this.environment = environment;
  }

  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    return AnnotationSupport.findAnnotation(context.getElement(), NeedsPrograms.class)
        .map(needs -> evaluate(List.of(needs.value())))
        .orElseGet(() -> ConditionEvaluationResult.enabled("needs no programs"));
  }

  /** @throws IllegalStateException if a program is absent and none may be */
  ConditionEvaluationResult evaluate(List<String> programs) {
    List<String> absent = programs.stream().filter(program -> !isOnPath(program)).toList();
    if (absent.isEmpty()) {
      return ConditionEvaluationResult.enabled("found " + programs);
    }
    String reason = "not on PATH: " + String.join(", ", absent);
    if ("1".equals(environment.get(REQUIRE))) {
      throw new IllegalStateException(reason + " (and " + REQUIRE + "=1 forbids to skip)");
    }
    return ConditionEvaluationResult.disabled(reason);
  }

  private boolean isOnPath(String program) {
    return Stream.of(environment.getOrDefault("PATH", "").split(File.pathSeparator))
        .filter(directory -> !directory.isEmpty())
        .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
  }
}
