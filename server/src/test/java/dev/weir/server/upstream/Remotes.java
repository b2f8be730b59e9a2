package dev.weir.server.upstream;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;

import dev.weir.auth.Credentials;
import dev.weir.server.upstream.UpstreamSettings.Patience;

/** Clients of scripted registries, with little patience. */
public final class Remotes {
  static final Patience SHORT = new Patience(Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofSeconds(5),
      Duration.ofSeconds(5));

  /** Shared, since reading a system's authorities takes a while. */
  private static final Network DIRECT = Network.of(Map.of());

  private Remotes() {}

  /** Under the name {@code mock}, without credentials. */
  public static RemoteRegistry of(ScriptedRegistry registry) {
    return of(UpstreamSettings.of("mock", registry.uri()));
  }

  public static RemoteRegistry of(UpstreamSettings settings) {
    return of(settings, DIRECT, InstantSource.system());
  }

  static RemoteRegistry of(UpstreamSettings settings, Network network, InstantSource clock) {
    try {
      return new RemoteRegistry(settings, network, clock);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static UpstreamSettings settings(ScriptedRegistry registry) {
    return UpstreamSettings.of("mock", registry.uri()).withPatience(SHORT);
  }

  static CredentialsSource user(String name, String password) {
    return (host, path) -> Optional.of(new Credentials(name, password));
  }

  static byte[] readAll(BlobStream stream) throws UpstreamException {
    try (stream) {
      ByteArrayOutputStream whole = new ByteArrayOutputStream();
      for (Optional<ByteBuffer> next = stream.next(); next.isPresent(); next = stream.next()) {
        byte[] bytes = new byte[next.get().remaining()];
        next.get().get(bytes);
        whole.writeBytes(bytes);
      }
      return whole.toByteArray();
    }
  }
}
