package dev.weir.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * nginx in front of registry:2's directory: what a registry answers, straight from the data files. Tags are read once,
 * when it starts.
 */
final class NginxConfig {
  private NginxConfig() {}

  static Path write(Contender.Place place, Setup setup) throws IOException {
    String tls = setup.tls()
        ? "ssl_certificate %s; ssl_certificate_key %s; ssl_protocols TLSv1.3;".formatted(place.certificate().chain(),
            place.certificate().key())
        : "";
    String text = Resources.text("nginx.conf").replace("@PORT@", place.port() + (setup.tls() ? " ssl" : ""))
        .replace("@TLS@", tls).replace("@WORKERS@", "" + Runtime.getRuntime().availableProcessors())
        .replace("@TAGS@", tags(setup.data())).replace("@LOG@", setup.counted() ? "access_log sent.log sent;" : "")
        .replace("@BLOBS@", setup.data().resolve("docker/registry/v2/blobs").toString());
    return Files.writeString(place.directory().resolve("nginx.conf"), text);
  }

  private static String tags(Path data) throws IOException {
    Path repositories = data.resolve("docker/registry/v2/repositories");
    if (!Files.isDirectory(repositories)) {
      return "";
    }
    try (Stream<Path> all = Files.walk(repositories)) {
      List<Path> links = all.filter(path -> path.endsWith("current/link")).toList();
      return links.stream().map(link -> tag(repositories.relativize(link), link)).collect(Collectors.joining("\n    "));
    }
  }

  /** REPOSITORY/_manifests/tags/TAG/current/link, and in it a digest. */
  private static String tag(Path relative, Path link) {
    int names = relative.getNameCount();
    String repository = relative.subpath(0, names - 5).toString();
    try {
      return "/v2/" + repository + "/manifests/" + relative.getName(names - 3) + " "
          + Files.readString(link).strip().replace("sha256:", "") + ";";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
