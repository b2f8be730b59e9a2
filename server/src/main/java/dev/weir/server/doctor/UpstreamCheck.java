package dev.weir.server.doctor;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLException;

import dev.weir.server.config.UpstreamConfig;
import dev.weir.server.upstream.Greeting;
import dev.weir.server.upstream.Probe;
import dev.weir.server.upstream.UpstreamException;
import dev.weir.server.wiring.Connections;

/**
 * One upstream, asked as weir would ask it: same proxy, same trust, same credentials.
 *
 * @param cut what to do at a site that is cut off from it for good
 */
record UpstreamCheck(String subject, UpstreamConfig upstream, String cut, Connections connections, Names names,
    InstantSource clock)
    implements
      Check {
  private static final Duration TOLERABLE = Duration.ofMinutes(2);

  static UpstreamCheck of(UpstreamConfig upstream, Connections connections, Names names, InstantSource clock) {
    return new UpstreamCheck(subject(upstream), upstream,
        "if this site never reaches it, set upstreams." + upstream.name() + ".offline: true", connections, names,
        clock);
  }

  /** A mirror is asked as an upstream of its own, without the other's credentials. */
  static UpstreamCheck of(UpstreamConfig upstream, URI mirror, Connections connections, Names names,
      InstantSource clock) {
    UpstreamConfig alone = new UpstreamConfig(upstream.name(), mirror, Optional.empty(), upstream.caFile(), List.of(),
        upstream.budget(), false, List.of());
    return new UpstreamCheck("mirror " + mirror + " of " + upstream.name(), alone,
        "if it is gone for good, take it out of upstreams." + upstream.name() + ".mirrors", connections, names, clock);
  }

  static String subject(UpstreamConfig upstream) {
    return "upstream " + upstream.name();
  }

  @Override
  public List<Finding> run() {
    try (Probe probe = new Probe(connections.settings(upstream), connections.network(), clock)) {
      return ask(probe);
    } catch (IOException e) {
      return List.of(Finding.fail(subject(), Sentences.of(e), "correct upstreams." + upstream.name() + ".cafile"));
    }
  }

  private List<Finding> ask(Probe probe) {
    Optional<Finding> unknown = name(probe);
    if (unknown.isPresent()) {
      return List.of(unknown.get());
    }
    try {
      Greeting greeting = probe.greet();
      List<Finding> findings = new ArrayList<>(List.of(of(greeting, way(probe))));
      greeting.date().flatMap(this::clock).ifPresent(findings::add);
      return findings;
    } catch (UpstreamException e) {
      return List.of(e.getCause() instanceof SSLException
          ? new ShownCertificates(upstream, probe.shownCertificates(), clock.instant()).finding(e.sentence())
          : Finding.fail(subject(), e.sentence() + way(probe), unreachable(probe)));
    }
  }

  private Optional<Finding> name(Probe probe) {
    try {
      names.resolve(probe.firstHost());
      return Optional.empty();
    } catch (IOException e) {
      return Optional.of(Finding.fail(subject(), Sentences.of(e) + way(probe), "see what getent hosts "
          + probe.firstHost() + " says, and correct /etc/resolv.conf or the proxy (HTTPS_PROXY); " + cut));
    }
  }

  private String way(Probe probe) {
    return probe.proxy().map(proxy -> ", through the proxy " + proxy).orElse("");
  }

  private String unreachable(Probe probe) {
    return (probe.proxy().isPresent()
        ? "see whether the proxy lets it through: curl -v -x http://" + probe.proxy().get() + " "
        : "see whether a firewall or a missing proxy (HTTPS_PROXY) is in the way: curl -v ") + upstream.remoteUrl()
        + "/v2/; " + cut;
  }

  private Finding of(Greeting greeting, String way) {
    String where = upstream.remoteUrl() + way;
    String registry = upstream.registry();
    return switch (greeting.standing()) {
      case OPEN, ANONYMOUS -> Finding.ok(subject(), where + " answers, and " + greeting.sentence());
      case ACCEPTED -> Finding.ok(subject(), where + " answers, and takes the credentials of " + source());
      case WANTED -> Finding.warn(subject(), greeting.sentence() + way, "if it is to be pulled from: podman login"
          + " --authfile PULLSECRET " + registry + " with PULLSECRET named by pullsecret, or upstreams."
          + upstream.name() + ".username and .password");
      case REFUSED -> Finding.fail(subject(), greeting.sentence() + way + "; the credentials are those of " + source(),
          "get new ones from whoever runs it and put them there; podman login " + registry + " tries them out");
      case TROUBLE -> Finding.fail(subject(), greeting.sentence() + way,
          "see whether a registry is there at all: curl -v " + upstream.remoteUrl() + "/v2/");
    };
  }

  private String source() {
    return upstream.credentials().isPresent() ? "upstreams." + upstream.name() : "the pull secret";
  }

  private Optional<Finding> clock(Instant theirs) {
    Duration ahead = Duration.between(theirs, clock.instant());
    return ahead.abs().compareTo(TOLERABLE) <= 0
        ? Optional.empty()
        : Optional.of(Finding.warn("clock", "the clock here is " + shown(ahead.abs())
            + (ahead.isNegative() ? " behind" : " ahead of") + " that of " + upstream.name(), ClockCheck.SET));
  }

  private static String shown(Duration offset) {
    return offset.toHours() >= 2 ? offset.toHours() + " hours" : offset.toMinutes() + " minutes";
  }
}
