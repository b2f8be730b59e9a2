package dev.weir.server.upstream;

import java.nio.ByteBuffer;
import java.util.Optional;

/** A blob out of the body of an answer. */
final class ReplyBlobStream implements BlobStream {
  private final String action;
  private final Reply reply;
  private final long offset;
  private final long end;
  private final long size;
  /** Where in the blob the reader is. */
  private long position;

  /**
   * A body.
   *
   * @param end where in the blob it ends; -1 if that is not known
   * @param size of the blob; -1 if that is not known
   */
  ReplyBlobStream(String action, Reply reply, long offset, long end, long size) {
    this.action = action;
    this.reply = reply;
    this.offset = offset;
    this.end = end;
    this.size = size;
    position = offset;
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public long offset() {
    return offset;
  }

  @Override
  public boolean takesRanges() {
    return reply.status() == 206 || reply.header("Accept-Ranges").filter("bytes"::equalsIgnoreCase).isPresent();
  }

  @Override
  public Optional<ByteBuffer> next() throws UpstreamException {
    Optional<ByteBuffer> next = reply.body().next();
    position += next.map(ByteBuffer::remaining).orElse(0);
    if (end >= 0 && (position > end || (next.isEmpty() && position < end))) {
      throw UpstreamException.failed(action, "the body ended at byte " + position + " of " + end);
    }
    return next;
  }

  @Override
  public void close() {
    reply.close();
  }
}
