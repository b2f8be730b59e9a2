package dev.weir.storage.s3;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.core.interceptor.SdkExecutionAttribute;

import dev.weir.storage.ObjectKey;

import static org.assertj.core.api.Assertions.assertThat;

/** What goes over the wire with an object, whether or not the server knows what to do with it. */
class WritingTest {
  private static final ObjectKey BLOB = new ObjectKey("docker/registry/v2/blobs/sha256/aa/aa/data");
  private static S3Proxy server;
  @TempDir private Path scratch;

  /** The x-amz-… fields that say how something is to be stored, for each request that stores something. */
  private static final class Seen implements ExecutionInterceptor {
    private final List<String> seen = new CopyOnWriteArrayList<>();

    @Override
    public void beforeTransmission(Context.BeforeTransmission context, ExecutionAttributes attributes) {
      String operation = attributes.getAttribute(SdkExecutionAttribute.OPERATION_NAME);
      Map<String, List<String>> fields = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
      fields.putAll(context.httpRequest().headers());
      fields.keySet().removeIf(name -> !name.matches("(?i)x-amz-(server-side.*|acl|storage-class)"));
      if (operation.startsWith("Put") || operation.startsWith("Create")) {
        seen.add(operation + " " + fields);
      }
    }
  }

  @BeforeAll
  static void start(@TempDir Path directory) {
    server = S3Proxy.over(directory);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  /** Stores in each of the three ways there are. */
  private List<String> sent(S3Settings.Encryption encryption, Optional<String> storageClass, Optional<String> acl)
      throws IOException {
    S3Settings plain = server.settings(server.newBucket());
    Seen seen = new Seen();
    try (S3ObjectStore store = S3ObjectStore.open(new S3Settings(plain.bucket(), "", plain.endpoint(),
        plain.credentials(), new S3Settings.Writing(5 << 20, S3Settings.Copies.DEFAULT, encryption, storageClass, acl),
        Optional.empty()), false, Optional.empty(),
        List.of(seen))) {
      Path small = Files.write(scratch.resolve("small"), new byte[3]);
      Path large = Files.write(scratch.resolve("large"), new byte[6 << 20]);
      tried(() -> store.putBytes(BLOB, new byte[3]));
      tried(() -> store.putFile(BLOB, small));
      tried(() -> store.putFile(BLOB, large));
    }
    return seen.seen.stream().distinct().toList();
  }

  private interface Step {
    void run() throws IOException;
  }

  private static void tried(Step step) {
    try {
      step.run();
    } catch (IOException e) {
      assertThat(e).hasMessageContaining("store");
    }
  }

  @Test
  void nothingIsSaidWhereNothingWasConfigured() throws IOException {
    assertThat(sent(new S3Settings.BucketsOwn(), Optional.empty(), Optional.empty())).containsExactly("PutObject {}",
        "CreateMultipartUpload {}");
  }

  @Test
  void encryptionIsAskedForWithEveryObject() throws IOException {
    String fields = " {x-amz-server-side-encryption=[AES256]}";
    assertThat(sent(new S3Settings.StoreKeys(), Optional.empty(), Optional.empty()))
        .containsExactly("PutObject" + fields, "CreateMultipartUpload" + fields);
    String withKey = " {x-amz-server-side-encryption=[aws:kms], x-amz-server-side-encryption-aws-kms-key-id=[k]}";
    assertThat(sent(new S3Settings.KmsKey("k"), Optional.empty(), Optional.empty()))
        .containsExactly("PutObject" + withKey, "CreateMultipartUpload" + withKey);
  }

  @Test
  void classAndAclGoWithEveryObject() throws IOException {
    String fields = " {x-amz-acl=[public-read], x-amz-storage-class=[STANDARD_IA]}";
    assertThat(sent(new S3Settings.BucketsOwn(), Optional.of("STANDARD_IA"), Optional.of("public-read")))
        .containsExactly("PutObject" + fields, "CreateMultipartUpload" + fields);
  }
}
