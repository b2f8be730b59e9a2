package dev.weir.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

import static dev.weir.bench.Contender.DOCKER_REGISTRY;
import static dev.weir.bench.Contender.NGINX;
import static dev.weir.bench.Contender.WEIR;
import static dev.weir.bench.Figure.CPU_PER_GIB;
import static dev.weir.bench.Figure.GIB_PER_SECOND;
import static dev.weir.bench.Figure.KIB_PER_CONNECTION;
import static dev.weir.bench.Figure.P99;
import static dev.weir.bench.Figure.RESIDENT;
import static dev.weir.bench.Target.atMost;

/** A crowd of slow readers of one large blob, and somebody else who wants a manifest meanwhile. */
final class Readers {
  private static final int FULL = 1000;
  private static final int REDUCED = 200;
  /** Above this, the others stall. */
  private static final double STALL_MILLIS = 250;
  private static final double KIB_PER_MIB = 1024;

  private final Server server;
  private final Content content;
  private final int connections;
  private final double seconds;
  private final double before;

  /** Now, after a few requests, is what growth is counted from: rounds later find memory grown already. */
  private Readers(Server server, Site site) throws IOException, InterruptedException {
    this.server = server;
    this.content = site.content();
    this.connections = site.plan().size(FULL, REDUCED);
    this.seconds = site.plan().seconds();
    site.wrk(server, Wrk.connections(4), content.blob(64)).turn().take();
    this.before = server.residentMebibytes();
  }

  static Case thousand() {
    return new Case("readers",
        "1,000 connections (reduced: 200) that each read a blob at 1 MB/s; p99 is of a manifest asked for every 20 ms meanwhile",
        Readers::entrants, List.of(KIB_PER_CONNECTION, P99, GIB_PER_SECOND, CPU_PER_GIB, RESIDENT),
        List.of(atMost(32, KIB_PER_CONNECTION), atMost(STALL_MILLIS, P99)));
  }

  private static List<Entrant> entrants(Site site) throws IOException, InterruptedException {
    List<Entrant> entrants = new ArrayList<>();
    for (Contender contender : List.of(WEIR, NGINX, DOCKER_REGISTRY)) {
      Server server = site.serve(contender, plain -> plain);
      Readers readers = new Readers(server, site);
      entrants.add(new Entrant(contender.label(), readers::round));
    }
    return entrants;
  }

  private Round round() throws IOException, InterruptedException {
    double cpu = server.cpuSeconds();
    try (SlowCrowd crowd = SlowCrowd.open(server.door(), content.blob(64), connections);
        Probe probe = Probe.start(server.door(), content.manifestByDigest())) {
      Load read = crowd.read(seconds);
      double resident = server.residentMebibytes();
      Load load = new Load(read.seconds(), read.requests(), read.bytes(), probe.p99Millis());
      return Round.of(load, server.cpuSeconds() - cpu, resident)
          .with(KIB_PER_CONNECTION, (resident - before) * KIB_PER_MIB / connections);
    }
  }
}
