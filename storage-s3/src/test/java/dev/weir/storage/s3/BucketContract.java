package dev.weir.storage.s3;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import dev.weir.storage.ObjectStore;
import dev.weir.storage.ObjectStoreContract;

import static org.assertj.core.api.Assertions.assertThat;

/** The contract on a bucket of its own for each test, with no call beyond what is permitted. */
abstract class BucketContract extends ObjectStoreContract {
  private final AllowedCalls calls = new AllowedCalls();
  private String bucket = "";

  abstract S3Server server();

  @Override
  protected ObjectStore newStore() throws IOException {
    bucket = server().newBucket();
    return S3ObjectStore.open(server().settings(bucket), false, Optional.empty(), List.of(calls));
  }

  @Override
  protected boolean givesFiles() {
    return false;
  }

  @Override
  protected int deletersThatMaySucceed() {
    return 16;
  }

  @Override
  protected List<String> leftovers() {
    return server().contents(bucket);
  }

  @Test
  void aLargeObjectIsCopiedInPartsWithoutItsBytesComingHere() throws IOException {
    try (ObjectStore store = newStore()) {
      store.putFile(key("half/upload"), fileOf(bytes(12 << 20)));
      int before = calls.of("UploadPart");
      assertThat(store.copy(key("half/upload"), key("whole"))).isTrue();
      assertThat(calls.of("UploadPartCopy")).isEqualTo(3);
      assertThat(calls.of("UploadPart")).isEqualTo(before);
      store.delete(key("half/upload"));
      try (var object = store.open(key("whole")).orElseThrow(); var all = object.read()) {
        assertThat(all.readAllBytes()).isEqualTo(bytes(12 << 20));
      }
      store.delete(key("whole"));
    }
  }

  @AfterEach
  void nothingElseWasAskedFor() {
    calls.assertAllPermitted();
  }

  @Test
  void aFileOfSeveralPartsComesBackAsItWasPut() throws IOException {
    try (ObjectStore store = newStore()) {
      for (int length : new int[]{(5 << 20) + 1, 12 << 20}) {
        store.putFile(key("large"), fileOf(bytes(length)));
        assertThat(store.size(key("large"))).hasValue(length);
        try (var object = store.open(key("large")).orElseThrow(); var all = object.read()) {
          assertThat(all.readAllBytes()).isEqualTo(bytes(length));
        }
      }
      assertThat(calls.of("UploadPart")).isEqualTo(2 + 3);
      store.delete(key("large"));
    }
  }
}
