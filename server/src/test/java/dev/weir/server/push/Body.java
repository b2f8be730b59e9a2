package dev.weir.server.push;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;

/** What a client sends, under a test's hand. */
final class Body {
  private Body() {}

  static UploadBody of(byte[]... pieces) {
    int[] next = {0};
    return () -> next[0] == pieces.length ? Optional.empty() : Optional.of(ByteBuffer.wrap(pieces[next[0]++]));
  }

  /** Gives the piece, and then the client is gone. */
  static UploadBody brokenAfter(byte[] piece) {
    int[] next = {0};
    return () -> {
      if (next[0]++ == 0) {
        return Optional.of(ByteBuffer.wrap(piece));
      }
      throw new IOException("the client closed the connection");
    };
  }

  /** Gives the first piece, says so, and goes on when it is let. */
  static final class Held implements UploadBody {
    final CountDownLatch begun = new CountDownLatch(1);
    final CountDownLatch goOn = new CountDownLatch(1);
    private final byte[] first;
    private final UploadBody rest;
    private int given;

    Held(byte[] first, UploadBody rest) {
      this.first = first;
      this.rest = rest;
    }

    @Override
    public Optional<ByteBuffer> next() throws IOException {
      if (given++ == 0) {
        return Optional.of(ByteBuffer.wrap(first));
      }
      begun.countDown();
      try {
        goOn.await();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
      return rest.next();
    }
  }

  static byte[] random(long seed, int size) {
    byte[] bytes = new byte[size];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }
}
