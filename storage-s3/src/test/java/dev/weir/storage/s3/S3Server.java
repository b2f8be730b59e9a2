package dev.weir.storage.s3;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.S3Object;

/** A server of buckets, as its owner sees it. */
public abstract class S3Server implements AutoCloseable {
  private final URI address;
  private final S3Settings.Keys owner;
  private final S3Settings.Keys user;
  private final S3Client client;

  /**
   * One that listens already.
   *
   * @param owner makes buckets
   * @param user uses them
   */
  protected S3Server(URI address, S3Settings.Keys owner, S3Settings.Keys user) {
    this.address = address;
    this.owner = owner;
    this.user = user;
    this.client = client();
  }

  private S3Client client() {
    try {
      return new Connections(settings("", address, owner, "us-east-1"), List.of())
          .open(java.time.Duration.ofSeconds(20), 10);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public URI address() {
    return address;
  }

  /** Whose credentials weir has. */
  public S3Settings.Keys user() {
    return user;
  }

  /** Whose credentials may do anything. */
  public S3Settings.Keys owner() {
    return owner;
  }

  /** Makes a bucket that nobody has used, in which the user may do what weir needs, and if the server can tell, no more. */
  public final String newBucket() {
    String name = "bucket-" + UUID.randomUUID();
    client.createBucket(request -> request.bucket(name));
    permit(client, name);
    return name;
  }

  protected abstract void permit(S3Client asOwner, String bucket);

  public S3Settings settings(String bucket) {
    return settings(bucket, address, user, "local");
  }

  /** The same for who goes by what stands before it. */
  S3Settings settings(String bucket, URI at) {
    return settings(bucket, at, user, "local");
  }

  private static S3Settings settings(String bucket, URI at, S3Settings.Credentials credentials, String region) {
    return new S3Settings(bucket, "",
        new S3Settings.Endpoint(region, Optional.of(at), true, S3Settings.Variant.PLAIN, S3Settings.Trust.SYSTEM,
            Optional.empty()),
        credentials,
        new S3Settings.Writing(5 << 20, new S3Settings.Copies(6 << 20, 5 << 20, 2), new S3Settings.BucketsOwn(),
            Optional.empty(), Optional.empty()),
        Optional.empty());
  }

  /** The same, as it stands in a configuration under {@code storage}. */
  public String yaml(String bucket) {
    return "s3: {bucket: %s, region: local, regionendpoint: '%s', accesskey: %s, secretkey: %s, chunksize: 5MiB}"
        .formatted(bucket, address, user.accessKey(), user.secretKey());
  }

  /** What the bucket holds: keys, and uploads that nobody ended. */
  public List<String> contents(String bucket) {
    return Stream.concat(
        client.listObjectsV2Paginator(request -> request.bucket(bucket)).contents().stream().map(S3Object::key),
        unfinished(bucket).stream().map(upload -> "unfinished " + upload.key())).toList();
  }

  List<MultipartUpload> unfinished(String bucket) {
    return client.listMultipartUploads(request -> request.bucket(bucket)).uploads();
  }

  /** As somebody who may do anything. */
  public S3Client asOwner() {
    return client;
  }

  @Override
  public void close() {
    client.close();
  }
}
