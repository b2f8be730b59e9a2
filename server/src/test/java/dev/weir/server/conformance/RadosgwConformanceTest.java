package dev.weir.server.conformance;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.extension.ExtendWith;

import dev.weir.storage.s3.Radosgw;
import dev.weir.storage.s3.S3Door;
import dev.weir.storage.s3.SharedRadosgw;

import static org.assertj.core.api.Assertions.assertThat;

/** Under a policy that permits what weir says it needs and nothing else; every call is written down on its way there. */
@ExtendWith(SharedRadosgw.class)
class RadosgwConformanceTest extends Conformance {
  /** What the policy permits, as operations. */
  private static final Set<String> PERMITTED = Set.of("GetObject", "PutObject", "DeleteObject", "ListObjectsV2",
      "CreateMultipartUpload", "UploadPart", "CompleteMultipartUpload", "AbortMultipartUpload", "ListMultipartUploads",
      "CopyObject", "UploadPartCopy");

  private final Radosgw server;
  private final S3Door door;

  RadosgwConformanceTest(Radosgw server) {
    this.server = server;
    this.door = S3Door.before(server);
  }

  @Override
  Stack start(Path directory) throws IOException {
    return Stack.overBucket(directory, server, door);
  }

  @AfterAll
  void nothingElseWasAskedFor() throws IOException {
    Set<String> asked = door.calls().stream().filter(call -> call.who().equals(server.user().accessKey()))
        .map(S3Door.Call::operation).collect(Collectors.toCollection(TreeSet::new));
    door.close();
    assertThat(asked).contains("GetObject", "PutObject", "DeleteObject", "ListObjectsV2", "CopyObject")
        .isSubsetOf(PERMITTED);
  }
}
