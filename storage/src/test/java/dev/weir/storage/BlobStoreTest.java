package dev.weir.storage;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static dev.weir.storage.Samples.LAYER;
import static dev.weir.storage.Samples.NAME;
import static dev.weir.storage.Samples.OTHER;
import static org.assertj.core.api.Assertions.assertThat;

class BlobStoreTest {
  private static final byte[] CONTENT = "layer".getBytes(StandardCharsets.UTF_8);

  private final InMemoryObjectStore memory = new InMemoryObjectStore();
  private final FaultyObjectStore store = new FaultyObjectStore(memory);
  private final BlobStore blobs = new BlobStore(store);

  @Test
  void aBlobIsHeldOnceAndLinkedByRepository(@TempDir Path scratch) throws IOException {
    blobs.commit(LAYER, Files.write(scratch.resolve("file"), CONTENT));
    blobs.link(NAME, LAYER);
    assertThat(blobs.size(LAYER)).hasValue(CONTENT.length);
    try (StoredObject blob = blobs.open(LAYER).orElseThrow()) {
      assertThat(blob.read()).hasBinaryContent(CONTENT);
    }
    assertThat(blobs.isLinked(NAME, LAYER)).isTrue();
    assertThat(blobs.isLinked(OTHER, LAYER)).isFalse();
  }

  @Test
  void unlinkingLeavesTheBytes() throws IOException {
    blobs.commit(LAYER, CONTENT);
    blobs.link(NAME, LAYER);
    assertThat(blobs.unlink(NAME, LAYER)).isTrue();
    assertThat(blobs.unlink(NAME, LAYER)).isFalse();
    assertThat(blobs.isLinked(NAME, LAYER)).isFalse();
    assertThat(blobs.size(LAYER)).isPresent();
  }

  @Test
  void whatIsThereAlreadyIsNotWrittenAgain() throws IOException {
    for (int i = 0; i < 2; i++) {
      blobs.commit(LAYER, CONTENT);
      blobs.link(NAME, LAYER);
    }
    assertThat(store.calls().stream().filter(FaultyObjectStore.Call::isWrite)).hasSize(2);
  }

  @Test
  void damagedContentIsReplacedAlsoWhenItsLengthIsRight() throws IOException {
    memory.putBytes(Layout.blob(LAYER), "LAYER".getBytes(StandardCharsets.UTF_8));
    blobs.commit(LAYER, CONTENT);
    assertThat(memory.get(Layout.blob(LAYER))).contains(CONTENT);
  }

  @Test
  void anEmptyOrDamagedLinkIsNoneAndIsReplaced() throws IOException {
    for (String damaged : new String[]{"", "sha256:", LAYER + "\n", "\0".repeat(71)}) {
      memory.putBytes(Layout.layerLink(NAME, LAYER), damaged.getBytes(StandardCharsets.UTF_8));
      assertThat(blobs.isLinked(NAME, LAYER)).isFalse();
      blobs.link(NAME, LAYER);
      assertThat(blobs.isLinked(NAME, LAYER)).isTrue();
    }
  }

  @Test
  void aSha512OfDistributionsLeadsToTheBytes() throws IOException {
    Digest asked = Digest.of(Digest.Algorithm.SHA512, CONTENT);
    memory.putBytes(Layout.layerLink(NAME, asked), LAYER.toString().getBytes(StandardCharsets.UTF_8));
    assertThat(blobs.linked(NAME, asked)).contains(LAYER);
  }
}
