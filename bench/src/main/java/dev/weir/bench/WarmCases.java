package dev.weir.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;

import static dev.weir.bench.Contender.DOCKER_REGISTRY;
import static dev.weir.bench.Contender.NGINX;
import static dev.weir.bench.Contender.WEIR;
import static dev.weir.bench.Figure.CPU_PER_GIB;
import static dev.weir.bench.Figure.CPU_PER_REQUEST;
import static dev.weir.bench.Figure.GIB_PER_SECOND;
import static dev.weir.bench.Figure.P99;
import static dev.weir.bench.Figure.REQUESTS_PER_SECOND;
import static dev.weir.bench.Figure.RESIDENT;
import static dev.weir.bench.Target.atLeast;
import static dev.weir.bench.Target.atMost;

/** What all three hold, from one directory, over kept connections. */
final class WarmCases {
  private static final int MANY = 32;
  private static final int FEW = 4;
  private static final List<Figure> OF_REQUESTS = List.of(REQUESTS_PER_SECOND, CPU_PER_REQUEST, P99, RESIDENT);
  private static final List<Figure> OF_BYTES = List.of(GIB_PER_SECOND, CPU_PER_GIB, P99, RESIDENT);
  private static final String NGINX_NAME = NGINX.label();
  private static final String PEER = DOCKER_REGISTRY.label();

  private WarmCases() {}

  static List<Case> all() {
    return List.of(manifest(), manifestOverTls(), blob(64, "blob-64m"), blob(4, "blob-4m"), blobOverTls());
  }

  private static Case manifest() {
    return new Case("manifest-digest", "a manifest by digest, 32 connections, HTTP",
        site -> three(site, MANY, Content::manifestByDigest, plain -> plain), OF_REQUESTS,
        List.of(atLeast(0.7, REQUESTS_PER_SECOND, NGINX_NAME), atLeast(20, REQUESTS_PER_SECOND, PEER),
            atMost(1.5, CPU_PER_REQUEST, NGINX_NAME)));
  }

  private static Case manifestOverTls() {
    return new Case("manifest-tls", "a manifest by digest, 32 connections, TLS",
        site -> three(site, MANY, Content::manifestByDigest, Setup::withTls), OF_REQUESTS,
        List.of(atLeast(0.7, REQUESTS_PER_SECOND, NGINX_NAME)));
  }

  private static Case blob(int mebibytes, String name) {
    return new Case(name, "a blob of " + mebibytes + " MiB, 4 connections, HTTP",
        site -> three(site, FEW, content -> content.blob(mebibytes), plain -> plain), OF_BYTES,
        List.of(atLeast(0.95, GIB_PER_SECOND, NGINX_NAME).parity(), atMost(1.1, CPU_PER_GIB, NGINX_NAME).parity()));
  }

  private static Case blobOverTls() {
    return new Case("blob-64m-tls", "a blob of 64 MiB, 4 connections, TLS",
        site -> three(site, FEW, content -> content.blob(64), Setup::withTls), OF_BYTES,
        List.of(atLeast(1, GIB_PER_SECOND, NGINX_NAME).parity(), atMost(1, CPU_PER_GIB, NGINX_NAME).parity(),
            atMost(0.85, CPU_PER_GIB, PEER)));
  }

  private static List<Entrant> three(Site site, int connections, Function<Content, String> path,
      UnaryOperator<Setup> how) throws IOException, InterruptedException {
    List<Entrant> entrants = new ArrayList<>();
    for (Contender contender : List.of(WEIR, NGINX, DOCKER_REGISTRY)) {
      Server server = site.serve(contender, how);
      entrants.add(site.wrk(server, Wrk.connections(connections), path.apply(site.content())));
    }
    return entrants;
  }
}
