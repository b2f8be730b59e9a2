package dev.weir.storage.s3;

import java.net.URI;
import java.time.Duration;

import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;

/** Signed addresses, by which a client without credentials reads one object for a while. Thread-safe. */
final class Addresses implements AutoCloseable {
  /** As distribution's. */
  private static final Duration VALID = Duration.ofMinutes(20);

  private final String bucket;
  private final S3Presigner signer;

  /** Asks nobody; they lead to where clients reach the bucket. */
  Addresses(S3Settings settings) {
    S3Settings.Endpoint endpoint = settings.endpoint();
    S3Presigner.Builder building = S3Presigner.builder().region(Connections.region(endpoint))
        .credentialsProvider(Connections.credentials(settings.credentials()))
        .serviceConfiguration(S3Configuration.builder().pathStyleAccessEnabled(endpoint.pathStyle())
            .chunkedEncodingEnabled(false).build());
    settings.redirectEndpoint().or(endpoint::address).ifPresent(building::endpointOverride);
    this.bucket = settings.bucket();
    this.signer = building.build();
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
