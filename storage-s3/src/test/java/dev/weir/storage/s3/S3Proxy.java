package dev.weir.storage.s3;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;

import org.gaul.s3proxy.AccessGrant;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.nio2blob.FilesystemNio2BlobStore;
import software.amazon.awssdk.services.s3.S3Client;

/** s3proxy in this process, over a directory. It checks signatures, and knows no policies. */
public final class S3Proxy extends S3Server {
  private static final S3Settings.Keys KEYS = new S3Settings.Keys("weir", "weir-secret", Optional.empty());

  private final Path directory;
  private org.gaul.s3proxy.S3Proxy server;

  private S3Proxy(Path directory, org.gaul.s3proxy.S3Proxy server) {
    super(URI.create("http://127.0.0.1:" + server.getPort()), KEYS, KEYS);
    this.directory = directory;
    this.server = server;
  }

  public static S3Proxy over(Path directory) {
    return new S3Proxy(directory, launch(directory, 0));
  }

  /** To which those may come, too, whose secret is known, with tokens that nobody looks at. */
  static S3Proxy over(Path directory, Function<String, Optional<String>> secrets) {
    org.gaul.s3proxy.S3Proxy.Builder building = building(directory, 0).ignoreUnknownHeaders(true);
    var server = launch(building);
    var store = new FilesystemNio2BlobStore(directory.toString());
    server.setBlobStoreLocator((who, container, blob) -> {
      Optional<String> secret = Optional.ofNullable(who).flatMap(
          key -> KEYS.accessKey().equals(key) ? Optional.of(KEYS.secretKey()) : secrets.apply(key));
      return secret.map(known -> new AccessGrant(known, store)).orElse(null);
    });
    return new S3Proxy(directory, server);
  }

  private static org.gaul.s3proxy.S3Proxy.Builder building(Path directory, int port) {
    return org.gaul.s3proxy.S3Proxy.builder().blobStore(new FilesystemNio2BlobStore(directory.toString()))
        .endpoint(URI.create("http://127.0.0.1:" + port))
        .awsAuthentication(AuthenticationType.AWS_V2_OR_V4, KEYS.accessKey(), KEYS.secretKey());
  }

  private static org.gaul.s3proxy.S3Proxy launch(Path directory, int port) {
    return launch(building(directory, port));
  }

  private static org.gaul.s3proxy.S3Proxy launch(org.gaul.s3proxy.S3Proxy.Builder building) {
    try {
      var server = building.build();
      server.start();
      return server;
    } catch (Exception e) {
      throw new IllegalStateException("cannot start s3proxy", e);
    }
  }

  /** From now on connections are refused. */
  public void stop() {
    try {
      server.stop();
    } catch (Exception e) {
      throw new IllegalStateException("cannot stop s3proxy", e);
    }
  }

  /** Answers again, on the same port and with what it held. */
  public void start() {
    server = launch(directory, address().getPort());
  }

  @Override
  protected void permit(S3Client asOwner, String bucket) {}

  @Override
  public void close() {
    super.close();
    stop();
  }
}
