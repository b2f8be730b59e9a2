package dev.weir.server.realclient;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A directory in which podman, buildah and skopeo keep everything they would keep in a user's home: images, credentials,
 * policy and registries.conf. The storage driver is vfs: it mounts nothing and so needs no privileges and no cleaning up.
 */
record ClientHome(Path directory) {

  /** A home that knows no registry but those named in full, and trusts every image. */
  static ClientHome in(Path directory) {
    var home = new ClientHome(directory);
    try {
      Files.createDirectories(home.temporary());
      Files.writeString(home.policy(), "{\"default\": [{\"type\": \"insecureAcceptAnything\"}]}\n");
      Files.writeString(home.credentials(), "{\"auths\": {}}\n");
      Files.writeString(home.storageConf(),
          "[storage]\ndriver = \"vfs\"\nrunroot = \"%s\"\ngraphroot = \"%s\"\n".formatted(
              home.runRoot(), home.storageRoot()));
      Files.writeString(home.containersConf(), """
          [containers]
          default_ulimits = ["nofile=16384:16384", "nproc=20000:20000"]
          [engine]
          runtime = "runc"
          cgroup_manager = "cgroupfs"
          events_logger = "file"
          """);
    } catch (IOException e) {
      throw new UncheckedIOException("prepare " + directory, e);
    }
    return home.registries("");
  }

  /** Replaces registries.conf. */
  ClientHome registries(String toml) {
    try {
      Files.writeString(registriesConf(), "unqualified-search-registries = []\n" + toml);
    } catch (IOException e) {
      throw new UncheckedIOException("write " + registriesConf(), e);
    }
    return this;
  }

  Path storageRoot() {
    return directory.resolve("storage");
  }

  Path runRoot() {
    return directory.resolve("run");
  }

  Path temporary() {
    return directory.resolve("tmp");
  }

  Path policy() {
    return directory.resolve("policy.json");
  }

  Path credentials() {
    return directory.resolve("auth.json");
  }

  Path registriesConf() {
    return directory.resolve("registries.conf");
  }

  private Path storageConf() {
    return directory.resolve("storage.conf");
  }

  private Path containersConf() {
    return directory.resolve("containers.conf");
  }

  Map<String, String> environment() {
    return Map.of("HOME", directory.toString(), "TMPDIR", temporary().toString(), "REGISTRY_AUTH_FILE",
        credentials().toString(), "CONTAINERS_REGISTRIES_CONF", registriesConf().toString(), "CONTAINERS_STORAGE_CONF",
        storageConf().toString(), "CONTAINERS_CONF", containersConf().toString(), "NO_PROXY", "127.0.0.1", "no_proxy",
        "127.0.0.1");
  }

  /** How podman and buildah are told where images are. */
  List<String> storageFlags() {
    return List.of("--root", storageRoot().toString(), "--runroot", runRoot().toString(), "--storage-driver", "vfs");
  }
}
