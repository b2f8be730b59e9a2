package dev.weir.server.keep;

import java.io.IOException;
import java.nio.file.Path;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

import dev.weir.storage.s3.S3Proxy;
import dev.weir.storage.s3.S3Server;

class CollectedBucketTest extends CollectedBucket {
  @TempDir private Path buckets;
  private S3Proxy server;

  @BeforeEach
  void open() throws IOException {
    server = S3Proxy.over(buckets);
  }

  @Override
  S3Server server() {
    return server;
  }

  @AfterEach
  @Override
  void stop() {
    super.stop();
    server.close();
  }
}
