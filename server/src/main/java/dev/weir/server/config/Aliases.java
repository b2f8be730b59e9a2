package dev.weir.server.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import dev.weir.storage.RepositoryName;

/** Binds {@code aliases}. */
final class Aliases {
  private final Findings findings;
  private final Set<String> upstreams;

  /** @param upstreams the names that a target may begin with */
  Aliases(Findings findings, Set<String> upstreams) {
    this.findings = findings;
    this.upstreams = upstreams;
  }

  List<AliasConfig> bind(Section aliases) {
    List<AliasConfig> bound = new ArrayList<>();
    for (String written : aliases.node().children().keySet()) {
      try {
        alias(written, aliases.find(written, Kind.ONE_OR_MORE_TEXTS)).ifPresent(bound::add);
      } catch (IllegalArgumentException e) {
        findings.problem(aliases.origin(written), "aliases." + written, String.valueOf(e.getMessage()));
      }
    }
    return bound;
  }

  private Optional<AliasConfig> alias(String written, Optional<List<String>> targets) {
    boolean subtree = written.endsWith("/");
    String path = withoutSlash(written);
    RepositoryName name = name(path, "the path of an alias is a repository's name, or ends in / for all below it");
    if (upstreams.contains(name.first())) {
      throw new IllegalArgumentException(
          "would never be used, because names that begin with " + name.first() + "/ are that upstream's");
    }
    if (targets.isEmpty() || targets.get().isEmpty()) {
      throw new IllegalArgumentException("needs at least one repository upstream, such as quay.io/openshift/origin");
    }
    return Optional
        .of(new AliasConfig(path, subtree, targets.get().stream().map(each -> target(each, subtree)).toList()));
  }

  private AliasConfig.Target target(String written, boolean subtree) {
    RepositoryName name = name(withoutSlash(written), "'" + written + "' is not a repository upstream");
    if (!upstreams.contains(name.first())) {
      throw new IllegalArgumentException(
          "'" + written + "' begins with no upstream; configured are " + String.join(", ", upstreams));
    }
    if (!subtree && (name.first().equals(name.value()) || written.endsWith("/"))) {
      throw new IllegalArgumentException(
          "'" + written + "' is no single repository; to map everything below, end the alias"
              + " itself in / too");
    }
    String path = name.value().substring(name.first().length());
    return new AliasConfig.Target(name.first(), path.isEmpty() ? "" : path.substring(1));
  }

  private static RepositoryName name(String text, String complaint) {
    try {
      return RepositoryName.parse(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(complaint, e);
    }
  }

  private static String withoutSlash(String text) {
    return text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
  }
}
