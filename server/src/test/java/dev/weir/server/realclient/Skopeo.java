package dev.weir.server.realclient;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** skopeo with a {@link ClientHome}; registries on loopback are spoken to in plain HTTP. */
final class Skopeo {
  static final String PROGRAM = "skopeo";
  private final Command command;

  Skopeo(ClientHome home) {
    // skopeo 1.9 does not look at CONTAINERS_REGISTRIES_CONF
    var fixed = List.of(PROGRAM, "--policy", home.policy().toString(), "--registries-conf",
        home.registriesConf().toString(), "--tmpdir", home.temporary().toString());
    this.command = new Command(fixed, home.environment(), Duration.ofMinutes(3));
  }

  /** Copies everything an image names, bytes unchanged, into a new directory. */
  Outcome copyAll(String image, Path target) {
    return command.run("copy", "-q", "--all", "--preserve-digests", "--src-tls-verify=false", "docker://" + image,
        "dir:" + target);
  }

  /** As {@link #copyAll}, with the scheme left to registries.conf. */
  Outcome copyAllByConfiguration(String image, Path target) {
    return command.run("copy", "-q", "--all", "--preserve-digests", "docker://" + image, "dir:" + target);
  }

  Outcome inspect(String image, String... flags) {
    var arguments = new ArrayList<>(List.of("inspect", "--no-tags", "--tls-verify=false"));
    arguments.addAll(List.of(flags));
    arguments.add("docker://" + image);
    return command.run(arguments);
  }

  Outcome listTags(String repository) {
    return command.run("list-tags", "--tls-verify=false", "docker://" + repository);
  }

  Outcome run(String... arguments) {
    return command.run(arguments);
  }
}
