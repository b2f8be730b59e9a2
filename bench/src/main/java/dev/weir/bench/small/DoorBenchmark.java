package dev.weir.bench.small;

import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

import dev.weir.auth.AccessRule;
import dev.weir.auth.AccessRules;
import dev.weir.auth.Action;
import dev.weir.auth.RepositoryPattern;
import dev.weir.auth.Who;

/** Whether somebody may, under a dozen rules of which the last says so. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class DoorBenchmark {
  private static final int RULES = 12;

  private final Who who = new Who.User("user11");
  private final AccessRules rules = new AccessRules(
      IntStream.range(0, RULES).mapToObj(DoorBenchmark::rule).toList(), true);

  private static AccessRule rule(int number) {
    return new AccessRule(Set.of("user" + number), List.of(RepositoryPattern.parse("sandbox-" + number + "/**")),
        Set.of(Action.PULL, Action.PUSH));
  }

  @Benchmark
  public boolean allowed() {
    return rules.allow(who, Action.PULL, "sandbox-11/team/app");
  }
}
