package dev.weir.server.cache;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.weir.server.oci.RegistryException;
import dev.weir.storage.Digest;

/**
 * One running fetch of one digest. It has a thread of its own and goes on when every reader has left; readers follow at
 * their own pace and never hold it up.
 *
 * <p>The last bytes are shown to nobody before the digest matched, so that no reader, and no set of readers, completes
 * an unverified blob out of this download; out of several, {@link BlobBody#isWholeOnly} sees to it. Once shown, they stay
 * readable whether or not the store takes the blob.
 */
final class Download {
  private static final Logger LOG = LoggerFactory.getLogger(Download.class);

  private final Digest digest;
  private final Source source;
  private final DownloadPlace place;
  private final Breaks breaks;
  private final Progress progress;
  /** What came was not what the digest says. The download's thread alone. */
  private boolean damaged;

  Download(Digest digest, Source source, DownloadPlace place, Breaks breaks) {
    this.digest = digest;
    this.source = source;
    this.place = place;
    this.breaks = breaks;
    this.progress = new Progress(digest);
  }

  /** As {@link Progress#openReader}. */
  Optional<BlobBody> openReader(Duration patience) throws IOException {
    return progress.openReader(patience);
  }

  /** As {@link Progress#hasFailed}. */
  boolean hasFailed() throws IOException {
    return progress.hasFailed();
  }

  /** Fetches, verifies and commits, on the download's own thread. Never throws: what went wrong is told by {@link #end}. */
  void run() {
    try {
      if (!place.holds(digest)) {
        fetch();
      }
    } catch (IOException e) {
      progress.fail(e);
    } catch (RuntimeException | Error e) {
      LOG.error("pull {}: ended by a fault in weir", digest, e);
      progress.fail(fault(e));
    }
  }

  /** Tells readers. Called when nobody can find this download any more, so that whoever tries again begins anew. */
  void end() {
    progress.end();
  }

  private void fetch() throws IOException {
    place.events().started(digest);
    try {
      fetchAndStore();
    } catch (IOException e) {
      place.events().failed(digest, e);
      throw e;
    } catch (RuntimeException | Error e) {
      place.events().failed(digest, fault(e));
      throw e;
    }
    place.events().completed(digest);
  }

  private void fetchAndStore() throws IOException {
    try (Spool spool = place.openSpool(digest)) {
      progress.attach(spool);
      place.events().resumed(spool.written());
      if (!isLeftWhole(spool)) {
        fill(spool);
        verify(spool);
      }
      progress.verified(spool.written());
      place.commit(digest, spool);
    }
  }

  /** An earlier download may have ended between its last byte and its commit: no source has anything after that byte. */
  private static boolean isLeftWhole(Spool spool) {
    return spool.written() > 0 && spool.matches();
  }

  /** Returns when the source has given everything it has. */
  private void fill(Spool spool) throws IOException {
    while (true) {
      try (Source.Bytes bytes = source.open(spool.written())) {
        begin(spool, bytes);
        pump(spool, bytes);
        return;
      } catch (RegistryException | DigestMismatch | SpoolFailure finalAnswer) {
        throw finalAnswer;
      } catch (IOException broken) {
        if (spool.written() == progress.size()) {
          return;
        }
        breaks.pauseAfter(broken, spool.written());
      }
    }
  }

  private void begin(Spool spool, Source.Bytes bytes) throws IOException {
    if (bytes.offset() > spool.written()) {
      throw new IOException("asked for bytes from " + spool.written() + " on, and got them from " + bytes.offset());
    }
    progress.learnSize(bytes.size().orElse(-1));
    show(spool);
  }

  private void pump(Spool spool, Source.Bytes bytes) throws IOException {
    long toSkip = spool.written() - bytes.offset();
    for (Optional<ByteBuffer> next = bytes.next(); next.isPresent(); next = bytes.next()) {
      ByteBuffer chunk = next.get();
      place.events().fetched(chunk.remaining());
      int skipped = (int) Math.min(toSkip, chunk.remaining());
      toSkip -= skipped;
      chunk.position(chunk.position() + skipped);
      if (chunk.hasRemaining()) {
        spool.append(chunk);
        breaks.progressed();
        show(spool);
      }
    }
    if (spool.written() < progress.size()) {
      throw new IOException("the answer ended after " + spool.written() + " of " + progress.size() + " bytes");
    }
  }

  private void show(Spool spool) throws IOException {
    long size = progress.size();
    if (size >= 0 && spool.written() > size) {
      throw mismatch(spool);
    }
    progress.show(spool.written());
  }

  private IOException fault(Throwable cause) {
    return new IOException("pull " + digest + ": ended by a fault in weir", cause);
  }

  boolean wasDamaged() {
    return damaged;
  }

  /** Whether bytes of this download would do for whoever comes with {@code other}. */
  boolean isFrom(Source other) {
    return source.equals(other);
  }

  private void verify(Spool spool) throws IOException {
    if (!spool.matches()) {
      throw mismatch(spool);
    }
  }

  private DigestMismatch mismatch(Spool spool) throws IOException {
    damaged = true;
    DigestMismatch mismatch = new DigestMismatch(digest, spool.written());
    spool.discard();
    return mismatch;
  }
}
