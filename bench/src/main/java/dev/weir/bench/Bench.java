package dev.weir.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The bench: weir beside docker-registry and nginx, by turns. Quote the ratios. */
@Command(name = "bench/run", mixinStandardHelpOptions = true, description = "Measures weir beside Debian's docker-registry and nginx on this machine, by turns, and holds the ratios to their targets.")
final class Bench implements Callable<Integer> {
  @Parameters(paramLabel = "CASE", description = "what to measure; everything when none is named") private List<String> names = List
      .of();
  @Option(names = "--rounds", description = "counted rounds (5; reduced: 1); two more warm up (reduced: one)") private int rounds;
  @Option(names = "--seconds", description = "of a round that a time bounds (5; reduced: 1)") private double seconds;
  @Option(names = "--reduced", description = "short rounds, fewer clients, smaller blobs") private boolean reduced;
  @Option(names = "--save", description = "write the tables and a picture into bench/results") private boolean save;
  @Option(names = "--list", description = "name the cases and end") private boolean list;

  public static void main(String[] arguments) {
    System.exit(new CommandLine(new Bench()).execute(arguments));
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    List<Case> cases = Cases.named(names);
    if (list) {
      cases.forEach(each -> System.out.println(each.name() + ": " + each.title()));
      return 0;
    }
    Report report = measure(plan(), cases);
    System.out.println(report.targets());
    if (save) {
      System.out.println("saved as " + report.save(Site.home().resolve("bench/results")));
    }
    boolean isWhole = report.outcomes().size() == cases.size();
    return isWhole && report.outcomes().stream().allMatch(Outcome::isCountedWell) ? 0 : 1;
  }

  private Plan plan() {
    int usualRounds = reduced ? 1 : 5;
    double usualSeconds = reduced ? 1 : 5;
    return new Plan(rounds > 0 ? rounds : usualRounds, seconds > 0 ? seconds : usualSeconds, reduced);
  }

  private Report measure(Plan plan, List<Case> cases) throws IOException, InterruptedException {
    String machine = Machine.described(Site.home());
    System.out.println(machine);
    List<Outcome> outcomes = new ArrayList<>();
    try (Site site = Site.open(plan)) {
      for (Case each : cases) {
        measure(each, site).ifPresent(outcomes::add);
      }
    }
    return new Report(machine, plan, names, outcomes);
  }

  /** A case that fails says so, and leaves the others theirs. */
  private static Optional<Outcome> measure(Case each, Site site) throws IOException, InterruptedException {
    try {
      Outcome outcome = new Outcome(each, new Turns(site.plan()).run(each, site));
      System.out.print(Table.details(outcome));
      return Optional.of(outcome);
    } catch (IOException e) {
      System.out.println("### " + each.name() + ": not measured\n\n" + e.getMessage() + "\n");
      return Optional.empty();
    } finally {
      site.clear();
    }
  }
}
