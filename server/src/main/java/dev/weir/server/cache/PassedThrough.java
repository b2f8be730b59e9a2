package dev.weir.server.cache;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.List;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

import dev.weir.storage.Digest;

/** A blob that there is no room for: each reader gets it from the source by itself. */
final class PassedThrough implements BlobBody {
  private final Digest digest;
  private final List<Source> sources;
  private final DownloadEvents events;
  private final long size;
  /** What came of it before there was no more room; null: nothing. */
  private final @Nullable BlobBody begun;

  PassedThrough(Digest digest, List<Source> sources, DownloadEvents events, long size) {
    this(digest, sources, events, size, null);
  }

  private PassedThrough(Digest digest, List<Source> sources, DownloadEvents events, long size,
      @Nullable BlobBody begun) {
    this.digest = digest;
    this.sources = sources;
    this.events = events;
    this.size = size;
    this.begun = begun;
  }

  /** A blob that is being kept, as long as there is room. */
  static BlobBody unlessKept(BlobBody begun, Digest digest, List<Source> sources, DownloadEvents events) {
    return new PassedThrough(digest, sources, events, begun.size(), begun);
  }

  /** The size that the first of the sources states which answers. */
  static long sizeOf(Digest digest, List<Source> sources) throws IOException {
    IOException last = new IOException("nobody states the size of " + digest);
    for (Source source : sources) {
      try (Source.Bytes bytes = source.open(0)) {
        if (bytes.size().isPresent()) {
          return bytes.size().getAsLong();
        }
      } catch (IOException e) {
        last = e;
      }
    }
    throw last;
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public FileChannel file() {
    if (begun == null) {
      throw new IllegalStateException("nothing of " + digest + " lies in a file");
    }
    return begun.file();
  }

  @Override
  public long awaitBeyond(long offset) throws IOException {
    if (begun == null) {
      throw new NoRoom("there is no room to keep " + digest);
    }
    return begun.awaitBeyond(offset);
  }

  @Override
  public Optional<Passing> passing(long from, long end) {
    events.passedThrough(digest);
    return Optional
        .of(new Relay(digest, sources, events, new Relay.Part(size, from, end), begun == null ? null : begun.file()));
  }

  @Override
  public boolean isWholeOnly() {
    return begun != null && begun.isWholeOnly();
  }

  @Override
  public void close() throws IOException {
    if (begun != null) {
      begun.close();
    }
  }
}
