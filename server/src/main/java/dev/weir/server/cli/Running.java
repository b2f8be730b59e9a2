package dev.weir.server.cli;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

import dev.weir.auth.Credentials;
import dev.weir.auth.PullSecret;
import dev.weir.server.admin.AdminClient;
import dev.weir.server.admin.RemoteClient;
import dev.weir.server.admin.SocketClient;
import dev.weir.server.config.ConfigException;
import dev.weir.server.config.ConfigLoader;
import dev.weir.server.config.WeirConfig;

/** How a command finds the weir that it is about: options that many commands have. */
final class Running {
  /** For whoever always means the same one. */
  private static final String VARIABLE = "WEIR_SERVER";

  @Option(names = "--config", paramLabel = "CONFIG", scope = ScopeType.INHERIT, description = "weir's configuration, by which its data and socket are found; default: as for serve") private @Nullable Path config;

  @Option(names = "--server", paramLabel = "URL", scope = ScopeType.INHERIT, description = "a weir elsewhere, such as https://mirror.example.com:5000; default: what WEIR_SERVER says, else the one on this host") private @Nullable String server;

  @Option(names = "--authfile", paramLabel = "FILE", scope = ScopeType.INHERIT, description = "credentials of an administrator there, as podman login writes them") private @Nullable Path authfile;

  /** How this host's weir is configured. */
  WeirConfig load() throws ConfigException {
    return ConfigLoader.load(ConfigFile.chosen(Optional.ofNullable(config), System.getenv()), System.getenv())
        .config();
  }

  /** Whether it is one elsewhere. */
  boolean isElsewhere() {
    return address(System.getenv()).isPresent();
  }

  /** Empty: no weir runs on this host's data. */
  Optional<AdminClient> find() throws IOException, ConfigException {
    Optional<String> address = address(System.getenv());
    if (address.isPresent()) {
      URI uri = uri(address.get());
      return Optional.of(new RemoteClient(uri, credentials(uri), Optional.empty()));
    }
    Path socket = load().socket();
    return Files.exists(socket) && answers(socket) ? Optional.of(new SocketClient(socket)) : Optional.empty();
  }

  /** @throws IOException if none runs */
  AdminClient require() throws IOException, ConfigException {
    return find().orElseThrow(() -> new IOException("no weir runs here that this command could speak to; start one, or"
        + " name one with --server"));
  }

  private Optional<String> address(Map<String, String> environment) {
    return Optional.ofNullable(server).or(() -> Optional.ofNullable(environment.get(VARIABLE)))
        .filter(given -> !given.isBlank());
  }

  /** A weir elsewhere, if that is meant. */
  Optional<URI> elsewhere() {
    return address(System.getenv()).map(Running::uri);
  }

  /** As people write it: without a scheme it is https. */
  static URI uri(String address) {
    return URI.create(address.contains("://") ? address : "https://" + address);
  }

  /** The socket of the weir that runs on this host's data. Empty: none does. */
  Optional<Path> socket() throws ConfigException {
    Path socket = load().socket();
    return Files.exists(socket) && answers(socket) ? Optional.of(socket) : Optional.empty();
  }

  /** What the file of credentials says of a host. */
  Optional<Credentials> credentials(URI uri) throws IOException {
    if (authfile == null) {
      return Optional.empty();
    }
    if (!Files.isReadable(authfile)) {
      throw new IOException("cannot read " + authfile);
    }
    return new PullSecret(authfile, InstantSource.system(), warning -> {}).credentials(uri.getAuthority(), "");
  }

  /** A process that was killed leaves its socket behind, which nobody answers. */
  private static boolean answers(Path socket) {
    try {
      var _ = new SocketClient(socket).ask("GET", "/weir/v1/none", "");
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
