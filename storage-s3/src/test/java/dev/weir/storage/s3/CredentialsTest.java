package dev.weir.storage.s3;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;

import static org.assertj.core.api.Assertions.assertThat;

class CredentialsTest {
  @TempDir private Path directory;

  @Test
  void keysAreUsedAsTheyAre() {
    AwsCredentials plain = Connections.credentials(new S3Settings.Keys("a", "s", Optional.empty()))
        .resolveCredentials();
    assertThat(plain.accessKeyId()).isEqualTo("a");
    assertThat(plain.secretAccessKey()).isEqualTo("s");
    assertThat(Connections.credentials(new S3Settings.Keys("a", "s", Optional.of("t"))).resolveCredentials())
        .isInstanceOfSatisfying(AwsSessionCredentials.class, with -> assertThat(with.sessionToken()).isEqualTo("t"));
  }

  @Test
  void aFileIsReadForItsDefaultProfileAndAgainWhenItChanges() throws IOException {
    Path file = directory.resolve("credentials");
    Files.writeString(file, """
        [default]
        aws_access_key_id = a
        aws_secret_access_key = s
        [other]
        aws_access_key_id = b
        aws_secret_access_key = s
        """);
    Files.setLastModifiedTime(file, FileTime.from(Instant.now().minusSeconds(100)));
    AwsCredentialsProvider provider = Connections.credentials(new S3Settings.SharedFile(file));
    assertThat(provider.resolveCredentials().accessKeyId()).isEqualTo("a");
    Files.writeString(file, """
        [default]
        aws_access_key_id = c
        aws_secret_access_key = s
        """);
    long start = System.nanoTime();
    while (!provider.resolveCredentials().accessKeyId().equals("c")) {
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMinutes(1));
      LockSupport.parkNanos(1_000_000);
    }
  }

  @Test
  void secretsAreNotShown() {
    assertThat(new S3Settings.Keys("a", "geheim", Optional.of("geheim")).toString()).doesNotContain("geheim");
  }
}
