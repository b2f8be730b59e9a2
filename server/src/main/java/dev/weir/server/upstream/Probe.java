package dev.weir.server.upstream;

import java.io.IOException;
import java.net.URI;
import java.security.cert.X509Certificate;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;

import dev.weir.server.upstream.Call.Header;
import dev.weir.server.upstream.Greeting.Standing;
import dev.weir.server.upstream.UpstreamException.Kind;

/** Asks an upstream what a login asks, so that a person learns how weir would get on with it. Pulls nothing. */
public final class Probe implements AutoCloseable {
  private final UpstreamSettings settings;
  private final UpstreamAddress address;
  private final Network network;
  private final InstantSource clock;
  private final String action;
  private final Wire wire;
  private final Authorizer authorizer;

  /** @throws IOException if the settings' {@code caFile} cannot be read; the message names it */
  public Probe(UpstreamSettings settings, Network network, InstantSource clock) throws IOException {
    this.settings = settings;
    this.network = network;
    this.clock = clock;
    address = UpstreamAddress.of(settings.remote());
    action = "greet " + settings.name();
    List<X509Certificate> own = settings.caFile().isPresent() ? Authorities.of(settings.caFile().get()) : List.of();
    wire = new Wire(settings.patience(), network, () -> network.trust(own));
    Trust trust = new Trust(address.origin(), settings.realms(), network.proxies());
    Tokens tokens = new Tokens(new TokenServer(settings.name(), wire, clock), clock);
    authorizer = new Authorizer(address, settings.credentials(), trust, tokens);
  }

  /** Host and port of the proxy that it is asked through, without that proxy's credentials. */
  public Optional<String> proxy() {
    return server().map(server -> server.host() + ":" + server.port());
  }

  /** Whose address this machine has to know: the upstream's own host, or the proxy's. */
  public String firstHost() {
    return server().map(Proxies.Server::host).orElse(address.origin().host());
  }

  private Optional<Proxies.Server> server() {
    return network.proxies().of(address.root());
  }

  /**
   * Asks for the root of the API, and for the token that this takes.
   *
   * @throws UpstreamException if nobody answered
   */
  public Greeting greet() throws UpstreamException {
    Optional<Instant> date;
    List<Challenge> challenges;
    try (Reply first = ask(new Authorization.None())) {
      date = date(first);
      if (isWelcome(first)) {
        return new Greeting(Standing.OPEN, "asks for no credentials", date);
      }
      if (first.status() != 401) {
        return new Greeting(Standing.TROUBLE, failure(first).sentence(), date);
      }
      challenges = Challenge.parse(first.lines("WWW-Authenticate"));
    }
    try {
      return introduce(challenges, date);
    } catch (UpstreamException e) {
      return new Greeting(e.kind() == Kind.DENIED ? denial() : Standing.TROUBLE, e.sentence(), date);
    }
  }

  private Greeting introduce(List<Challenge> challenges, Optional<Instant> date) throws UpstreamException {
    Authorization shown = authorizer.atRoot(action, challenges);
    if (!hasCredentials()) {
      return new Greeting(Standing.ANONYMOUS, "gives a token without credentials", date);
    }
    try (Reply second = ask(shown)) {
      if (!isWelcome(second)) {
        throw failure(second);
      }
      return new Greeting(Standing.ACCEPTED, "takes our credentials", date);
    }
  }

  private Standing denial() {
    return hasCredentials() ? Standing.REFUSED : Standing.WANTED;
  }

  private boolean hasCredentials() {
    return settings.credentials().credentials(address.origin().hostAndPort(), address.path()).isPresent();
  }

  private Reply ask(Authorization authorization) throws UpstreamException {
    URI root = address.root().resolve("/v2/");
    return wire.send(action, "GET", root,
        authorization.header().map(value -> List.of(new Header("Authorization", value))).orElse(List.of()), false);
  }

  /** A redirect is for whoever pulls to follow. */
  private static boolean isWelcome(Reply reply) {
    return reply.status() / 100 == 2 || reply.status() / 100 == 3;
  }

  private UpstreamException failure(Reply reply) {
    return reply.status() == 407
        ? UpstreamException.failed(action, wire.proxyFor(reply.address()) + " wants other credentials ("
            + Failures.words(reply.status()) + ")")
        : Failures.of(action, reply, clock.instant());
  }

  private static Optional<Instant> date(Reply reply) {
    try {
      return reply.header("Date")
          .map(text -> ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant());
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  /** The certificates that whoever answers there shows, trusted or not; none where it does not come to that. */
  public List<X509Certificate> shownCertificates() {
    ChainWitness witness = new ChainWitness();
    try (Wire looking = new Wire(settings.patience(), network, () -> witness);
        Reply _ = looking.send(action, "GET", address.root().resolve("/v2/"), List.of(), false)) {
      return witness.seen();
    } catch (UpstreamException e) {
      return witness.seen();
    }
  }

  @Override
  public void close() {
    wire.close();
  }
}
