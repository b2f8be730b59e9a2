package dev.weir.server.cache;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;

import dev.weir.storage.BlobStore;
import dev.weir.storage.Digest;

/** Downloads over a store in a directory, and what a test wants to know of them. */
final class DownloadRig {
  static final Duration LONG = Duration.ofSeconds(20);

  /**
   * Enough for five pauses, the first a second's eighth long, so 3.9 s, and not for a sixth, after 5.9 s; and for a source
   * that is slow to begin because the machine is busy.
   */
  static final Persistence QUICK = new Persistence(Duration.ofSeconds(1), Duration.ofSeconds(5),
      Duration.ofMillis(5800));

  final Path directory;
  final Path partials;
  final FileStore store;
  final BlobStore blobs;
  final RecordedEvents events = new RecordedEvents();
  final Downloads downloads;

  DownloadRig(Path directory) {
    this.directory = directory;
    this.partials = directory.resolve("partials");
    this.store = new FileStore(directory.resolve("objects"));
    this.blobs = new BlobStore(store);
    this.downloads = new Downloads(blobs, partials, events, QUICK, () -> 0);
  }

  static byte[] content(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
  }

  BlobBody join(Digest digest, Source... sources) throws IOException {
    return downloads.join(digest, List.of(sources), LONG);
  }

  /** What a client gets that reads it all. */
  byte[] pull(Digest digest, Source... sources) throws IOException {
    try (BlobBody body = join(digest, sources)) {
      return read(body, 0);
    }
  }

  static byte[] read(BlobBody body, long from) throws IOException {
    return body.hasFile() ? readFile(body, from) : passed(body, from, body.size());
  }

  /** What comes past the file. */
  static byte[] passed(BlobBody body, long from, long end) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    try (BlobBody.Passing bytes = body.passing(from, end).orElseThrow()) {
      for (Optional<ByteBuffer> next = bytes.next(); next.isPresent(); next = bytes.next()) {
        byte[] part = new byte[next.get().remaining()];
        next.get().get(part);
        all.writeBytes(part);
      }
    }
    return all.toByteArray();
  }

  private static byte[] readFile(BlobBody body, long from) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (long at = from; at < body.size();) {
      long until = body.awaitBeyond(at);
      if (until > body.size()) {
        throw new AssertionError("more to read than there is: " + until + " of " + body.size());
      }
      ByteBuffer part = ByteBuffer.allocate((int) (until - at));
      while (part.hasRemaining() && body.file().read(part, at + part.position()) > 0) {}
      all.write(part.array(), 0, part.position());
      at = until;
    }
    return all.toByteArray();
  }

  Path partial(Digest digest) {
    return partials.resolve(digest.algorithm() + "-" + digest.hex());
  }

  void leavePartial(Digest digest, byte[] bytes) throws IOException {
    Files.createDirectories(partials);
    Files.write(partial(digest), bytes);
  }

  List<Path> partialFiles() throws IOException {
    if (!Files.exists(partials)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(partials)) {
      return files.toList();
    }
  }

  /** How many files below the directory this process has open. */
  long openFiles() throws IOException {
    try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
      return descriptors.filter(this::leadsHere).count();
    }
  }

  private boolean leadsHere(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).startsWith(directory.toRealPath());
    } catch (IOException e) { // closed meanwhile
      return false;
    }
  }
}
