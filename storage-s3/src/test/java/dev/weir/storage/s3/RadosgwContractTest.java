package dev.weir.storage.s3;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.ExtendWith;

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
}
