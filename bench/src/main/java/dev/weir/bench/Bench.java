package dev.weir.bench;

import java.io.IOException;
import java.util.List;
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
  @Option(names = "--rounds", description = "counted rounds; one more warms up (5; reduced: 2)") private int rounds;
  @Option(names = "--seconds", description = "of a round that a time bounds (5; reduced: 1)") private double seconds;
  @Option(names = "--reduced", description = "short rounds, fewer clients, smaller blobs") private boolean reduced;
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
    System.out.println(Machine.described(Site.home()));
    return measure(plan(), cases) ? 0 : 1;
  }

  private Plan plan() {
    int usualRounds = reduced ? 2 : 5;
    double usualSeconds = reduced ? 1 : 5;
    return new Plan(rounds > 0 ? rounds : usualRounds, seconds > 0 ? seconds : usualSeconds, reduced);
  }

  /** Whether all of them could be measured. */
  private static boolean measure(Plan plan, List<Case> cases) throws IOException, InterruptedException {
    StringBuilder targets = new StringBuilder(Table.TARGETS_HEAD);
    boolean all = true;
    try (Site site = Site.open(plan)) {
      for (Case each : cases) {
        all &= measure(each, site, targets);
      }
    }
    System.out.println(targets);
    return all;
  }

  /** A case that fails says so, and leaves the others theirs. */
  private static boolean measure(Case each, Site site, StringBuilder targets) throws InterruptedException {
    try {
      Results results = new Turns(site.plan()).run(each, site);
      System.out.print(Table.details(each, results));
      targets.append(Table.targets(each, results));
      return true;
    } catch (IOException e) {
      System.out.println("### " + each.name() + ": not measured\n\n" + e.getMessage() + "\n");
      return false;
    } finally {
      site.clear();
    }
  }
}
