package dev.weir.server.push;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.weir.server.cache.BlobBody;
import dev.weir.server.cache.Downloads;
import dev.weir.server.cache.Persistence;
import dev.weir.server.cache.RecordedEvents;
import dev.weir.server.cache.Source;
import dev.weir.storage.BlobStore;
import dev.weir.storage.Digest;
import dev.weir.storage.RepositoryName;
import dev.weir.storage.disk.RecordedDisk;
import dev.weir.storage.fs.FsObjectStore;

import static org.assertj.core.api.Assertions.assertThat;

/** Uploads and downloads on a disk that loses its power after every single change. */
class PowerCutTest {
  private static final RepositoryName NAME = RepositoryName.parse("team/app");
  private static final String BLOBS = "docker/registry/v2/blobs/sha256/";
  private static final long SEED = 7;

  @TempDir private Path directory;

  /** A blob that was acknowledged, before which change. */
  private record Promise(int from, Digest blob, boolean isLinked) {}

  private final List<Promise> promises = new ArrayList<>();

  private void assertKept(int at, String when, Map<String, byte[]> files) {
    files.forEach((path, bytes) -> {
      if (path.startsWith(BLOBS)) {
        assertThat(path).as(when).contains("/" + Digest.sha256(bytes).hex() + "/data");
      }
    });
    for (Promise promise : promises) {
      if (promise.from() <= at) {
        String hex = promise.blob().hex();
        assertThat(files).as(when).containsKey(BLOBS + hex.substring(0, 2) + "/" + hex + "/data");
        if (promise.isLinked()) {
          assertThat(files).as(when)
              .containsKey("docker/registry/v2/repositories/" + NAME + "/_layers/sha256/" + hex + "/link");
        }
      }
    }
  }

  @Test
  void anUploadThatWasAcknowledgedIsThereAndNoneIsThereByHalf() throws IOException {
    RecordedDisk disk = new RecordedDisk(directory);
    BlobStore blobs = new BlobStore(new FsObjectStore(disk.root()));
    try (Uploads uploads = new Uploads(disk.root().resolve("weir/uploads"), blobs, new Seal(new byte[]{1}),
        InstantSource.system())) {
      for (int i = 0; i < 8; i++) {
        byte[] blob = Body.random(i % 5, 500 + 400 * i);
        Upload upload = uploads.start();
        upload.append(Body.of(Arrays.copyOf(blob, 300)), OptionalLong.empty());
        uploads.finish(NAME, upload, Body.of(Arrays.copyOfRange(blob, 300, blob.length)), OptionalLong.empty(),
            Digest.sha256(blob));
        promises.add(new Promise(disk.journal().now(), Digest.sha256(blob), true));
      }
    }
    disk.powerCuts().forEach(0, new Random(SEED),
        (at, loss, files) -> assertKept(at, "after change " + at + ", lost: " + loss, files));
  }

  @Test
  void aDownloadThatIsCompleteIsThereAndNoneIsThereByHalf() throws Exception {
    RecordedDisk disk = new RecordedDisk(directory);
    BlobStore blobs = new BlobStore(new FsObjectStore(disk.root()));
    for (int i = 0; i < 4; i++) {
      byte[] blob = Body.random(i, 90_000 + 10_000 * i);
      try (Downloads downloads = new Downloads(blobs, disk.root().resolve("weir/partial"), new RecordedEvents(),
          Persistence.DEFAULT, new Random(SEED))) {
        try (BlobBody body = downloads.join(Digest.sha256(blob), List.of(new Whole(blob)), Duration.ofSeconds(20))) {
          assertThat(body.awaitBeyond(body.size() - 1)).isEqualTo(blob.length);
        }
      }
      promises.add(new Promise(disk.journal().now(), Digest.sha256(blob), false));
    }
    disk.powerCuts().forEach(0, new Random(SEED),
        (at, loss, files) -> assertKept(at, "after change " + at + ", lost: " + loss, files));
  }

  /** Gives all of it, in pieces. */
  private record Whole(List<byte[]> pieces, int size) implements Source {
    private static final int PIECE = 8_000;

    Whole(byte[] blob) {
      this(cut(blob), blob.length);
    }

    private static List<byte[]> cut(byte[] blob) {
      List<byte[]> pieces = new ArrayList<>();
      for (int at = 0; at < blob.length; at += PIECE) {
        pieces.add(Arrays.copyOfRange(blob, at, Math.min(blob.length, at + PIECE)));
      }
      return pieces;
    }

    @Override
    public Bytes open(long from) {
      var rest = pieces.iterator();
      return new Bytes() {
        @Override
        public OptionalLong size() {
          return OptionalLong.of(size);
        }

        @Override
        public long offset() {
          return 0;
        }

        @Override
        public Optional<java.nio.ByteBuffer> next() {
          return rest.hasNext() ? Optional.of(java.nio.ByteBuffer.wrap(rest.next())) : Optional.empty();
        }

        @Override
        public void close() {}
      };
    }
  }
}
