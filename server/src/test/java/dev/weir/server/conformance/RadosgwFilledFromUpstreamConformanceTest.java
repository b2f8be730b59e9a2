package dev.weir.server.conformance;

import java.io.IOException;
import java.nio.file.Path;

import org.junit.jupiter.api.extension.ExtendWith;

import dev.weir.storage.s3.Radosgw;
import dev.weir.storage.s3.SharedRadosgw;

/** Under a policy that permits what weir says it needs and nothing else. */
@ExtendWith(SharedRadosgw.class)
class RadosgwFilledFromUpstreamConformanceTest extends Conformance {
  private final Radosgw server;

  RadosgwFilledFromUpstreamConformanceTest(Radosgw server) {
    this.server = server;
  }

  @Override
  Stack start(Path directory) throws IOException {
    return Stack.overBucketFromUpstream(directory, server);
  }
}
