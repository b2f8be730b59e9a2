package dev.weir.server.upstream;

import java.nio.ByteBuffer;
import java.util.Optional;

/** A blob out of the body of an answer. */
final class ReplyBlobStream implements BlobStream {
  private final String action;
  private final Reply reply;
  private final long offset;
  private final long size;
  /** Where in the blob the reader is. */
  private long position;

  ReplyBlobStream(String action, Reply reply, long offset, long size) {
    this.action = action;
    this.reply = reply;
    this.offset = offset;
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
  public Optional<ByteBuffer> next() throws UpstreamException {
    Optional<ByteBuffer> next = reply.body().next();
    position += next.map(ByteBuffer::remaining).orElse(0);
    if (size >= 0 && (position > size || (next.isEmpty() && position < size))) {
      throw UpstreamException.failed(action, "the body ended at byte " + position + " of " + size);
    }
    return next;
  }

  @Override
  public void close() {
    reply.close();
  }
}
