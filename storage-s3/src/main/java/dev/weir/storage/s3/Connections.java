package dev.weir.storage.s3;

import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

import io.netty.bootstrap.Bootstrap;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.core.client.config.SdkAdvancedClientOption;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpConfigurationOption;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.http.apache5.ProxyConfiguration;
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.profiles.ProfileFileSupplier;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.utils.AttributeMap;

/** Makes the clients that a bucket is asked by. */
final class Connections {
  private static final Duration CONNECT = Duration.ofSeconds(4);
  private static final Duration FOR_A_CONNECTION = Duration.ofSeconds(15);
  private static final Duration EXCHANGE = Duration.ofSeconds(5);
  private static final int EXCHANGES = 2;
  private static final String PROFILE = "default";

  private final S3Settings settings;
  private final List<ExecutionInterceptor> watching;

  /** @param watching are told of each call */
  Connections(S3Settings settings, List<ExecutionInterceptor> watching) {
    this.settings = settings;
    this.watching = List.copyOf(watching);
  }

  /** One of them, whose calls take as long as they take. */
  S3Client open(Duration silence, int most) throws IOException {
    return open(silence, most, Optional.empty());
  }

  /**
   * One of them.
   *
   * @param silence after which an answer, or more of it, is no longer waited for
   * @param most    connections at a time
   * @param call    with all that is tried for it, until its answer begins; empty: no bound
   */
  S3Client open(Duration silence, int most, Optional<Duration> call) throws IOException {
    S3Settings.Endpoint endpoint = settings.endpoint();
    S3ClientBuilder client = S3Client.builder().region(region(endpoint))
        .forcePathStyle(endpoint.pathStyle()).credentialsProvider(credentials())
        .httpClientBuilder(http(silence, most)).overrideConfiguration(overridden -> override(overridden, call))
        // servers other than Amazon's know neither trailers nor the checksums in them
        .serviceConfiguration(S3Configuration.builder().chunkedEncodingEnabled(false).build())
        .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
        .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED);
    S3Settings.Variant variant = endpoint.variant();
    if (endpoint.address().isPresent()) {
      client.endpointOverride(endpoint.address().get());
    } else {
      client.accelerate(variant.accelerated()).dualstackEnabled(variant.dualStack()).fipsEnabled(variant.fips());
    }
    return client.build();
  }

  private void override(ClientOverrideConfiguration.Builder overridden, Optional<Duration> call) {
    call.ifPresent(overridden::apiCallTimeout);
    overridden.retryStrategy(AwsRetryStrategy.standardRetryStrategy());
    watching.forEach(overridden::addExecutionInterceptor);
    settings.endpoint().userAgent()
        .ifPresent(agent -> overridden.putAdvancedOption(SdkAdvancedClientOption.USER_AGENT_PREFIX, agent));
  }

  /** Closed with the client that it is for. */
  private SdkHttpClient.Builder<?> http(Duration silence, int most) throws IOException {
    Apache5HttpClient.Builder http = Apache5HttpClient.builder().connectionTimeout(CONNECT).socketTimeout(silence)
        .connectionAcquisitionTimeout(FOR_A_CONNECTION).maxConnections(most).tcpKeepAlive(true)
        .proxyConfiguration(proxy());
    S3Settings.Trust trust = settings.endpoint().trust();
    if (trust.caFile().isPresent()) {
      http.tlsTrustManagersProvider(Authorities.with(trust.caFile().get()));
    }
    return new Trusting(http, trust.anybody());
  }

  /** Signs addresses by which clients reach the bucket. */
  Addresses addressesForClients() throws IOException {
    return Addresses.forClients(settings, credentials());
  }

  /**
   * A way past the SDK.
   *
   * @param sockets on which event loops, and of which kind
   */
  Shortcut shortcut(Bootstrap sockets) throws IOException {
    ProxyConfiguration proxy = proxy();
    return new Shortcut(new Addresses(settings, settings.endpoint().address(), credentials()),
        new Sockets(sockets, this::tls), host -> isProxied(proxy, host),
        settings.endpoint().userAgent().map(agent -> agent + " weir").orElse("weir"));
  }

  /** As the SDK sees it. */
  static boolean isProxied(ProxyConfiguration proxy, String host) {
    return proxy.host() != null
        && proxy.nonProxyHosts().stream().noneMatch(pattern -> host.toLowerCase(Locale.ROOT).matches(pattern));
  }

  private SslContext tls() throws IOException {
    S3Settings.Trust trust = settings.endpoint().trust();
    SslContextBuilder tls = SslContextBuilder.forClient()
        .sslProvider(OpenSsl.isAvailable() ? SslProvider.OPENSSL : SslProvider.JDK);
    if (trust.anybody()) {
      tls.trustManager(InsecureTrustManagerFactory.INSTANCE).endpointIdentificationAlgorithm(null);
    } else if (trust.caFile().isPresent()) {
      tls.trustManager(Authorities.with(trust.caFile().get()).trustManagers()[0]);
    }
    return tls.build();
  }

  private record Trusting(Apache5HttpClient.Builder http, boolean anybody)
      implements
        SdkHttpClient.Builder<Trusting> {
    @Override
    public SdkHttpClient buildWithDefaults(AttributeMap defaults) {
      return http.buildWithDefaults(
          defaults.toBuilder().put(SdkHttpConfigurationOption.TRUST_ALL_CERTIFICATES, anybody).build());
    }
  }

  /** As the environment says, but never to this machine itself. */
  private ProxyConfiguration proxy() {
    Optional<String> host = settings.endpoint().address().map(address -> address.getHost().replaceAll("[\\[\\]]", ""));
    return ProxyConfiguration.builder().useSystemPropertyValues(false)
        .useEnvironmentVariableValues(host.filter(Connections::isHere).isEmpty()).build();
  }

  private static boolean isHere(String host) {
    return host.equals("localhost")
        || (host.matches("[0-9.]+|.*:.*") && InetAddress.ofLiteral(host).isLoopbackAddress());
  }

  static Region region(S3Settings.Endpoint endpoint) {
    return Region.of(endpoint.region());
  }

  /** As whom the bucket is asked. */
  AwsCredentialsProvider credentials() throws IOException {
    Optional<WebIdentity> identity = WebIdentity.of(settings.credentials());
    return identity.isPresent()
        ? identity.get().provider(settings.endpoint(), http(EXCHANGE, EXCHANGES))
        : credentials(settings.credentials());
  }

  static AwsCredentialsProvider credentials(S3Settings.Credentials credentials) {
    return switch (credentials) {
      case S3Settings.Keys(String access, String secret, Optional<String> token) ->
        StaticCredentialsProvider.create(token.isPresent()
            ? AwsSessionCredentials.create(access, secret, token.get())
            : AwsBasicCredentials.create(access, secret));
      case S3Settings.SharedFile file -> ProfileCredentialsProvider.builder().profileName(PROFILE)
          .profileFile(ProfileFileSupplier.reloadWhenModified(file.path(), ProfileFile.Type.CREDENTIALS)).build();
      case S3Settings.Surroundings around -> DefaultCredentialsProvider.builder().build();
    };
  }
}
