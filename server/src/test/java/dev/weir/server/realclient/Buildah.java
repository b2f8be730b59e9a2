package dev.weir.server.realclient;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** buildah with a {@link ClientHome}; registries on loopback are spoken to in plain HTTP. */
final class Buildah {
  static final String PROGRAM = "buildah";
  private final ClientHome home;
  private final Command command;

  Buildah(ClientHome home) {
    this.home = home;
    var fixed = new ArrayList<>(List.of(PROGRAM));
    fixed.addAll(home.storageFlags());
    this.command = new Command(fixed, home.environment(), Duration.ofMinutes(3));
  }

  Outcome pull(String image) {
    return command.run("pull", "-q", "--tls-verify=false", "--signature-policy", home.policy().toString(), image);
  }

  Outcome run(String... arguments) {
    return command.run(arguments);
  }
}
