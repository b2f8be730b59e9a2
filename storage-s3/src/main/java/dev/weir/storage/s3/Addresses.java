package dev.weir.storage.s3;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;

import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;

/** Signed addresses, by which a client without credentials reads one object for a while. Thread-safe. */
final class Addresses implements AutoCloseable {
  /** As distribution's. */
  private static final Duration VALID = Duration.ofMinutes(20);

  private final String bucket;
  private final S3Presigner signer;

  /**
   * Asks nobody.
   *
   * @param address where the bucket is reached; empty: where Amazon has it
   */
  Addresses(S3Settings settings, Optional<URI> address, AwsCredentialsProvider credentials) {
    S3Settings.Endpoint endpoint = settings.endpoint();
    S3Presigner.Builder building = S3Presigner.builder().region(Connections.region(endpoint))
        .credentialsProvider(credentials)
        .serviceConfiguration(S3Configuration.builder().pathStyleAccessEnabled(endpoint.pathStyle())
            .accelerateModeEnabled(address.isEmpty() && endpoint.variant().accelerated())
            .chunkedEncodingEnabled(false).build());
    if (address.isPresent()) {
      building.endpointOverride(address.get());
    } else {
      building.dualstackEnabled(endpoint.variant().dualStack()).fipsEnabled(endpoint.variant().fips());
    }
    this.bucket = settings.bucket();
    this.signer = building.build();
  }

  /** They lead to where clients reach the bucket. */
  static Addresses forClients(S3Settings settings, AwsCredentialsProvider credentials) {
    return new Addresses(settings, settings.redirectEndpoint().or(settings.endpoint()::address), credentials);
  }

  URI of(String key) {
    return URI.create(signer.presignGetObject(
        request -> request.signatureDuration(VALID).getObjectRequest(object -> object.bucket(bucket).key(key))).url()
        .toString());
  }

  @Override
  public void close() {
    signer.close();
  }
}
