package dev.weir.auth;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** How a registry, or a part of one, is called in a docker {@code config.json}: {@code host[:port][/path]}. */
final class RegistryKey {
  private static final Pattern SCHEME = Pattern.compile("^https?://", Pattern.CASE_INSENSITIVE);
  private static final Pattern API_PATH = Pattern.compile("/v[12]$");
  private static final Set<String> DOCKER_HUB = Set.of("index.docker.io", "registry-1.docker.io");

  private RegistryKey() {}

  /** Without scheme, slash and API version at the end; the Hub's other names become {@code docker.io}. */
  static String normalize(String written) {
    String bare = SCHEME.matcher(written.strip()).replaceFirst("").replaceFirst("/+$", "");
    boolean url = SCHEME.matcher(written.strip()).find();
    int slash = bare.indexOf('/');
    String host = (slash < 0 ? bare : bare.substring(0, slash)).toLowerCase(Locale.ROOT);
    String path = slash < 0 ? "" : bare.substring(slash);
    boolean hub = DOCKER_HUB.contains(host);
    return (hub ? "docker.io" : host) + (url || hub ? API_PATH.matcher(path).replaceFirst("") : path);
  }
}
