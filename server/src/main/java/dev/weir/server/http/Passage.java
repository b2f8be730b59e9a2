package dev.weir.server.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicLong;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.LastHttpContent;

import dev.weir.storage.Arriving;

/** Sends a blob's bytes as they arrive. One thread waits for all of them, and none for each. */
final class Passage implements Arriving.Taker {
  private final Outbound out;
  private final Outbound.Progress progress;
  private final List<Object> waiting;
  private final long size;
  private final AtomicLong sent = new AtomicLong();
  private final CompletableFuture<Void> done = new CompletableFuture<>();
  /** Written by whoever tells what arrives. */
  private volatile long taken;
  /** How many bytes there will be. */
  private volatile long expected;

  /**
   * Of a blob of this size.
   *
   * @param waiting goes with the first bytes, and stays there if none come
   */
  Passage(Outbound out, Outbound.Progress progress, List<Object> waiting, long size) {
    this.out = out;
    this.progress = progress;
    this.waiting = waiting;
    this.size = size;
    this.expected = size;
  }

  @Override
  public void take(ByteBuffer bytes, Runnable giveBack) {
    int length = bytes.remaining();
    long whole = taken + length;
    taken = whole;
    waiting.add(Unpooled.wrappedBuffer(bytes));
    if (whole == size) {
      waiting.add(LastHttpContent.EMPTY_LAST_CONTENT);
    }
    Object[] parts = waiting.toArray();
    waiting.clear();
    out.start(progress, parts).then(failure -> {
      if (failure == null) {
        sent.addAndGet(length);
        settle();
      } else {
        done.completeExceptionally(failure);
      }
      giveBack.run();
    });
  }

  private void settle() {
    if (sent.get() == expected) {
      done.complete(null);
    }
  }

  @Override
  public void end() {
    expected = taken;
    settle();
  }

  @Override
  public void broken(IOException why) {
    end(); // whoever waits sees how far it came
  }

  /** Returns when the client has all that arrived. */
  void await() throws ClientGone {
    try {
      done.join();
    } catch (CompletionException e) {
      throw ClientGone.because(e.getCause());
    }
  }

  /** Bytes that arrived. */
  long taken() {
    return taken;
  }

  /** Bytes that the socket has taken. */
  long sent() {
    return sent.get();
  }
}
