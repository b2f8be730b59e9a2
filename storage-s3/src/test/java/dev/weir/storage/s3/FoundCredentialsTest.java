package dev.weir.storage.s3;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsCredentials;

import dev.weir.storage.ObjectKey;
import dev.weir.storage.StoreUnavailableException;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Credentials that are found where weir runs, and end after a while: no request is lost when they do. */
@Timeout(120)
final class FoundCredentialsTest {
  private static final ObjectKey KEY = new ObjectKey("weir/object");
  private static final byte[] CONTENT = "content".getBytes(US_ASCII);
  /** Renewed a second before they end. */
  private static final Duration OF_MACHINES = Duration.ofSeconds(4);
  /** Renewed a minute before they end. */
  private static final Duration OF_IDENTITIES = Duration.ofSeconds(63);
  /** Later than they are renewed, and sooner than the test ends. */
  private static final Duration GOOD = Duration.ofSeconds(15);

  @TempDir private Path directory;
  private final Map<String, Optional<String>> before = new HashMap<>();
  private final List<AutoCloseable> open = new ArrayList<>();
  private S3Proxy server;
  private String bucket;
  private Optional<MockRoles> roles = Optional.empty();

  @BeforeEach
  void start() throws IOException {
    server = S3Proxy.over(Files.createDirectory(directory.resolve("buckets")),
        key -> roles.flatMap(all -> all.secret(key)));
    bucket = server.newBucket();
    set("aws.sharedCredentialsFile", directory.resolve("none").toString());
    set("aws.configFile", directory.resolve("none").toString());
  }

  @AfterEach
  void stop() throws Exception {
    for (AutoCloseable each : open.reversed()) {
      each.close();
    }
    server.close();
    before.forEach((name, value) -> value.ifPresentOrElse(old -> System.setProperty(name, old),
        () -> System.clearProperty(name)));
  }

  /** As by the variable of that name, until the end of the test. */
  private void set(String name, String value) {
    before.putIfAbsent(name, Optional.ofNullable(System.getProperty(name)));
    System.setProperty(name, value);
  }

  private MockRoles roles(Duration said) throws IOException {
    MockRoles made = new MockRoles(said, GOOD);
    open.add(made);
    roles = Optional.of(made);
    return made;
  }

  /** Uses a store until the server has seen three keys. */
  private void useUpThreeKeys(S3Settings.Credentials credentials) throws IOException {
    S3Door door = S3Door.before(server);
    open.add(door);
    try (S3ObjectStore store = S3ObjectStore.open(at(door.address().toString(), credentials), true)) {
      while (keys(door).size() < 3) {
        store.putBytes(KEY, CONTENT);
        assertThat(store.get(KEY)).hasValue(CONTENT);
        assertThat(store.address(KEY)).isPresent();
        LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
      }
    }
  }

  private static Set<String> keys(S3Door door) {
    return door.calls().stream().map(S3Door.Call::who).collect(Collectors.toSet());
  }

  @Test
  void aMachinesRoleIsAskedAnewBeforeItsKeysEnd() throws IOException {
    MockRoles asked = roles(OF_MACHINES);
    set("aws.ec2MetadataServiceEndpoint", asked.address());
    useUpThreeKeys(new S3Settings.Surroundings());
    assertThat(asked.refused()).isEmpty();
  }

  private Path identity(String token) throws IOException {
    return Files.writeString(directory.resolve("token"), token);
  }

  @Test
  void aWebIdentityIsExchangedAnewBeforeItsKeysEnd() throws IOException {
    MockRoles asked = roles(OF_IDENTITIES);
    set("aws.endpointUrlSts", asked.address());
    set("aws.roleArn", "arn:weir");
    set("aws.webIdentityTokenFile", identity("first").toString());
    useUpThreeKeys(new S3Settings.Surroundings());
    identity("second");
    useUpThreeKeys(new S3Settings.Surroundings());
    assertThat(asked.refused()).isEmpty();
    assertThat(asked.identities()).contains("first", "second");
  }

  @Test
  void aCredentialsFileMayNameARoleAndAWebIdentity() throws IOException {
    MockRoles asked = roles(OF_IDENTITIES);
    set("aws.endpointUrlSts", asked.address());
    Path file = Files.writeString(directory.resolve("credentials"), """
        [default]
        sts_regional_endpoints = regional
        role_arn = arn:weir
        web_identity_token_file = %s
        """.formatted(identity("only")));
    useUpThreeKeys(new S3Settings.SharedFile(file));
    assertThat(asked.refused()).isEmpty();
    assertThat(asked.identities()).contains("only");
  }

  private S3Settings at(String address, S3Settings.Credentials credentials) {
    S3Settings settings = server.settings(bucket);
    S3Settings.Endpoint there = settings.endpoint();
    return new S3Settings(bucket, "", new S3Settings.Endpoint(there.region(), Optional.of(URI.create(address)), true,
        there.variant(), there.trust(), Optional.empty()), credentials, settings.writing(), Optional.empty());
  }

  @Test
  void aWebIdentityIsExchangedWhereTheBucketIsUnlessItIsToldOtherwise() throws IOException {
    MockRoles asked = roles(OF_IDENTITIES);
    set("aws.roleArn", "arn:weir");
    set("aws.webIdentityTokenFile", identity("first").toString());
    AwsCredentials keys = new Connections(at(asked.address(), new S3Settings.Surroundings()), List.of()).credentials()
        .resolveCredentials();
    assertThat(keys.accessKeyId()).isEqualTo("role-1");
  }

  @Test
  void anIdentityThatIsNotTakenIsNoFaultOfTheRequest() throws IOException {
    MockRoles asked = roles(OF_IDENTITIES);
    set("aws.endpointUrlSts", asked.address());
    set("aws.roleArn", "arn:another");
    set("aws.webIdentityTokenFile", identity("first").toString());
    try (S3ObjectStore store = S3ObjectStore.open(at(server.address().toString(), new S3Settings.Surroundings()),
        false)) {
      assertThatThrownBy(() -> store.get(KEY)).isInstanceOf(StoreUnavailableException.class)
          .hasMessageContaining("the token service gives no keys for the web identity: 400 InvalidAction");
    }
  }

  @Test
  void whereNothingSaysWhoWeAreThatIsSaid() throws IOException {
    set("aws.disableEc2Metadata", "true");
    try (S3ObjectStore store = S3ObjectStore.open(at(server.address().toString(), new S3Settings.Surroundings()),
        false)) {
      assertThatThrownBy(() -> store.get(KEY)).isInstanceOf(StoreUnavailableException.class)
          .hasMessageEndingWith("no credentials are configured, and none are found in the environment, in ~/.aws, or as"
              + " a role of the machine");
    }
  }
}
