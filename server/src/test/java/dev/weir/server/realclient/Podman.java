package dev.weir.server.realclient;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import dev.weir.storage.Digest;

/** podman with a {@link ClientHome}; registries on loopback are spoken to in plain HTTP. */
final class Podman {
  static final String PROGRAM = "podman";
  private final ClientHome home;
  private final Command command;

  Podman(ClientHome home) {
    this.home = home;
    var fixed = new ArrayList<>(List.of(PROGRAM));
    fixed.addAll(home.storageFlags());
    fixed.addAll(List.of("--tmpdir", home.temporary().toString()));
    this.command = new Command(fixed, home.environment(), Duration.ofMinutes(3));
  }

  /** Pulls {@code image} whatever its registry's scheme; for registries.conf to decide that, use {@link #run}. */
  Outcome pull(String image) {
    return command.run("pull", "-q", "--tls-verify=false", "--signature-policy", home.policy().toString(), image);
  }

  /** Pulls as a user types it. */
  Outcome pullByConfiguration(String image) {
    return command.run("pull", "-q", "--signature-policy", home.policy().toString(), image);
  }

  /** Stores credentials for a registry, if it finds them right. */
  Outcome login(String registry, String user, String password) {
    return command.run("login", "--tls-verify=false", "-u", user, "-p", password, registry);
  }

  Outcome logout(String registry) {
    return command.run("logout", registry);
  }

  /** Pushes a local image under another name. */
  Outcome push(String image, String target) {
    return command.run("push", "-q", "--tls-verify=false", "--signature-policy", home.policy().toString(), image,
        target);
  }

  /** The digests under which podman knows a pulled image: the index and the manifest it chose from it. */
  List<Digest> digests(String image) {
    String names = command.run("image", "inspect", "--format", "{{range .RepoDigests}}{{println .}}{{end}}", image)
        .orFail()
        .line();
    return names.lines().map(name -> Digest.parse(name.substring(name.indexOf('@') + 1))).toList();
  }

  /** Forgets every image, so that the next pull fetches every byte. */
  void forgetImages() {
    command.run("rmi", "--all", "--force").orFail();
  }

  Outcome run(String... arguments) {
    return command.run(arguments);
  }
}
