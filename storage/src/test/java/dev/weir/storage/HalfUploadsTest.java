package dev.weir.storage;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.weir.storage.HalfUploads.Piece;

import static org.assertj.core.api.Assertions.assertThat;

class HalfUploadsTest {
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

  @TempDir private Path directory;
  private final InMemoryObjectStore store = new InMemoryObjectStore();
  private final BlobStore blobs = new BlobStore(store);
  private final HalfUploads halves = new HalfUploads(store, blobs);

  private Path file(String content) throws IOException {
    return Files.writeString(Files.createTempFile(directory, "part", ""), content);
  }

  private Piece add(String session, long from, String content) throws IOException {
    Piece piece = Piece.of(from, from + content.length());
    halves.add(session, piece, file(content));
    return piece;
  }

  @Test
  void piecesAreFoundInTheOrderOfTheBytesUpToTheFirstGap() throws IOException {
    halves.begin("s", NOW);
    assertThat(halves.pieces("s")).hasValue(List.of());
    Piece second = add("s", 5, "fghij");
    Piece first = add("s", 0, "abcde");
    add("s", 11, "beyond the gap");
    assertThat(halves.pieces("s")).hasValue(List.of(first, second));
    assertThat(halves.read("s", second).readAllBytes()).asString().isEqualTo("fghij");
  }

  @Test
  void ofTwoThatBeginAtTheSamePlaceTheLongerCounts() throws IOException {
    halves.begin("s", NOW);
    add("s", 0, "abc");
    Piece longer = add("s", 0, "abcdef");
    add("s", 3, "def");
    assertThat(halves.pieces("s")).hasValue(List.of(longer));
  }

  @Test
  void twoThatTakeAsMuchFromTheSamePlaceDoNotReplaceEachOther() throws IOException {
    halves.begin("s", NOW);
    Piece one = add("s", 0, "abc");
    Piece other = add("s", 0, "xyz");
    assertThat(halves.read("s", one).readAllBytes()).asString().isEqualTo("abc");
    assertThat(halves.read("s", other).readAllBytes()).asString().isEqualTo("xyz");
    assertThat(halves.pieces("s").orElseThrow()).hasSize(1).isSubsetOf(one, other);
  }

  @Test
  void whatEndedIsUnknownAndLeavesNothingBehind() throws IOException {
    halves.begin("s", NOW);
    add("s", 0, "abc");
    halves.end("s");
    assertThat(halves.pieces("s")).isEmpty();
    assertThat(store.keys()).isEmpty();
  }

  @Test
  void aWholePieceBecomesTheBlobAndStaysUntilTheEnd() throws IOException {
    halves.begin("s", NOW);
    Piece all = add("s", 0, "abc");
    Digest digest = Digest.sha256("abc".getBytes(StandardCharsets.US_ASCII));
    for (int i = 0; i < 2; i++) { // the second time for a client that did not hear of the first
      halves.commit("s", all, digest);
      assertThat(blobs.size(digest)).hasValue(3);
    }
    assertThat(halves.pieces("s")).hasValue(List.of(all));
  }

  @Test
  void onlyThoseAreOldThatBeganBeforeOrLostTheirBeginning() throws IOException {
    halves.begin("old", NOW.minus(Duration.ofDays(8)));
    halves.begin("new", NOW);
    add("rest-of-one-that-ended", 0, "abc");
    assertThat(halves.untouchedSince(NOW.minus(Duration.ofDays(7)))).containsExactlyInAnyOrder("old",
        "rest-of-one-that-ended");
  }

  @Test
  void anUploadThatIsSlowButGoesOnIsNotOld() throws IOException {
    store.tellWritten(() -> NOW);
    halves.begin("slow", NOW.minus(Duration.ofDays(8)));
    add("slow", 0, "abc");
    assertThat(halves.untouchedSince(NOW.minus(Duration.ofDays(7)))).isEmpty();
    assertThat(halves.untouchedSince(NOW.plus(Duration.ofDays(7)))).containsExactly("slow");
  }
}
