package dev.weir.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

import static dev.weir.bench.Contender.DOCKER_REGISTRY;
import static dev.weir.bench.Contender.NGINX;
import static dev.weir.bench.Contender.WEIR;
import static dev.weir.bench.Figure.CPU_PER_REQUEST;
import static dev.weir.bench.Figure.P99;
import static dev.weir.bench.Figure.REQUESTS_PER_SECOND;
import static dev.weir.bench.Figure.RESIDENT;
import static dev.weir.bench.Figure.UPSTREAM_REQUESTS;
import static dev.weir.bench.Target.atLeast;
import static dev.weir.bench.Target.atMost;
import static dev.weir.bench.Target.exactly;

/** What tags, credentials and new connections add to a manifest. */
final class DoorCases {
  private static final Wrk MANY = Wrk.connections(32);
  private static final int CONNECTING = 8;
  private static final String BY_DIGEST = "weir by digest";
  private static final String WITHOUT = "weir without credentials";
  private static final String USER = "puller";
  private static final String PASSWORD = "a pass phrase of some length";
  private static final List<Figure> SHOWN = List.of(REQUESTS_PER_SECOND, CPU_PER_REQUEST, P99, RESIDENT);

  private DoorCases() {}

  static List<Case> all() {
    return List.of(tag(), basic(5), basic(12), connecting());
  }

  private static Case tag() {
    return new Case("manifest-tag", "a manifest by tag, of a cached repository within its TTL, 32 connections, HTTP",
        DoorCases::cached, SHOWN, List.of(atLeast(0.9, REQUESTS_PER_SECOND, BY_DIGEST),
            atMost(1.1, CPU_PER_REQUEST, BY_DIGEST), exactly(0, UPSTREAM_REQUESTS)));
  }

  private static List<Entrant> cached(Site site) throws IOException, InterruptedException {
    Content content = site.content();
    Origin origin = Origin.of(site.serve(NGINX, Setup::withCount));
    Server weir = site.start(WEIR, Setup.plain(site.directory("cache")).proxyOf(origin.address()));
    Entrant tag = site.wrk(weir, MANY, content.manifestByTag().replace("/v2/", "/v2/up/"));
    return List.of(new Entrant(tag.name(), () -> {
      try (Connection connection = weir.door().connect()) {
        connection.get(content.manifestByTag().replace("/v2/", "/v2/up/"), Connection.ACCEPT);
      }
      long before = origin.requests();
      return tag.turn().take().with(UPSTREAM_REQUESTS, (double) (origin.requests() - before));
    }), site.wrk(BY_DIGEST, weir, MANY, content.manifestByDigest().replace("/v2/", "/v2/up/")),
        site.wrk(site.serve(DOCKER_REGISTRY, plain -> plain), MANY, content.manifestByTag()),
        site.wrk(site.serve(NGINX, plain -> plain), MANY, content.manifestByTag()));
  }

  private static Case basic(int cost) {
    return new Case("manifest-basic-" + cost, "the same by digest with Basic credentials, bcrypt cost " + cost,
        site -> withUsers(site, cost), SHOWN, List.of(atLeast(0.85, REQUESTS_PER_SECOND, WITHOUT)));
  }

  /** docker-registry, which hashes for every request, only where that comes to an end. */
  private static List<Entrant> withUsers(Site site, int cost) throws IOException, InterruptedException {
    Path users = Files.writeString(site.directory("users").resolve("htpasswd"),
        Command.output("htpasswd", "-nbB", "-C", "" + cost, USER, PASSWORD));
    String token = Base64.getEncoder().encodeToString((USER + ":" + PASSWORD).getBytes(StandardCharsets.UTF_8));
    String credentials = "Authorization: Basic " + token;
    Wrk authorized = MANY.with(credentials);
    String path = site.content().manifestByDigest();
    Server guarded = site.serve(WEIR, plain -> plain.withUsers(users));
    try (Connection first = guarded.door().connect()) {
      first.get(path, Connection.ACCEPT, credentials);
    }
    List<Entrant> entrants = new ArrayList<>();
    entrants.add(site.wrk(guarded, authorized, path));
    entrants.add(site.wrk(WITHOUT, site.serve(WEIR, plain -> plain), MANY, path));
    if (cost < 10) {
      entrants.add(site.wrk(site.serve(DOCKER_REGISTRY, plain -> plain.withUsers(users)), authorized, path));
    }
    return entrants;
  }

  private static Case connecting() {
    return new Case("tls-connect",
        "a new TLS connection, /v2/ and a manifest on it, as CRI-O for each image; 8 at once",
        site -> {
          List<Entrant> entrants = new ArrayList<>();
          for (Contender contender : List.of(WEIR, NGINX, DOCKER_REGISTRY)) {
            Server server = site.serve(contender, Setup::withTls);
            entrants.add(Entrant.of(server, new Connects(server.door(), site.content().manifestByDigest(), CONNECTING,
                site.plan().seconds())));
          }
          return entrants;
        }, SHOWN, List.of(atMost(1, CPU_PER_REQUEST, DOCKER_REGISTRY.label())));
  }
}
