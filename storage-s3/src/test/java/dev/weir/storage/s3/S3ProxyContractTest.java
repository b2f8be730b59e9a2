package dev.weir.storage.s3;

import java.nio.file.Path;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

class S3ProxyContractTest extends BucketContract {
  private static S3Proxy server;

  @BeforeAll
  static void start(@TempDir Path directory) {
    server = S3Proxy.over(directory);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Override
  S3Server server() {
    return server;
  }

  /** It keeps objects as files. */
  @Override
  protected boolean holdsObjectsBelowObjects() {
    return false;
  }
}
