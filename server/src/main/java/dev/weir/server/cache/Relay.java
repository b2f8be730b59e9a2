package dev.weir.server.cache;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

import dev.weir.server.budget.Budget;
import dev.weir.server.budget.Urgency;
import dev.weir.server.oci.RegistryException;
import dev.weir.storage.Digest;

/**
 * A part of a blob, straight from its source to one client: nothing of it is kept. The blob's last bytes are given only
 * when all of it was read and has the digest; a part without them is asked for as it is. For one thread.
 */
final class Relay implements BlobBody.Passing {
  private static final int MOST_FAILURES = 6;

  private final Digest digest;
  private final List<Source> sources;
  private final DownloadEvents events;
  private final long size;
  private final long from;
  private final long end;
  /** Where the bytes begin that are held back. */
  private final long heldFrom;
  /** What the client has of the bytes before its part; null: nothing. */
  private final @Nullable FileChannel before;
  /** Null: the part has none of those. */
  private final @Nullable MessageDigest hash;
  private final ByteBuffer held;
  /** Where in the blob the source's next byte stands. */
  private long at;
  /** So many that come first stand before that. */
  private long toSkip;
  private int tries;
  /** Since the last byte. */
  private int failures;
  private Source.@Nullable Bytes open;
  private Budget.@Nullable Permit permit;
  private boolean isOver;

  /** @param size of the whole blob, in bytes */
  record Part(long size, long from, long end) {}

  /** @param before where the client had the bytes before the part from, which must be the same */
  Relay(Digest digest, List<Source> sources, DownloadEvents events, Part part, @Nullable FileChannel before) {
    this.digest = digest;
    this.sources = sources;
    this.events = events;
    this.size = part.size();
    this.from = part.from();
    this.end = part.end();
    this.before = before;
    this.heldFrom = Math.max(0, size - Progress.HELD_BACK_BYTES);
    boolean isVerified = end > heldFrom;
    this.hash = isVerified ? digest.algorithm().newHash() : null;
    this.held = ByteBuffer.allocate(isVerified ? (int) (size - heldFrom) : 0);
    this.at = isVerified ? 0 : from;
  }

  private Source source() {
    return sources.get(tries % sources.size());
  }

  private long last() {
    return hash == null ? end : size;
  }

  @Override
  public Optional<ByteBuffer> next() throws IOException {
    while (at < last()) {
      ByteBuffer part = part(read());
      if (part.hasRemaining()) {
        return Optional.of(part);
      }
    }
    return isOver || hash == null ? Optional.empty() : tail(hash);
  }

  /** The held bytes that are asked for. */
  private Optional<ByteBuffer> tail(MessageDigest whole) throws IOException {
    isOver = true;
    if (!Digest.of(digest.algorithm(), whole).equals(digest)) {
      throw new DigestMismatch(digest, size);
    }
    held.flip();
    return Optional.of(clip(held, heldFrom, end));
  }

  /** What of a chunk, which ends at {@link #at}, may go now. */
  private ByteBuffer part(ByteBuffer chunk) throws IOException {
    long start = at - chunk.remaining();
    if (hash == null) {
      return clip(chunk, start, end);
    }
    requireSame(chunk, start);
    hash.update(chunk.duplicate());
    if (at > heldFrom) {
      held.put(chunk.slice(chunk.position() + (int) Math.max(0, heldFrom - start),
          (int) (at - Math.max(heldFrom, start))));
    }
    return clip(chunk, start, Math.min(end, heldFrom));
  }

  /** A client that has other bytes before its part would make up with it what nobody ever verified. */
  private void requireSame(ByteBuffer chunk, long start) throws IOException {
    if (before == null || start >= from) {
      return;
    }
    ByteBuffer had = ByteBuffer.allocate((int) Math.min(chunk.remaining(), from - start));
    while (had.hasRemaining() && before.read(had, start + had.position()) > 0) {}
    if (!had.flip().equals(chunk.slice(chunk.position(), had.limit()))) {
      throw new DigestMismatch(digest, at);
    }
  }

  /** Of bytes that begin at {@code start} in the blob, those that were asked for and stand before {@code to}. */
  private ByteBuffer clip(ByteBuffer bytes, long start, long to) {
    long first = Math.clamp(from - start, 0, bytes.remaining());
    long length = Math.clamp(to - start, first, bytes.remaining()) - first;
    return bytes.slice(bytes.position() + (int) first, (int) length);
  }

  /** The next bytes, wherever they come from. */
  private ByteBuffer read() throws IOException {
    while (true) {
      try {
        Optional<ByteBuffer> next = opened().next();
        if (next.isEmpty()) {
          throw new IOException(source().name() + " ended after " + at + " of " + size + " bytes");
        }
        return taken(next.get());
      } catch (IOException e) {
        close();
        tries++;
        failures++;
        if (failures >= MOST_FAILURES || (e instanceof RegistryException && failures >= sources.size())) {
          throw e;
        }
      }
    }
  }

  private ByteBuffer taken(ByteBuffer chunk) throws IOException {
    boolean _ = source().budget().spend(chunk.remaining(), () -> Urgency.CLIENT);
    events.fetched(source().name(), chunk.remaining());
    int skipped = (int) Math.min(toSkip, chunk.remaining());
    toSkip -= skipped;
    chunk.position(chunk.position() + skipped);
    if (chunk.remaining() > size - at) {
      throw new IOException(source().name() + " sent more than the " + size + " bytes it had stated");
    }
    at += chunk.remaining();
    failures = chunk.hasRemaining() ? 0 : failures;
    return chunk;
  }

  private Source.Bytes opened() throws IOException {
    Source.Bytes known = open;
    if (known != null) {
      return known;
    }
    permit = source().budget().begin(() -> Urgency.CLIENT);
    Source.Bytes fresh = source().open(at, last());
    open = fresh;
    if (fresh.offset() > at || fresh.size().orElse(size) != size) {
      throw new IOException(source().name() + " gave other bytes of " + digest + " than were asked for");
    }
    toSkip = at - fresh.offset();
    return fresh;
  }

  @Override
  public void close() {
    if (open != null) {
      open.close();
      open = null;
    }
    if (permit != null) {
      permit.close();
      permit = null;
    }
  }
}
