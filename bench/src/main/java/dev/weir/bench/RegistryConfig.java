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
    return write(place, common(place, setup) + "upstreams: {%s}\ncache: {tagttl: 24h}\n".formatted(upstreams));
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
        storage: {filesystem: {rootdirectory: %s}, delete: {enabled: true}}
        http: {addr: "127.0.0.1:%d"%s}
        """.formatted(setup.data(), place.port(), tls)
        + setup.htpasswd().map(file -> "auth: {htpasswd: {realm: bench, path: %s}}\n".formatted(file)).orElse("");
  }

  private static Path write(Contender.Place place, String text) throws IOException {
    return Files.writeString(place.directory().resolve("config.yml"), text);
  }
}
