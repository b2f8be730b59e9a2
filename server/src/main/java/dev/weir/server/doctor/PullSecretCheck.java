package dev.weir.server.doctor;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.weir.auth.Credentials;
import dev.weir.auth.PullSecret;
import dev.weir.server.config.UpstreamConfig;
import dev.weir.server.config.WeirConfig;

/** The credentials for upstreams, without asking these. */
record PullSecretCheck(WeirConfig config, InstantSource clock) implements Check {
  private static final Set<String> NEED_A_LOGIN = Set.of("registry.redhat.io", "registry.connect.redhat.com");
  private static final String NEW = "fetch it anew from https://console.redhat.com/openshift/install/pull-secret, or"
      + " correct the entry with podman login --authfile FILE REGISTRY";

  @Override
  public String subject() {
    return "pull secret";
  }

  @Override
  public List<Finding> run() {
    if (config.pullSecret().isEmpty()) {
      List<Finding> findings = new ArrayList<>(lacking(upstream -> Optional.empty()));
      return findings.isEmpty()
          ? List.of(Finding.ok(subject(), "none is configured, and no upstream is known to need one"))
          : findings;
    }
    return of(config.pullSecret().get());
  }

  private List<Finding> of(Path file) {
    List<String> complaints = new ArrayList<>();
    PullSecret secret = new PullSecret(file, clock, complaints::add);
    Set<String> registries = secret.registries();
    List<Finding> findings = new ArrayList<>();
    for (String complaint : complaints) {
      findings.add(registries.isEmpty()
          ? Finding.fail(subject(), complaint, NEW)
          : Finding.warn(subject(), complaint, NEW));
    }
    if (!registries.isEmpty() || complaints.isEmpty()) {
      findings.add(registries.isEmpty()
          ? Finding.warn(subject(), file + " holds no credentials", NEW)
          : Finding.ok(subject(), file + " has credentials for " + String.join(", ", registries)));
    }
    registries.forEach(registry -> ended(secret, registry).ifPresent(findings::add));
    findings.addAll(lacking(upstream -> secret.credentials(upstream.registry(), "")));
    return findings;
  }

  private Optional<Finding> ended(PullSecret secret, String registry) {
    String[] parts = registry.split("/", 2);
    return secret.credentials(parts[0], parts.length < 2 ? "" : parts[1]).map(Credentials::password)
        .flatMap(TokenEnd::of).filter(end -> clock.instant().isAfter(end))
        .map(end -> Finding.warn(subject(), "the token for " + registry + " says of itself that it ended on " + end,
            NEW));
  }

  /** Whoever looks credentials up in a pull secret. */
  @FunctionalInterface
  private interface LookUp {
    Optional<Credentials> of(UpstreamConfig upstream);
  }

  private List<Finding> lacking(LookUp lookUp) {
    String names = Stream.concat(config.upstreams().values().stream(), config.proxy().stream())
        .filter(upstream -> NEED_A_LOGIN.contains(upstream.registry()) && !upstream.offline())
        .filter(upstream -> upstream.credentials().isEmpty() && lookUp.of(upstream).isEmpty())
        .map(UpstreamConfig::registry).distinct().collect(Collectors.joining(", "));
    return names.isEmpty()
        ? List.of()
        : List.of(Finding.warn(subject(), "there are no credentials for " + names + ", which gives little or nothing"
            + " without",
            "download a pull secret from https://console.redhat.com/openshift/install/pull-secret and"
                + " name the file in pullsecret; or take these upstreams out of the configuration"));
  }
}
