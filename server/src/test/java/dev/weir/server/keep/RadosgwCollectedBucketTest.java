package dev.weir.server.keep;

import org.junit.jupiter.api.extension.ExtendWith;

import dev.weir.storage.s3.Radosgw;
import dev.weir.storage.s3.S3Server;
import dev.weir.storage.s3.SharedRadosgw;

/** The same on a real Ceph, under a policy that permits what weir says it needs and nothing else. */
@ExtendWith(SharedRadosgw.class)
class RadosgwCollectedBucketTest extends CollectedBucket {
  private final Radosgw server;

  RadosgwCollectedBucketTest(Radosgw server) {
    this.server = server;
  }

  @Override
  S3Server server() {
    return server;
  }
}
