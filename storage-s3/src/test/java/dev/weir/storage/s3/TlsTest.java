package dev.weir.storage.s3;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.nio2blob.FilesystemNio2BlobStore;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.weir.storage.ObjectKey;
import dev.weir.storage.StoreUnavailableException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class TlsTest {
  private static final ObjectKey BLOB = new ObjectKey("docker/registry/v2/blobs/sha256/aa/aa/data");
  private static final S3Settings.Keys KEYS = new S3Settings.Keys("weir", "weir-secret", Optional.empty());
  private static final String PASSWORD = "password";

  private static org.gaul.s3proxy.S3Proxy server;
  private static Path ca;
  @TempDir private Path scratch;

  @BeforeAll
  static void start(@TempDir Path directory) throws Exception {
    Path keys = directory.resolve("keys.p12");
    keytool("-genkeypair", "-alias", "s3", "-keyalg", "EC", "-dname", "CN=s3", "-ext", "san=ip:127.0.0.1", "-storetype",
        "PKCS12", "-keystore", keys.toString(), "-storepass", PASSWORD);
    ca = directory.resolve("ca.pem");
    keytool("-exportcert", "-rfc", "-alias", "s3", "-keystore", keys.toString(), "-storepass", PASSWORD, "-file",
        ca.toString());
    Path buckets = Files.createDirectory(directory.resolve("buckets"));
    Files.createDirectory(buckets.resolve("bucket"));
    server = org.gaul.s3proxy.S3Proxy.builder().blobStore(new FilesystemNio2BlobStore(buckets.toString()))
        .secureEndpoint(URI.create("https://127.0.0.1:0")).keyStore(keys.toString(), PASSWORD)
        .awsAuthentication(AuthenticationType.AWS_V2_OR_V4, KEYS.accessKey(), KEYS.secretKey()).build();
    server.start();
  }

  private static void keytool(String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "keytool")
        .toString()));
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
  }

  @AfterAll
  static void stop() throws Exception {
    server.stop();
  }

  private static S3ObjectStore open(S3Settings.Trust trust) throws IOException {
    return S3ObjectStore.open(settings(trust), false);
  }

  private static S3Settings settings(S3Settings.Trust trust) {
    return new S3Settings("bucket", "",
        new S3Settings.Endpoint("local", Optional.of(URI.create("https://127.0.0.1:" + server.getSecurePort())), true,
            S3Settings.Variant.PLAIN, trust, Optional.empty()),
        KEYS,
        new S3Settings.Writing(5 << 20, S3Settings.Copies.DEFAULT, new S3Settings.BucketsOwn(), Optional.empty(),
            Optional.empty()),
        Optional.empty());
  }

  @Test
  void whatArrivesDoesSoFromAServerThatIsTrustedAndFromNoOther() throws IOException {
    byte[] content = new byte[3 << 20];
    new Random(2).nextBytes(content);
    for (S3Settings.Trust trust : List.of(new S3Settings.Trust(false, Optional.of(ca)),
        new S3Settings.Trust(true, Optional.empty()))) {
      try (OneLoop loop = new OneLoop(); S3ObjectStore store = loop.store(settings(trust))) {
        store.putBytes(BLOB, content);
        try (var object = store.openArriving(BLOB).orElseThrow()) {
          Keeper keeper = new Keeper(true);
          object.arriving().orElseThrow().to(keeper);
          assertThat(keeper.awaitEnd()).isEmpty();
          assertThat(keeper.bytes()).isEqualTo(content);
        }
      }
    }
    try (OneLoop loop = new OneLoop(); S3ObjectStore store = loop.store(settings(S3Settings.Trust.SYSTEM))) {
      assertThatThrownBy(() -> store.openArriving(BLOB)).isInstanceOf(StoreUnavailableException.class)
          .hasMessageContaining("certification path");
    }
  }

  @Test
  void aServerOfWhomTheFileTellsIsTrusted() throws IOException {
    byte[] content = new byte[11 << 20];
    new Random(1).nextBytes(content);
    try (S3ObjectStore store = open(new S3Settings.Trust(false, Optional.of(ca)))) {
      store.putFile(BLOB, Files.write(scratch.resolve("large"), content));
      try (var object = store.open(BLOB).orElseThrow(); var all = object.read()) {
        assertThat(all.readAllBytes()).isEqualTo(content);
      }
      store.putBytes(BLOB, new byte[5]);
      assertThat(store.get(BLOB)).hasValue(new byte[5]);
    }
  }

  @Test
  void aServerThatNobodyKnowsIsNot() throws IOException {
    try (S3ObjectStore store = open(S3Settings.Trust.SYSTEM)) {
      assertThatThrownBy(() -> store.get(BLOB)).isInstanceOf(StoreUnavailableException.class)
          .hasMessageContaining("certification path");
    }
  }

  @Test
  void whoeverAnswersIsTrustedWhereNobodyLooks() throws IOException {
    try (S3ObjectStore store = open(new S3Settings.Trust(true, Optional.empty()))) {
      assertThat(store.size(new ObjectKey("absent"))).isEmpty();
    }
  }

  @Test
  void aFileWithoutACertificateIsSaidToBeSo() throws IOException {
    Path empty = Files.writeString(scratch.resolve("empty.pem"), "");
    assertThatThrownBy(() -> open(new S3Settings.Trust(false, Optional.of(empty)))).isInstanceOf(IOException.class)
        .hasMessageContaining("empty.pem");
    assertThatThrownBy(() -> open(new S3Settings.Trust(false, Optional.of(scratch.resolve("absent.pem")))))
        .isInstanceOf(IOException.class).hasMessageContaining("absent.pem");
  }
}
