package dev.weir.bench;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/**
 * How a server is to be set up, whichever it is.
 *
 * @param data the root of registry:2's directory layout
 * @param htpasswd users, where credentials are asked for
 * @param upstream what it is a proxy of
 * @param bucket as it stands in a configuration, where the data lies in one; then its room for what is on its way is below
 *     {@code data}
 * @param counted whether nginx notes the bytes that it sent
 */
record Setup(Path data, boolean tls, Optional<Path> htpasswd, Optional<URI> upstream, Optional<String> bucket,
    boolean counted) {
  static Setup plain(Path data) {
    return new Setup(data, false, Optional.empty(), Optional.empty(), Optional.empty(), false);
  }

  Setup withTls() {
    return new Setup(data, true, htpasswd, upstream, bucket, counted);
  }

  Setup withUsers(Path users) {
    return new Setup(data, tls, Optional.of(users), upstream, bucket, counted);
  }

  Setup proxyOf(URI origin) {
    return new Setup(data, tls, htpasswd, Optional.of(origin), bucket, counted);
  }

  Setup in(String place) {
    return new Setup(data, tls, htpasswd, upstream, Optional.of(place), counted);
  }

  Setup withCount() {
    return new Setup(data, tls, htpasswd, upstream, bucket, true);
  }
}
