package dev.weir.server.realclient;

import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.weir.server.tls.TestCertificates;
import dev.weir.server.tls.TlsFiles;

/**
 * The line that people run registry:2 with: password file, certificate and volume in its variables, and no configuration
 * of one's own.
 *
 * @param authority what clients are to trust
 */
record RegistryLine(Path htpasswd, TlsFiles tls, Path authority) {
  static final String REALM = "Registry Realm";

  /** The configuration that registry:2's image ships. */
  static final String SHIPPED = """
      version: 0.1
      log:
        fields:
          service: registry
      storage:
        cache:
          blobdescriptor: inmemory
        filesystem:
          rootdirectory: /var/lib/registry
      http:
        addr: :5000
        headers:
          X-Content-Type-Options: [nosniff]
      health:
        storagedriver:
          enabled: true
          interval: 10s
          threshold: 3
      """;

  /** @param volume what is mounted at /var/lib/registry */
  Map<String, String> variables(Path volume) {
    return Map.of("REGISTRY_AUTH", "htpasswd", "REGISTRY_AUTH_HTPASSWD_REALM", REALM, "REGISTRY_AUTH_HTPASSWD_PATH",
        htpasswd.toString(), "REGISTRY_HTTP_TLS_CERTIFICATE", tls.certificate().toString(), "REGISTRY_HTTP_TLS_KEY",
        tls.key().toString(), "REGISTRY_STORAGE_FILESYSTEM_ROOTDIRECTORY", volume.toString(), "REGISTRY_HTTP_ADDR",
        "127.0.0.1:0");
  }

  ServerProcess start(List<String> command, Path volume) {
    return start(command, volume, Map.of());
  }

  ServerProcess start(List<String> command, Path volume, Map<String, String> more) {
    Map<String, String> all = new HashMap<>(variables(volume));
    all.putAll(more);
    return ServerProcess.start(command, all, this::wire);
  }

  Wire wire(int port) {
    return new Wire(URI.create("https://127.0.0.1:" + port), TestCertificates.clientTrusting(authority));
  }
}
