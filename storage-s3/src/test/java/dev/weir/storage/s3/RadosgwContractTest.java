package dev.weir.storage.s3;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Exception;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** On a real S3, where the bucket's policy permits what it should and nothing else. */
@ExtendWith(SharedRadosgw.class)
class RadosgwContractTest extends BucketContract {
  private static Radosgw server;

  @BeforeAll
  static void start(Radosgw running) {
    server = running;
  }

  @Override
  S3Server server() {
    return server;
  }

  @Override
  protected boolean holdsObjectsBelowObjects() {
    return true;
  }

  @Test
  void whatIsNotPermittedIsRefused() throws IOException {
    String bucket = server.newBucket();
    try (S3Client user = new Connections(server.settings(bucket), List.of()).open(Duration.ofSeconds(20), 2)) {
      user.putObject(request -> request.bucket(bucket).key("a"), RequestBody.empty());
      List<Consumer<S3Client>> others = List.of(s3 -> s3.getBucketPolicy(request -> request.bucket(bucket)),
          s3 -> s3.getBucketAcl(request -> request.bucket(bucket)), s3 -> s3.deleteBucket(request -> request.bucket(
              bucket)));
      for (Consumer<S3Client> other : others) {
        assertThatThrownBy(() -> other.accept(user)).isInstanceOfSatisfying(S3Exception.class,
            refusal -> assertThat(refusal.statusCode()).isEqualTo(403));
      }
    }
  }
}
