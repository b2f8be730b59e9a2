package dev.weir.server.conformance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;

import dev.weir.storage.s3.S3Proxy;

class BucketFilledFromUpstreamConformanceTest extends Conformance {
  private @Nullable S3Proxy server;

  @Override
  Stack start(Path directory) throws IOException {
    S3Proxy started = S3Proxy.over(Files.createDirectory(directory.resolve("buckets")));
    server = started;
    return Stack.overBucketFromUpstream(directory, started);
  }

  @AfterAll
  void stopServer() {
    if (server != null) {
      server.close();
    }
  }
}
