package dev.weir.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * The bench: both servers run at once on directories of their own, and take rounds by turns, so that a machine that
 * slows down slows both. Quote the ratios.
 */
@Command(name = "bench", mixinStandardHelpOptions = true, description = "Measures pushes into weir beside docker-registry: time and server CPU, as ratios of medians.")
final class Bench implements Callable<Integer> {
  private static final int MEBIBYTE = 1 << 20;

  @Option(names = "--rounds", defaultValue = "5", description = "counted rounds; one more warms up (${DEFAULT-VALUE})") private int rounds;
  @Option(names = "--blobs", defaultValue = "16", description = "blobs a round (${DEFAULT-VALUE})") private int blobs;
  @Option(names = "--mebibytes", defaultValue = "64", description = "size of a blob (${DEFAULT-VALUE})") private int mebibytes;

  public static void main(String[] arguments) {
    System.exit(new CommandLine(new Bench()).execute(arguments));
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    Path directory = Files.createTempDirectory("weir-bench");
    try {
      Push push = new Push(blobs, mebibytes * MEBIBYTE);
      report(push, measure(push, directory));
      return 0;
    } finally {
      deleteAll(directory);
    }
  }

  private Map<String, List<Measurement>> measure(Push push, Path directory) throws IOException, InterruptedException {
    Map<String, List<Measurement>> results = new LinkedHashMap<>();
    Contender weir = Contender.weir();
    Contender peer = Contender.dockerRegistry();
    try (RunningServer ours = weir.start(Files.createDirectory(directory.resolve("weir")));
        RunningServer theirs = peer.start(Files.createDirectory(directory.resolve("peer")))) {
      push.run(ours);
      push.run(theirs);
      for (int round = 0; round < rounds; round++) {
        results.computeIfAbsent(weir.name(), name -> new ArrayList<>()).add(measured(push, ours));
        results.computeIfAbsent(peer.name(), name -> new ArrayList<>()).add(measured(push, theirs));
      }
      System.out.printf(Locale.ROOT, "resident: weir %d MiB, docker-registry %d MiB%n", ours.residentMebibytes(),
          theirs.residentMebibytes());
    }
    return results;
  }

  private static Measurement measured(Push push, RunningServer server) throws IOException, InterruptedException {
    double cpuBefore = server.cpuSeconds();
    long before = System.nanoTime();
    push.run(server);
    return new Measurement((System.nanoTime() - before) / 1e9, server.cpuSeconds() - cpuBefore);
  }

  private void report(Push push, Map<String, List<Measurement>> results) {
    System.out.printf(Locale.ROOT, "push %d blobs of %d MiB, medians of %d rounds by turns%n", blobs, mebibytes,
        rounds);
    System.out.printf(Locale.ROOT, "%-16s %12s %12s%n", "", "s per GiB", "CPU s per GiB");
    double[] wall = new double[2];
    double[] cpu = new double[2];
    int i = 0;
    for (Map.Entry<String, List<Measurement>> result : results.entrySet()) {
      wall[i] = Measurement.median(result.getValue(), Measurement::wallSeconds) / push.gibibytes();
      cpu[i] = Measurement.median(result.getValue(), Measurement::cpuSeconds) / push.gibibytes();
      System.out.printf(Locale.ROOT, "%-16s %12.2f %12.2f%n", result.getKey(), wall[i], cpu[i]);
      i++;
    }
    System.out.printf(Locale.ROOT, "%-16s %12.2f %12.2f%n", "ratio", wall[0] / wall[1], cpu[0] / cpu[1]);
  }

  private static void deleteAll(Path directory) throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
