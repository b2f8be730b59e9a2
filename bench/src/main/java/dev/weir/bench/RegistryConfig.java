package dev.weir.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Distribution's configuration, which both registries read. Neither writes an access log. */
final class RegistryConfig {
  private RegistryConfig() {}

  /** With the upstream as {@code up}. */
  static Path weir(Contender.Place place, Setup setup) throws IOException {
    String upstreams = setup.upstream().map(uri -> "up: {remoteurl: \"%s\"}".formatted(uri)).orElse("");
    return write(place, common(place, setup) + "upstreams: {%s}\ncache: {tagttl: 24h%s}\n".formatted(upstreams,
        setup.bucket().map(bucket -> ", scratch: {path: %s}".formatted(setup.data())).orElse("")));
  }

  static Path dockerRegistry(Contender.Place place, Setup setup) throws IOException {
    return write(place, common(place, setup)
        + setup.upstream().map(uri -> "proxy: {remoteurl: \"%s\"}\n".formatted(uri)).orElse(""));
  }

  private static String common(Contender.Place place, Setup setup) {
    String tls = setup.tls()
        ? ", tls: {certificate: %s, key: %s}".formatted(place.certificate().chain(), place.certificate().key())
        : "";
    return """
        version: 0.1
        log: {level: error, accesslog: {disabled: true}}
        storage: {%s, delete: {enabled: true}, redirect: {disable: true}}
        http: {addr: "127.0.0.1:%d"%s}
        """.formatted(storage(setup), place.port(), tls)
        + setup.htpasswd().map(file -> "auth: {htpasswd: {realm: bench, path: %s}}\n".formatted(file)).orElse("");
  }

  private static String storage(Setup setup) {
    return setup.bucket().map(bucket -> "s3: " + bucket)
        .orElseGet(() -> "filesystem: {rootdirectory: %s}".formatted(setup.data()));
  }

  private static Path write(Contender.Place place, String text) throws IOException {
    return Files.writeString(place.directory().resolve("config.yml"), text);
  }
}
