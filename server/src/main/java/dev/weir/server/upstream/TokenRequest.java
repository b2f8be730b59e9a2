package dev.weir.server.upstream;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.weir.auth.Credentials;

/**
 * What a token is asked for with: two that are equal are answered by the same token.
 *
 * @param realm http or https, with a host
 * @param scopes each a resource and the actions on it; none to ask for a login alone
 */
record TokenRequest(URI realm, Optional<String> service, List<String> scopes, Optional<Credentials> credentials) {
  /** Where to ask, the query that the realm may already have first. */
  URI address() {
    String whole = Stream.concat(service.stream().map(name -> "service=" + encoded(name)),
        scopes.stream().map(scope -> "scope=" + encoded(scope))).collect(Collectors.joining("&"));
    String path = realm.getRawPath() == null || realm.getRawPath().isEmpty() ? "/" : realm.getRawPath();
    String given = realm.getRawQuery() == null || realm.getRawQuery().isEmpty() ? "" : realm.getRawQuery() + "&";
    return URI.create(realm.getScheme() + "://" + realm.getRawAuthority() + path + "?" + given + whole);
  }

  private static String encoded(String value) {
    return URLEncoder.encode(value, StandardCharsets.UTF_8);
  }
}
