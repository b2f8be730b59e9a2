package dev.weir.server.conformance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;

import dev.weir.storage.s3.S3Proxy;

class BucketConformanceTest extends Conformance {
  private @Nullable S3Proxy server;

  @Override
  Stack start(Path directory) throws IOException {
    S3Proxy started = S3Proxy.over(Files.createDirectory(directory.resolve("buckets")));
    server = started;
    return over(directory, started);
  }

  Stack over(Path directory, S3Proxy buckets) throws IOException {
    return Stack.overBucket(directory, buckets);
  }

  @AfterAll
  void stopServer() {
    if (server != null) {
      server.close();
    }
  }
}
