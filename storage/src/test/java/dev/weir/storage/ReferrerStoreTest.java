package dev.weir.storage;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import static dev.weir.storage.Samples.NAME;
import static dev.weir.storage.Samples.OTHER;
import static org.assertj.core.api.Assertions.assertThat;

class ReferrerStoreTest {
  private static final Digest SUBJECT = digest("subject");
  private static final Digest ONE = digest("one");
  private static final Digest TWO = Digest.of(Digest.Algorithm.SHA512, "two".getBytes(StandardCharsets.UTF_8));

  private final InMemoryObjectStore store = new InMemoryObjectStore();
  private final ReferrerStore referrers = new ReferrerStore(store);

  private static Digest digest(String text) {
    return Digest.sha256(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void whatRefersToASubjectIsFoundInThatRepositoryOnlyAndEachOnce() throws IOException {
    referrers.add(NAME, SUBJECT, TWO);
    referrers.add(NAME, SUBJECT, ONE);
    referrers.add(NAME, SUBJECT, ONE);
    assertThat(referrers.of(NAME, SUBJECT)).containsExactly(ONE, TWO);
    assertThat(referrers.of(OTHER, SUBJECT)).isEmpty();
    assertThat(referrers.of(NAME, ONE)).isEmpty();
  }

  @Test
  void whatIsRemovedDoesNotReferAnyMore() throws IOException {
    referrers.add(NAME, SUBJECT, ONE);
    referrers.add(NAME, SUBJECT, TWO);
    referrers.remove(NAME, SUBJECT, ONE);
    assertThat(referrers.of(NAME, SUBJECT)).containsExactly(TWO);
  }

  @Test
  void aDamagedEntryIsLeftOut() throws IOException {
    referrers.add(NAME, SUBJECT, ONE);
    try (Stream<ObjectKey> keys = store.keys()) {
      for (ObjectKey key : keys.toList()) {
        store.putBytes(key, new byte[0]);
      }
    }
    assertThat(referrers.of(NAME, SUBJECT)).isEmpty();
  }
}
