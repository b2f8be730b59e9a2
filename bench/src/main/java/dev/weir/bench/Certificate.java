package dev.weir.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The one certificate that all servers show, EC P-256, from a CA of the bench's own.
 *
 * @param chain PEM: the server's, then the CA's
 * @param openssl a configuration of OpenSSL's library that offers TLS 1.3 with one cipher, for its clients
 */
record Certificate(Path chain, Path key, Path ca, Path openssl) {
  static final String CIPHER = "TLS_AES_128_GCM_SHA256";

  static Certificate make(Path directory) throws IOException, InterruptedException {
    Path caKey = directory.resolve("ca.key");
    Path ca = directory.resolve("ca.crt");
    Path key = directory.resolve("server.key");
    Path own = directory.resolve("server.crt");
    issue(caKey, ca, "/CN=bench CA", "basicConstraints=critical,CA:TRUE");
    issue(key, own, "/CN=127.0.0.1", "subjectAltName=IP:127.0.0.1", "-CA", ca.toString(), "-CAkey", caKey.toString(),
        "-addext", "basicConstraints=critical,CA:FALSE");
    Path chain = Files.writeString(directory.resolve("chain.crt"), Files.readString(own) + Files.readString(ca));
    Path openssl = Files.writeString(directory.resolve("openssl.cnf"), Resources.text("openssl.cnf"));
    return new Certificate(chain, key, ca, openssl);
  }

  private static void issue(Path key, Path certificate, String subject, String extension, String... more)
      throws IOException, InterruptedException {
    List<String> words = new ArrayList<>(List.of("openssl", "req", "-x509", "-newkey", "ec",
        "-pkeyopt", "ec_paramgen_curve:P-256", "-noenc", "-days", "30", "-keyout", key.toString(), "-out",
        certificate.toString(), "-subj", subject, "-addext", extension));
    words.addAll(List.of(more));
    Command.output(Map.of(), words);
  }

  Trust trust() throws IOException {
    return Trust.in(ca);
  }
}
