package dev.weir.server.archive.in;

import java.io.FilterInputStream;
import java.io.IOException;

import dev.weir.server.archive.Reply;

/** An answer's body, which ends the answer when it is closed. */
final class ReplyInput extends FilterInputStream {
  private final Reply reply;

  ReplyInput(Reply reply) {
    super(reply.body());
    this.reply = reply;
  }

  @Override
  public void close() throws IOException {
    reply.close();
  }
}
