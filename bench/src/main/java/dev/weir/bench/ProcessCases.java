package dev.weir.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import static dev.weir.bench.Contender.DOCKER_REGISTRY;
import static dev.weir.bench.Contender.NGINX;
import static dev.weir.bench.Contender.WEIR;
import static dev.weir.bench.Figure.CPU_PER_REQUEST;
import static dev.weir.bench.Figure.REQUESTS_PER_SECOND;
import static dev.weir.bench.Figure.RESIDENT;
import static dev.weir.bench.Figure.SECONDS;
import static dev.weir.bench.Target.atLeast;
import static dev.weir.bench.Target.atMost;

/** What it takes to start and to be there, with little and with much on the disk. */
final class ProcessCases {
  private static final String JVM = "a JVM that prints one line";
  private static final String WITHOUT_CACHE = "weir without an AOT cache";
  private static final String WHOLE_BENCH = "weir, at most in this run";
  private static final String A_TENTH = "weir with a tenth of it";

  private ProcessCases() {}

  /** Memory comes last: it is about all that went before. */
  static List<Case> all() {
    return List.of(start(), growth(), memory());
  }

  private static Case start() {
    return new Case("start", "from the command to the first answer, every time anew", ProcessCases::starters,
        List.of(SECONDS, RESIDENT), List.of(atMost(12, SECONDS, JVM)));
  }

  private static List<Entrant> starters(Site site) throws IOException, InterruptedException {
    Path copy = site.copy();
    return List.of(starter(site, WEIR.label(), WEIR, copy, Map.of()),
        starter(site, WITHOUT_CACHE, WEIR, copy, Map.of("WEIR_JAVA_OPTS", "-XX:AOTMode=off")),
        starter(site, NGINX.label(), NGINX, copy, Map.of()),
        starter(site, DOCKER_REGISTRY.label(), DOCKER_REGISTRY, copy, Map.of()), new Entrant(JVM, ProcessCases::jvm));
  }

  private static Entrant starter(Site site, String name, Contender contender, Path data,
      Map<String, String> environment) {
    return new Entrant(name, () -> {
      long before = System.nanoTime();
      try (Server server = site.launch(contender, Setup.plain(data), environment)) {
        double seconds = (server.awaitAnswer() - before) / 1e9;
        return Round.of(SECONDS, seconds).with(RESIDENT, server.residentMebibytes());
      }
    });
  }

  private static Round jvm() throws IOException, InterruptedException {
    long before = System.nanoTime();
    Command.output(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:+UseSerialGC", "-cp",
        System.getProperty("java.class.path"), OneLine.class.getName());
    return Round.of(SECONDS, (System.nanoTime() - before) / 1e9);
  }

  private static Case memory() {
    return new Case("memory", "resident memory, idle after the start and under all that went before in this run",
        ProcessCases::residents, List.of(RESIDENT),
        List.of(atMost(96, RESIDENT), atMost(256, RESIDENT).of(WHOLE_BENCH)));
  }

  private static List<Entrant> residents(Site site) throws IOException, InterruptedException {
    List<Entrant> entrants = new ArrayList<>(starters(site).stream().filter(each -> !each.name().equals(JVM)).toList());
    double peak = site.weirPeakMebibytes();
    if (peak > 0) {
      entrants.add(new Entrant(WHOLE_BENCH, () -> Round.of(RESIDENT, peak)));
    }
    return entrants;
  }

  private static Case growth() {
    return new Case("growth", "a manifest by digest, and the start, with ten times the repositories, blobs and tags",
        ProcessCases::stores, List.of(), List.of(atLeast(0.9, REQUESTS_PER_SECOND, A_TENTH),
            atMost(1.1, CPU_PER_REQUEST, A_TENTH), atMost(1.1, SECONDS, A_TENTH), atMost(1.1, RESIDENT, A_TENTH)));
  }

  private static List<Entrant> stores(Site site) throws IOException, InterruptedException {
    int repositories = site.plan().size(100, 20);
    return List.of(store(site, WEIR.label(), 10 * repositories), store(site, A_TENTH, repositories));
  }

  /** Each turn starts a weir, lets it look through what it holds, warms it up, asks, and stops it. */
  private static Entrant store(Site site, String name, int repositories) throws IOException, InterruptedException {
    Path data = site.copy();
    Crowding.fill(data, repositories);
    return new Entrant(name, () -> {
      long before = System.nanoTime();
      try (Server server = site.launch(WEIR, Setup.plain(data), Map.of())) {
        double seconds = (server.awaitAnswer() - before) / 1e9;
        server.awaitQuiet();
        Entrant asking = site.wrk(server, Wrk.connections(32), site.content().manifestByDigest());
        asking.turn().take();
        return asking.turn().take().with(SECONDS, seconds);
      }
    });
  }
}
