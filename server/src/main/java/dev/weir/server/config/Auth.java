package dev.weir.server.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

import dev.weir.auth.AccessRule;

/** Binds {@code auth} and {@code rules}. */
final class Auth {
  private static final String REALM = "weir";

  private final Findings findings;

  Auth(Findings findings) {
    this.findings = findings;
  }

  AuthConfig bind(Section root) {
    Section auth = root.section("auth");
    Optional<AuthConfig.Htpasswd> htpasswd = auth.node().children().containsKey("htpasswd")
        ? htpasswd(auth.section("htpasswd"))
        : Optional.empty();
    List<AccessRule> rules = new Rules(findings).bind(root.get("rules", Kind.SECTIONS));
    boolean usersOnly = rules.stream().noneMatch(rule -> rule.users().contains(AccessRule.ANONYMOUS));
    boolean certificates = !root.section("http").section("tls").get("clientcas", Kind.PATHS).isEmpty();
    if (htpasswd.isEmpty() && !certificates && !rules.isEmpty() && usersOnly) {
      findings.warning(root.origin("rules"), "rules", "they let nobody in, because without auth.htpasswd nobody is a"
          + " user; for those without credentials, write users: [" + AccessRule.ANONYMOUS + "]");
    }
    return new AuthConfig(htpasswd, rules);
  }

  private Optional<AuthConfig.Htpasswd> htpasswd(Section section) {
    String realm = section.find("realm", Kind.TEXT).orElse(REALM);
    if (realm.chars().anyMatch(Character::isISOControl)) {
      findings.problem(section.origin("realm"), "auth.htpasswd.realm", "a realm is one line of text");
    }
    Optional<Path> path = section.find("path", Kind.PATH).filter(each -> !each.toString().isEmpty());
    if (path.isEmpty()) {
      findings.problem(section.node().origin(), "auth.htpasswd",
          "needs path, the file with the users; `weir htpasswd FILE USER` makes one");
    }
    return path.map(file -> new AuthConfig.Htpasswd(realm, file));
  }
}
