package dev.weir.server.config;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import dev.weir.auth.Credentials;
import dev.weir.storage.RepositoryName;

/** Binds {@code upstreams} and {@code proxy}. */
final class Upstreams {
  /** Paths that begin with it are weir's own. */
  private static final String OWN_NAME = "weir";

  private final Findings findings;

  Upstreams(Findings findings) {
    this.findings = findings;
  }

  Map<String, UpstreamConfig> bind(Section upstreams) {
    Map<String, UpstreamConfig> bound = new LinkedHashMap<>();
    upstreams.chosen().forEach((name, section) -> {
      String complaint = complaint(name);
      if (complaint.isEmpty()) {
        bound.put(name, bind(name, section));
      } else {
        findings.problem(section.node().origin(), "upstreams." + name, complaint);
      }
    });
    return bound;
  }

  private UpstreamConfig bind(String name, Section section) {
    URI remote = section.find("remoteurl", Kind.SERVER_URL).orElseGet(() -> URI.create("https://" + name));
    if (remote.getHost() == null) {
      findings.problem(section.node().origin(), "upstreams." + name, "is not a host name, so it needs a remoteurl");
    }
    return new UpstreamConfig(name, remote, credentials(section, "upstreams." + name),
        section.find("cafile", Kind.PATH),
        section.get("realms", Kind.HOSTS), budget(section), section.get("offline", Kind.FLAG),
        section.get("mirrors", Kind.URLS));
  }

  Optional<UpstreamConfig> bindProxy(Section proxy) {
    Optional<Credentials> credentials = credentials(proxy, "proxy");
    return proxy.find("remoteurl", Kind.SERVER_URL)
        .map(remote -> new UpstreamConfig(WebAddress.hostAndPort(remote), remote,
            credentials, Optional.empty(), List.of(), BudgetConfig.DEFAULT, false, List.of()));
  }

  private static BudgetConfig budget(Section section) {
    return new BudgetConfig(section.find("maxrate", Kind.RATE), section.find("maxconcurrent", Kind.POSITIVE),
        section.get("maxsegments", Kind.POSITIVE));
  }

  private Optional<Credentials> credentials(Section section, String path) {
    Optional<String> username = section.find("username", Kind.TEXT);
    Optional<Secret> password = section.find("password", Kind.SECRET);
    if (username.isPresent() != password.isPresent()) {
      String given = username.isPresent() ? "username" : "password";
      String missing = username.isPresent() ? "password" : "username";
      findings.problem(section.origin(given), path + "." + given, "needs " + missing + " beside it");
    }
    return username.flatMap(name -> password.map(secret -> new Credentials(name, secret.value())));
  }

  /** What is wrong with {@code name}; empty if nothing. */
  private static String complaint(String name) {
    if (name.equals(OWN_NAME)) {
      return "this name is taken: paths that begin with it are weir's own";
    }
    if (name.contains(":")) {
      return "a name is the first part of a path and cannot hold a port or a scheme; choose a plain name, such as hub,"
          + " and give the address as its remoteurl";
    }
    if (name.contains("/")) {
      return "a name is the first part of a path and cannot hold a slash; for a path use aliases";
    }
    try {
      RepositoryName.parse(name);
      return "";
    } catch (IllegalArgumentException e) {
      return "a name is the first part of a path: lower-case letters and digits, with single . _ or - between them";
    }
  }
}
