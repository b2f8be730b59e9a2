package dev.weir.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A server that takes part: how it is configured and started. */
enum Contender {
  WEIR("weir") {
    @Override
    List<String> command(Place place, Setup setup) throws IOException {
      return List.of(Site.home().resolve("bin/weir").toString(), "serve", RegistryConfig.weir(place, setup).toString());
    }
  },
  DOCKER_REGISTRY("docker-registry") {
    @Override
    List<String> command(Place place, Setup setup) throws IOException {
      return List.of("docker-registry", "serve", RegistryConfig.dockerRegistry(place, setup).toString());
    }
  },
  NGINX("nginx") {
    @Override
    List<String> command(Place place, Setup setup) throws IOException {
      return List.of("nginx", "-p", place.directory().toString(), "-e", "error.log", "-c",
          NginxConfig.write(place, setup).toString());
    }
  };

  /**
   * Where an instance runs.
   *
   * @param directory its own, for configuration and logs
   */
  record Place(Path directory, int port, Certificate certificate) {}

  private final String label;

  Contender(String label) {
    this.label = label;
  }

  String label() {
    return label;
  }

  /** Writes the configuration; the command runs in the foreground. */
  abstract List<String> command(Place place, Setup setup) throws IOException;
}
