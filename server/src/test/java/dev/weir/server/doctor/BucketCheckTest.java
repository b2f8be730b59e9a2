package dev.weir.server.doctor;

import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.weir.server.doctor.Finding.Level;
import dev.weir.storage.s3.S3Proxy;
import dev.weir.storage.s3.S3Settings;

import static org.assertj.core.api.Assertions.assertThat;

class BucketCheckTest {
  @TempDir private Path directory;
  private S3Proxy server;
  private S3Settings settings;

  @BeforeEach
  void start() {
    server = S3Proxy.over(directory);
    settings = server.settings(server.newBucket());
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private static List<Finding> check(S3Settings settings, InstantSource clock) throws Exception {
    return new BucketCheck(settings, clock).run();
  }

  private static S3Settings with(S3Settings plain, String bucket, S3Settings.Credentials credentials) {
    return new S3Settings(bucket, plain.rootDirectory(), plain.endpoint(), credentials, plain.writing(),
        Optional.empty());
  }

  @Test
  void aBucketInWhichAllWorksIsAsItWas() throws Exception {
    List<Finding> findings = check(settings, InstantSource.system());
    assertThat(findings).extracting(Finding::level).containsOnly(Level.OK);
    assertThat(findings.getFirst().what()).contains("weir may do all that it does in " + settings.bucket());
    assertThat(server.contents(settings.bucket())).isEmpty();
  }

  @Test
  void aBucketThatIsNotThereIsSaidOnce() throws Exception {
    List<Finding> findings = check(with(settings, "no-such", settings.credentials()), InstantSource.system());
    assertThat(findings).filteredOn(each -> each.level() == Level.FAIL).singleElement()
        .satisfies(finding -> assertThat(finding.what()).contains("there is no such bucket"),
            finding -> assertThat(finding.todo()).contains("storage.s3.bucket"));
  }

  @Test
  void wrongCredentialsAreSaidOnceAndNotShown() throws Exception {
    List<Finding> findings = check(
        with(settings, settings.bucket(), new S3Settings.Keys("weir", "not-the-secret", Optional.empty())),
        InstantSource.system());
    assertThat(findings).filteredOn(each -> each.level() == Level.FAIL).singleElement()
        .satisfies(finding -> assertThat(finding.what()).contains("credentials").doesNotContain("not-the-secret"),
            finding -> assertThat(finding.todo()).contains("storage.s3.accesskey"));
  }

  @Test
  void aServerThatIsNotThereIsNamed() throws Exception {
    server.stop();
    try {
      assertThat(check(settings, InstantSource.system())).filteredOn(each -> each.level() == Level.FAIL)
          .singleElement().satisfies(
              finding -> assertThat(finding.what() + finding.todo()).contains(server.address().toString()));
    } finally {
      server.start();
    }
  }

  @Test
  void aClockThatIsOffIsSaidBeforeItStopsEverything() throws Exception {
    InstantSource slow = () -> Instant.now().minusSeconds(300);
    assertThat(check(settings, slow)).anySatisfy(finding -> {
      assertThat(finding.level()).isEqualTo(Level.WARN);
      assertThat(finding.what()).contains("behind the bucket's");
    });
    InstantSource fast = () -> Instant.now().plusSeconds(1000);
    assertThat(check(settings, fast)).anySatisfy(finding -> {
      assertThat(finding.level()).isEqualTo(Level.FAIL);
      assertThat(finding.what()).contains("ahead of the bucket's");
    });
  }
}
