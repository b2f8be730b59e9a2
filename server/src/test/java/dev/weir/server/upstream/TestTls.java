package dev.weir.server.upstream;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** A certificate for {@code registry.test} and the loopback address that nobody knows, made by the JDK's keytool. */
public final class TestTls {
  private static final String PASSWORD = "not-a-secret";

  private final SSLContext server;
  private final Path authority;

  private TestTls(SSLContext server, Path authority) {
    this.server = server;
    this.authority = authority;
  }

  public static TestTls in(Path folder) throws IOException, GeneralSecurityException, InterruptedException {
    Path file = folder.resolve("server.p12");
    keytool(folder, "-genkeypair", "-keystore", file.toString(), "-storetype", "PKCS12", "-storepass", PASSWORD,
        "-alias",
        "server", "-keyalg", "EC", "-validity", "7300", "-dname", "CN=registry.test", "-ext", "bc:c", "-ext",
        "san=dns:registry.test,dns:auth.registry.test,dns:other.test,ip:127.0.0.1");
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      keys.load(in, PASSWORD.toCharArray());
    }
    KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(keys, PASSWORD.toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    return new TestTls(context, pem(folder, keys.getCertificate("server").getEncoded()));
  }

  /** For servers. */
  public SSLContext server() {
    return server;
  }

  /** A PEM file for clients. */
  public Path authority() {
    return authority;
  }

  private static Path pem(Path folder, byte[] certificate) throws IOException {
    String body = Base64.getMimeEncoder().encodeToString(certificate);
    return Files.writeString(folder.resolve("ca.pem"),
        "-----BEGIN CERTIFICATE-----\n" + body + "\n-----END CERTIFICATE-----\n");
  }

  private static void keytool(Path folder, String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(
        List.of(Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
    command.addAll(List.of(arguments));
    Path log = folder.resolve("keytool.log");
    Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    if (process.waitFor() != 0) {
      throw new IOException("keytool: " + Files.readString(log));
    }
  }
}
