package dev.weir.storage.s3;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.core.SdkSystemSetting;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.profiles.Profile;
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.profiles.ProfileProperty;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.StsClientBuilder;
import software.amazon.awssdk.services.sts.auth.StsWebIdentityTokenFileCredentialsProvider;

/**
 * A token in a file, such as a pod's service account has, that a token service takes in exchange for keys of a role. Left to
 * itself, Amazon's client asks sts.amazonaws.com unless a region stands in the environment, whatever else is configured.
 *
 * @param token read again for each exchange
 */
record WebIdentity(String role, Path token, Optional<String> session) {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final String PROFILE = "default";

  /** Empty: it is something else that says who we are. */
  static Optional<WebIdentity> of(S3Settings.Credentials credentials) {
    return switch (credentials) {
      case S3Settings.Keys keys -> Optional.empty();
      case S3Settings.SharedFile(Path file) -> Files.isReadable(file)
          ? ProfileFile.builder().content(file).type(ProfileFile.Type.CREDENTIALS).build().profile(PROFILE)
              .flatMap(WebIdentity::of)
          : Optional.empty();
      case S3Settings.Surroundings around -> SdkSystemSetting.AWS_ACCESS_KEY_ID.getStringValue().isPresent()
          ? Optional.empty()
          : of(SdkSystemSetting.AWS_ROLE_ARN.getStringValue(),
              SdkSystemSetting.AWS_WEB_IDENTITY_TOKEN_FILE.getStringValue(),
              SdkSystemSetting.AWS_ROLE_SESSION_NAME.getStringValue());
    };
  }

  private static Optional<WebIdentity> of(Profile profile) {
    return profile.property(ProfileProperty.AWS_ACCESS_KEY_ID).isPresent()
        ? Optional.empty()
        : of(profile.property(ProfileProperty.ROLE_ARN), profile.property(ProfileProperty.WEB_IDENTITY_TOKEN_FILE),
            profile.property(ProfileProperty.ROLE_SESSION_NAME));
  }

  private static Optional<WebIdentity> of(Optional<String> role, Optional<String> token, Optional<String> session) {
    return role.isPresent() && token.isPresent()
        ? Optional.of(new WebIdentity(role.get(), Path.of(token.get()), session))
        : Optional.empty();
  }

  /** Renews its keys before they end, on the thread of whoever needs them. */
  AwsCredentialsProvider provider(S3Settings.Endpoint bucket, SdkHttpClient.Builder<?> http) {
    StsClientBuilder client = StsClient.builder().httpClientBuilder(http)
        .credentialsProvider(AnonymousCredentialsProvider.create())
        .region(Region.of(SdkSystemSetting.AWS_REGION.getStringValue().orElse(bucket.region())))
        .overrideConfiguration(overridden -> overridden.apiCallTimeout(PATIENCE));
    if (System.getenv("AWS_ENDPOINT_URL_STS") == null && System.getProperty("aws.endpointUrlSts") == null) {
      bucket.address().filter(WebIdentity::isNotAmazons).ifPresent(client::endpointOverride);
    }
    return StsWebIdentityTokenFileCredentialsProvider.builder().stsClient(client.build()).roleArn(role)
        .webIdentityTokenFile(token).roleSessionName(session.orElse("weir")).build();
  }

  /** MinIO and Ceph exchange tokens where their buckets are. */
  private static boolean isNotAmazons(URI server) {
    return !server.getHost().matches("(?i).*\\.amazonaws\\.com(\\.cn)?");
  }
}
