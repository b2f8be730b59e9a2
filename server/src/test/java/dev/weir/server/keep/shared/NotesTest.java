package dev.weir.server.keep.shared;

import java.io.IOException;
import java.time.Instant;

import org.junit.jupiter.api.Test;

import dev.weir.storage.Digest;
import dev.weir.storage.InMemoryObjectStore;

import static org.assertj.core.api.Assertions.assertThat;

final class NotesTest {
  @Test
  void whatWasAskedForSinceTheLastTimeIsToldAtTheEnd() throws IOException {
    InMemoryObjectStore store = new InMemoryObjectStore();
    Digest image = Digest.sha256(Replicas.bytes(1));
    try (Notes notes = new Notes(store, "here", () -> Instant.ofEpochMilli(17))) {
      notes.publish();
      notes.used(image);
      notes.blobStored(image, 100);
    }
    assertThat(new Told(store).uses()).containsEntry(image, 17L);
    assertThat(new Told(store).stored()).isEqualTo(100);
  }
}
