package dev.weir.server.conformance;

import java.io.IOException;
import java.nio.file.Path;

import dev.weir.storage.s3.S3Proxy;

class BucketFilledFromUpstreamConformanceTest extends BucketConformanceTest {
  @Override
  Stack over(Path directory, S3Proxy buckets) throws IOException {
    return Stack.overBucketFromUpstream(directory, buckets);
  }
}
