package dev.weir.server.upstream;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * What is configured for one upstream.
 *
 * @param remote {@code https://host[:port][/prefix]}; the prefix comes before every repository name, as in registries.conf
 * @param caFile a PEM bundle of authorities that are trusted beside the system's
 * @param realms further hosts whose https token realm may see the credentials
 * @param isMirror a tag that it could not confirm itself ({@code Warning: 110}) is no answer of it: others are to be asked
 */
public record UpstreamSettings(String name, URI remote, CredentialsSource credentials, Optional<Path> caFile,
    Set<String> realms, Patience patience, boolean isMirror) {

  /**
   * How long to wait.
   *
   * @param connect until a connection stands
   * @param response from a request to the end of its answer's headers
   * @param idle for the next byte of a body: little, since a link that was away for a moment may leave connections behind
   *     on which nothing will ever come, and a blob that broke off is gone on with at the price of a request
   * @param busy for an upstream that answers, but with 429 or 5xx, and is asked again until then
   */
  public record Patience(Duration connect, Duration response, Duration idle, Duration busy) {
    public static final Patience DEFAULT = new Patience(Duration.ofSeconds(10), Duration.ofSeconds(15),
        Duration.ofSeconds(10), Duration.ofSeconds(10));
    /** Behind the mirrors, who share this, there must be time for the upstream itself. */
    private static final Duration ALL_MIRRORS_RESPONSE = Duration.ofSeconds(9);
    private static final Duration MIRROR_CONNECT = Duration.ofSeconds(3);

    /** For each of so many mirrors. */
    public Patience ofMirrors(int number) {
      return new Patience(Collections.min(List.of(connect, MIRROR_CONNECT)),
          Collections.min(List.of(response, ALL_MIRRORS_RESPONSE.dividedBy(number))), idle, busy);
    }
  }

  /** @throws IllegalArgumentException if {@code remote} is not an address of a registry */
  public UpstreamSettings {
    String scheme = String.valueOf(remote.getScheme()).toLowerCase(Locale.ROOT);
    if (!scheme.equals("https") && !scheme.equals("http")) {
      throw new IllegalArgumentException(
          "upstream " + name + ": remote address starts with neither https:// nor http://");
    }
    if (remote.getHost() == null || remote.getRawUserInfo() != null || remote.getRawQuery() != null) {
      throw new IllegalArgumentException(
          "upstream " + name + ": remote address is a scheme, a host name, and perhaps a port and a path");
    }
    realms = Set.copyOf(realms);
  }

  /** With neither credentials nor authorities of its own. */
  public static UpstreamSettings of(String name, URI remote) {
    return new UpstreamSettings(name, remote, CredentialsSource.NONE, Optional.empty(), Set.of(), Patience.DEFAULT,
        false);
  }

  public UpstreamSettings withCredentials(CredentialsSource source) {
    return new UpstreamSettings(name, remote, source, caFile, realms, patience, isMirror);
  }

  public UpstreamSettings withCaFile(Path file) {
    return new UpstreamSettings(name, remote, credentials, Optional.of(file), realms, patience, isMirror);
  }

  public UpstreamSettings withRealms(Set<String> hosts) {
    return new UpstreamSettings(name, remote, credentials, caFile, hosts, patience, isMirror);
  }

  public UpstreamSettings withPatience(Patience other) {
    return new UpstreamSettings(name, remote, credentials, caFile, realms, other, isMirror);
  }
}
