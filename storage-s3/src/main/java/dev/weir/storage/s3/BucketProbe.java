package dev.weir.storage.s3;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;

import dev.weir.storage.ObjectKey;

/**
 * Tries each thing that a store on a bucket does there, with an object of a few bytes that it takes away again. For one
 * thread, once.
 */
public final class BucketProbe {
  private static final Duration SILENCE = Duration.ofSeconds(3);
  private static final int CONNECTIONS = 2;
  private static final String PROBE = "weir/probe";

  private final S3Settings settings;
  private final Failures failures;
  private final InstantSource clock;
  private final String key;
  private final List<Outcome> outcomes = new ArrayList<>();
  private Optional<Duration> skew = Optional.empty();
  private boolean isHopeless;

  private BucketProbe(S3Settings settings, InstantSource clock) {
    this.settings = settings;
    this.clock = clock;
    this.failures = new Failures(S3ObjectStore.described(settings));
    this.key = new Keys(settings.rootDirectory()).below(new ObjectKey(PROBE + "/" + UUID.randomUUID()))
        + "object";
  }

  /**
   * Whether something works.
   *
   * @param permission that it takes
   * @param trouble in a sentence; empty: it works
   */
  public record Outcome(String permission, Optional<String> trouble) {}

  /**
   * What was found.
   *
   * @param region the bucket's own, if the server says one
   * @param skew by which our clock is ahead of the server's
   * @param keepsApart whether of two who make an object at once the server tells one that it was second
   */
  public record Report(List<Outcome> outcomes, Optional<String> region, Optional<Duration> skew, boolean keepsApart) {}

  /** @throws IOException if something that the settings name cannot be used */
  public static Report of(S3Settings settings, InstantSource clock) throws IOException {
    return new BucketProbe(settings, clock).run();
  }

  private Report run() throws IOException {
    try (S3Client client = new Connections(settings, List.of(new Clock())).open(SILENCE, CONNECTIONS)) {
      Optional<String> region = region(client);
      tried("s3:ListBucket", "list what it holds", () -> client.listObjectsV2(
          request -> request.bucket(settings.bucket()).prefix(PROBE).maxKeys(1)));
      tried("s3:ListBucketMultipartUploads", "list unfinished uploads",
          () -> client.listMultipartUploads(request -> request.bucket(settings.bucket()).prefix(PROBE).maxUploads(1)));
      boolean keepsApart = object(client);
      parts(client);
      return new Report(List.copyOf(outcomes), region, skew, keepsApart);
    } catch (SdkException e) {
      throw failures.of("use anything", e);
    }
  }

  private Optional<String> region(S3Client client) {
    List<String> found = new ArrayList<>();
    tried("s3:GetBucketLocation", "ask where it is", () -> found
        .add(client.getBucketLocation(request -> request.bucket(settings.bucket())).locationConstraintAsString()));
    return found.stream().filter(region -> region != null && !region.isEmpty()).findFirst();
  }

  /** Whether the server keeps two writers apart. */
  private boolean object(S3Client client) {
    boolean isThere = tried("s3:PutObject", "store an object", () -> client
        .putObject(request -> request.bucket(settings.bucket()).key(key), RequestBody.fromString("probe")));
    if (!isThere) {
      return false;
    }
    tried("s3:GetObject", "read it",
        () -> client.getObject(request -> request.bucket(settings.bucket()).key(key)).abort());
    boolean keepsApart = isRefusedASecondTime(client);
    tried("s3:DeleteObject", "delete it",
        () -> client.deleteObject(request -> request.bucket(settings.bucket()).key(key)));
    return keepsApart;
  }

  private boolean isRefusedASecondTime(S3Client client) {
    try {
      client.putObject(request -> request.bucket(settings.bucket()).key(key).ifNoneMatch("*"),
          RequestBody.fromString("probe"));
      return false;
    } catch (AwsServiceException e) {
      return e.statusCode() == 412 || e.statusCode() == 409;
    } catch (SdkException e) {
      return false;
    }
  }

  private void parts(S3Client client) {
    List<String> upload = new ArrayList<>();
    boolean begun = tried("s3:PutObject", "begin an upload in parts", () -> upload.add(client
        .createMultipartUpload(request -> request.bucket(settings.bucket()).key(key)).uploadId()));
    if (begun) {
      String id = upload.getFirst();
      tried("s3:ListMultipartUploadParts", "list its parts",
          () -> client.listParts(request -> request.bucket(settings.bucket()).key(key).uploadId(id)));
      tried("s3:AbortMultipartUpload", "take it back",
          () -> client.abortMultipartUpload(request -> request.bucket(settings.bucket()).key(key).uploadId(id)));
    }
  }

  /** Nothing more is tried after a failure that the rest would share. */
  private boolean tried(String permission, String what, Runnable step) {
    if (isHopeless) {
      return false;
    }
    try {
      step.run();
      outcomes.add(new Outcome(permission, Optional.empty()));
      return true;
    } catch (SdkException e) {
      outcomes.add(new Outcome(permission, Optional.of(String.valueOf(failures.of(what, e).getMessage()))));
      isHopeless = !Failures.isDenied(e);
      return false;
    }
  }

  /** Compares clocks by the answers' dates. */
  private final class Clock implements ExecutionInterceptor {
    @Override
    public void afterTransmission(Context.AfterTransmission context, ExecutionAttributes attributes) {
      context.httpResponse().firstMatchingHeader("Date").flatMap(Clock::parsed)
          .ifPresent(theirs -> skew = Optional.of(Duration.between(theirs, clock.instant())));
    }

    private static Optional<Instant> parsed(String date) {
      try {
        return Optional.of(Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(date)));
      } catch (DateTimeParseException e) {
        return Optional.empty();
      }
    }
  }
}
