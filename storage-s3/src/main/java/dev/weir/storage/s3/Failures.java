package dev.weir.storage.s3;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Set;

import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sts.model.StsException;

import dev.weir.storage.StoreUnavailableException;

/** What went wrong, in sentences. */
final class Failures {
  private static final Set<String> CREDENTIALS = Set.of("ExpiredToken", "ExpiredTokenException", "InvalidToken",
      "TokenRefreshRequired", "InvalidAccessKeyId", "SignatureDoesNotMatch", "InvalidSecurity", "NotSignedUp");
  private static final Set<String> OTHER_REGION = Set.of("PermanentRedirect", "AuthorizationHeaderMalformed",
      "IllegalLocationConstraintException");
  private static final Set<String> PATIENCE = Set.of("SlowDown", "ServiceUnavailable", "RequestLimitExceeded",
      "TooManyRequests", "Throttling", "ThrottlingException");
  private static final Set<String> FULL = Set.of("QuotaExceeded", "XMinioStorageFull",
      "XMinioAdminBucketQuotaExceeded");

  private static final String NO_CREDENTIALS = "Unable to load credentials from any of the providers";

  private final String bucket;

  /** @param bucket by name and address */
  Failures(String bucket) {
    this.bucket = bucket;
  }

  /** @param tried what was to be done on what, after "cannot" */
  IOException of(String tried, SdkException e) {
    String sentence = "cannot " + tried + " in " + bucket + ": ";
    return switch (e) {
      case StsException answer -> new StoreUnavailableException(
          sentence + "the token service gives no keys for the web identity: " + said(answer), e);
      case AwsServiceException answer when isOfTheRequest(answer) -> new IOException(sentence + said(answer), e);
      case AwsServiceException answer -> new StoreUnavailableException(sentence + reason(answer), e);
      default -> new StoreUnavailableException(sentence + silence(e), e);
    };
  }

  /** @param e broke an answer that had begun */
  IOException of(String tried, IOException e) {
    return new StoreUnavailableException("cannot " + tried + " in " + bucket + ": " + e.getMessage(), e);
  }

  /** @param e as the client wraps what reading a body threw */
  IOException of(String tried, UncheckedIOException e) {
    Throwable cause = e.getCause();
    return new IOException("cannot " + tried + " in " + bucket + ": " + (cause == null ? e : cause).getMessage(), e);
  }

  /** Said by the store in its own words: a 404 of something that stands before it, or of another bucket, says nothing. */
  static boolean isAbsent(AwsServiceException e) {
    return e.statusCode() == 404 && code(e).equals("NoSuchKey");
  }

  /** Whoever asked may not do just that. */
  static boolean isDenied(SdkException e) {
    return e instanceof AwsServiceException answer && code(answer).equals("AccessDenied");
  }

  /** The object is there, and holds nothing where the range begins. */
  static boolean isBeyondTheEnd(AwsServiceException e) {
    return e.statusCode() == 416;
  }

  /** The same request would fail again, whatever the state of the store. */
  private static boolean isOfTheRequest(AwsServiceException e) {
    return switch (e.statusCode()) {
      case 400 -> !CREDENTIALS.contains(code(e)) && !OTHER_REGION.contains(code(e));
      case 404 -> isAbsent(e) || code(e).equals("NoSuchUpload");
      case 412 -> true;
      default -> false;
    };
  }

  private static String reason(AwsServiceException e) {
    String code = code(e);
    if (code.equals("NoSuchBucket")) {
      return "there is no such bucket";
    } else if (CREDENTIALS.contains(code)) {
      return "the credentials are not accepted, or no more: " + said(e);
    } else if (OTHER_REGION.contains(code)) {
      return "the bucket is in another region: " + said(e);
    } else if (PATIENCE.contains(code) || e.isThrottlingException()) {
      return "the store has asked, again and again, to be asked less often: " + said(e);
    }
    if (FULL.contains(code)) {
      return "the store takes no more: " + said(e);
    }
    return e.statusCode() == 403 || e.statusCode() == 401
        ? "the credentials do not allow it: " + said(e)
        : "the store is in trouble: " + said(e);
  }

  private static String said(AwsServiceException e) {
    AwsErrorDetails details = e.awsErrorDetails();
    String words = details == null || details.errorMessage() == null ? "" : " (" + details.errorMessage() + ")";
    String code = code(e);
    return e.statusCode() + (code.isEmpty() ? "" : " " + code) + words;
  }

  private static String code(AwsServiceException e) {
    AwsErrorDetails details = e.awsErrorDetails();
    return details == null || details.errorCode() == null ? "" : details.errorCode();
  }

  /** Nobody answered, or nobody could be asked: no credentials, no connection. */
  private static String silence(SdkException e) {
    Throwable root = e.getCause();
    if (root == null) {
      String message = String.valueOf(e.getMessage());
      return message.startsWith(NO_CREDENTIALS)
          ? "no credentials are configured, and none are found in the environment, in ~/.aws, or as a role of the machine"
          : message;
    }
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root.getClass().getSimpleName() + ": " + root.getMessage();
  }
}
