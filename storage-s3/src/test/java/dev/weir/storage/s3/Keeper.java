package dev.weir.storage.s3;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

import dev.weir.storage.Arriving;

/** Keeps what it is given. */
final class Keeper implements Arriving.Taker {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final Queue<Runnable> out = new ConcurrentLinkedQueue<>();
  private final CompletableFuture<Optional<IOException>> end = new CompletableFuture<>();
  private final boolean givesBack;

  /** @param givesBack at once; else when it is told to */
  Keeper(boolean givesBack) {
    this.givesBack = givesBack;
  }

  @Override
  public void take(ByteBuffer piece, Runnable giveBack) {
    byte[] copy = new byte[piece.remaining()];
    piece.get(copy);
    bytes.writeBytes(copy);
    if (givesBack) {
      giveBack.run();
    } else {
      out.add(giveBack);
    }
  }

  void giveBack() {
    for (Runnable next = out.poll(); next != null; next = out.poll()) {
      next.run();
    }
  }

  @Override
  public void end() {
    end.complete(Optional.empty());
  }

  @Override
  public void broken(IOException why) {
    end.complete(Optional.of(why));
  }

  boolean isOver() {
    return end.isDone();
  }

  /** Why not all came. */
  Optional<IOException> awaitEnd() {
    return end.orTimeout(30, TimeUnit.SECONDS).join();
  }

  /** What has come. */
  byte[] bytes() {
    return bytes.toByteArray();
  }
}
