package dev.weir.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

import static dev.weir.bench.Contender.DOCKER_REGISTRY;
import static dev.weir.bench.Contender.WEIR;
import static dev.weir.bench.Figure.CPU_PER_GIB;
import static dev.weir.bench.Figure.CPU_SECONDS;
import static dev.weir.bench.Figure.GIB_PER_SECOND;
import static dev.weir.bench.Figure.RESIDENT;
import static dev.weir.bench.Figure.SECONDS;
import static dev.weir.bench.Figure.UPSTREAM_BYTES;
import static dev.weir.bench.Target.atMost;
import static dev.weir.bench.Target.exactly;

/** Blobs that nobody has pulled before, from a fast upstream; every round pulls another. */
final class ColdCases {
  private static final String DIRECT = "direct";
  /** What this machine can do at most, since the clients work on its processors as well. */
  private static final String FLOOR = "nginx, warm";
  private static final String PEER = DOCKER_REGISTRY.label();
  private static final List<Figure> SHOWN = List.of(SECONDS, CPU_SECONDS, GIB_PER_SECOND, CPU_PER_GIB, RESIDENT);

  private ColdCases() {}

  static List<Case> all() {
    return List.of(cold("cold-64m", 64, 4), cold("cold-256m", 256, 1), herd());
  }

  private static Case cold(String name, int mebibytes, int blobs) {
    return new Case(name, "cold blobs of " + mebibytes + " MiB, one after the other, " + blobs + " a round, HTTP",
        site -> alone(site, mebibytes, blobs), SHOWN,
        List.of(atMost(1.3, SECONDS, DIRECT), atMost(0.6, SECONDS, PEER), atMost(0.6, CPU_SECONDS, PEER)));
  }

  private static List<Entrant> alone(Site site, int mebibytes, int blobs) throws IOException, InterruptedException {
    Origin origin = Origin.start(site, blobs * site.plan().turns(), mebibytes);
    List<Entrant> entrants = new ArrayList<>();
    for (Contender contender : List.of(WEIR, DOCKER_REGISTRY)) {
      Server proxy = proxy(site, contender, origin);
      entrants.add(Entrant.of(proxy, new Pull(proxy, origin, prefix(contender), blobs, 1)));
    }
    entrants.add(Entrant.of(DIRECT, origin.server(), new Pull(origin.server(), origin, "", blobs, 1)));
    return entrants;
  }

  private static Case herd() {
    return new Case("herd", "64 clients (reduced: 16) for one cold blob of 256 MiB (reduced: 64), HTTP",
        ColdCases::crowd,
        SHOWN, List.of(exactly(1, UPSTREAM_BYTES), atMost(0.3, SECONDS, PEER)));
  }

  private static List<Entrant> crowd(Site site) throws IOException, InterruptedException {
    Plan plan = site.plan();
    int clients = plan.size(64, 16);
    List<Entrant> entrants = new ArrayList<>();
    for (Contender contender : List.of(WEIR, DOCKER_REGISTRY)) {
      Origin origin = Origin.start(site, plan.turns(), plan.size(256, 64));
      Server proxy = proxy(site, contender, origin);
      Entrant pulling = Entrant.of(proxy, new Pull(proxy, origin, prefix(contender), 1, clients));
      entrants.add(new Entrant(pulling.name(), () -> {
        long before = origin.bytes();
        Round round = pulling.turn().take();
        return round.with(UPSTREAM_BYTES, (double) (origin.bytes() - before) / origin.blobBytes());
      }));
    }
    Origin warm = Origin.start(site, plan.turns(), plan.size(256, 64));
    entrants.add(Entrant.of(FLOOR, warm.server(), new Pull(warm.server(), warm, "", 1, clients)));
    return entrants;
  }

  private static Server proxy(Site site, Contender contender, Origin origin) throws IOException, InterruptedException {
    return site.start(contender, Setup.plain(site.directory("cold")).proxyOf(origin.address()));
  }

  /** Where an upstream stands in names. */
  private static String prefix(Contender contender) {
    return contender == WEIR ? "up/" : "";
  }
}
