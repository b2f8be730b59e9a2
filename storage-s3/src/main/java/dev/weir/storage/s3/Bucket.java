package dev.weir.storage.s3;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Optional;

import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;

/**
 * One bucket, as it is asked for single objects by their names in it. Thread-safe.
 *
 * <p>Whether an object is there is asked by GET for its beginning, never by HEAD: the answer to a HEAD has no words, so
 * that a missing bucket would look like a missing object.
 *
 * @param quick for what is small and waited for
 * @param bulk  for bytes, with more patience and connections of its own
 * @param soon  how long the beginning of an answer with bytes is waited for
 */
record Bucket(String name, S3Client quick, S3Client bulk, AwsRequestOverrideConfiguration soon, WrittenAs writing,
    Failures failures) {
  private static final int MOST_BREAKS = 3;

  /**
   * How an object begins.
   *
   * @param written empty for an empty object, of which the server says nothing
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Beginning(long size, String entityTag, Optional<Instant> written, byte[] bytes) {
    private static final Beginning OF_NOTHING = new Beginning(0, "", Optional.empty(), new byte[0]);
  }

  /** An object's size, and its first bytes: at most {@code length}, at least 1. */
  Optional<Beginning> beginning(String key, int length) throws IOException {
    GetObjectRequest request = GetObjectRequest.builder().bucket(name).key(key).range("bytes=0-" + (length - 1))
        .build();
    try {
      return whole("look at " + key, request, answer -> beginning(answer, length));
    } catch (AwsServiceException e) {
      if (Failures.isBeyondTheEnd(e)) {
        return Optional.of(Beginning.OF_NOTHING);
      }
      return emptyIfAbsent("look at " + key, e);
    }
  }

  private static Beginning beginning(ResponseInputStream<GetObjectResponse> answer, int length) throws IOException {
    GetObjectResponse head = answer.response();
    return new Beginning(size(head), entityTag(head), Optional.ofNullable(head.lastModified()),
        answer.readNBytes(length));
  }

  private static long size(GetObjectResponse head) throws IOException {
    String range = head.contentRange();
    if (range == null && head.contentLength() == null) {
      throw new IOException("the answer does not say how long the object is");
    }
    try {
      return range == null ? head.contentLength() : Long.parseLong(range.substring(range.lastIndexOf('/') + 1));
    } catch (NumberFormatException e) {
      throw new IOException("the answer does not say how long the object is, but " + range, e);
    }
  }

  /** Empty: the server gives none. */
  private static String entityTag(GetObjectResponse head) {
    return head.eTag() == null ? "" : head.eTag();
  }

  /** Something on the way to the bucket may pass over what range was asked for, and send all of the object. */
  private static void requireFrom(long from, GetObjectResponse head) throws IOException {
    String range = head.contentRange();
    int status = head.sdkHttpResponse().statusCode();
    boolean isWhole = status == 200 && range == null;
    if (!(isWhole && from == 0) && !(status == 206 && range != null && range.startsWith("bytes " + from + "-"))) {
      throw new IOException("bytes from " + from + " on were asked for, and the answer is " + status
          + (range == null ? " without a range" : " with " + range));
    }
  }

  /** An object of which a stretch comes now; whoever has it closes or aborts that. */
  record Coming(long size, String entityTag, ResponseInputStream<GetObjectResponse> bytes) {}

  /**
   * Asks for an object's bytes from {@code from} up to {@code to}, excluded, or to its end. Only its beginning has to come
   * quickly.
   *
   * @throws AwsServiceException if it has no byte there
   */
  Optional<Coming> coming(String key, long from, long to) throws IOException {
    GetObjectRequest.Builder request = GetObjectRequest.builder().bucket(name).key(key)
        .overrideConfiguration(soon);
    if (from > 0 || to < Long.MAX_VALUE) {
      request.range("bytes=" + from + "-" + (to == Long.MAX_VALUE ? "" : to - 1));
    }
    try {
      return Optional.of(coming("read " + key, from, bulk.getObject(request.build())));
    } catch (AwsServiceException e) {
      if (Failures.isBeyondTheEnd(e)) {
        throw e;
      }
      return emptyIfAbsent("read " + key, e);
    } catch (SdkException e) {
      throw failures.of("read " + key, e);
    }
  }

  private Coming coming(String tried, long from, ResponseInputStream<GetObjectResponse> answer) throws IOException {
    try {
      requireFrom(from, answer.response());
      return new Coming(size(answer.response()), entityTag(answer.response()), answer);
    } catch (IOException e) {
      answer.abort();
      throw failures.of(tried, e);
    }
  }

  /** All of a small object. */
  Optional<byte[]> whole(String key) throws IOException {
    try {
      return whole("read " + key, GetObjectRequest.builder().bucket(name).key(key).build(),
          ResponseInputStream::readAllBytes);
    } catch (AwsServiceException e) {
      return emptyIfAbsent("read " + key, e);
    }
  }

  /** Takes what is wanted out of an answer. */
  private interface Reading<T> {
    T of(ResponseInputStream<GetObjectResponse> answer) throws IOException;
  }

  /** Once more where the answer breaks; that it begins is seen to by the client. */
  private <T> Optional<T> whole(String tried, GetObjectRequest request, Reading<T> reading) throws IOException {
    IOException broken = new IOException("never asked");
    for (int attempt = 0; attempt < MOST_BREAKS; attempt++) {
      try (ResponseInputStream<GetObjectResponse> answer = quick.getObject(request)) {
        return Optional.of(reading.of(answer));
      } catch (AwsServiceException e) {
        throw e;
      } catch (SdkException e) {
        throw failures.of(tried, e);
      } catch (IOException e) {
        broken = e;
      }
    }
    throw failures.of(tried, broken);
  }

  /** Bytes of the object that has {@code entityTag}, and of no other: none if it is empty. The caller closes the answer. */
  ResponseInputStream<GetObjectResponse> range(String key, String entityTag, long from, long to) throws IOException {
    String tried = "read " + key + " from " + from + " on";
    if (entityTag.isEmpty()) {
      throw failures.of(tried, new IOException("the store gives no entity tag, so it may be another object by now"));
    }
    try {
      return coming(tried, from, bulk.getObject(GetObjectRequest.builder().bucket(name).key(key).ifMatch(entityTag)
          .overrideConfiguration(soon).range("bytes=" + from + "-" + (to - 1)).build())).bytes();
    } catch (SdkException e) {
      throw failures.of(tried, e);
    }
  }

  /** Asks for more of the same object. */
  ResumingInput.Asking rest(String key, String entityTag) {
    return (from, to) -> range(key, entityTag, from, to);
  }

  /** @param bulky whether it may take a while */
  void put(String key, RequestBody body, boolean bulky) throws IOException {
    S3Client client = bulky ? bulk : quick;
    try {
      client.putObject(writing.with(PutObjectRequest.builder().bucket(name).key(key)).build(), body);
    } catch (SdkException e) {
      throw failures.of("store " + key, e);
    } catch (UncheckedIOException e) { // of the body
      throw failures.of("store " + key, e);
    }
  }

  /** False: there was one. Empty: the server takes no conditions. */
  Optional<Boolean> putIfAbsent(String key, RequestBody body) throws IOException {
    try {
      quick.putObject(
          writing.with(PutObjectRequest.builder().bucket(name).key(key)).ifNoneMatch("*").build(), body);
      return Optional.of(true);
    } catch (AwsServiceException e) {
      return switch (e.statusCode()) {
        case 412, 409 -> Optional.of(false);
        case 501 -> Optional.empty();
        default -> throw failures.of("store " + key, e);
      };
    } catch (SdkException e) {
      throw failures.of("store " + key, e);
    }
  }

  void delete(String key) throws IOException {
    try {
      quick.deleteObject(request -> request.bucket(name).key(key));
    } catch (SdkException e) {
      throw failures.of("delete " + key, e);
    }
  }

  private <T> Optional<T> emptyIfAbsent(String tried, AwsServiceException e) throws IOException {
    if (Failures.isAbsent(e)) {
      return Optional.empty();
    }
    throw failures.of(tried, e);
  }
}
