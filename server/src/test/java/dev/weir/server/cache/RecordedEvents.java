package dev.weir.server.cache;

import java.io.IOException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import dev.weir.storage.Digest;

/** Notes what downloads tell. */
public final class RecordedEvents implements DownloadEvents {
  final AtomicInteger started = new AtomicInteger();
  final AtomicLong resumed = new AtomicLong();
  final AtomicLong fetched = new AtomicLong();
  final AtomicLong refetched = new AtomicLong();
  private final BlockingQueue<String> ends = new LinkedBlockingQueue<>();

  /** Waits until a download ended, and says how: {@code completed} or the failure's class. */
  String nextEnd() throws InterruptedException {
    return ends.take();
  }

  @Override
  public void started(Digest digest) {
    started.incrementAndGet();
  }

  @Override
  public void resumed(String source, long bytes) {
    resumed.addAndGet(bytes);
  }

  @Override
  public void fetched(String source, long bytes) {
    fetched.addAndGet(bytes);
  }

  @Override
  public void refetched(String source, long bytes) {
    refetched.addAndGet(bytes);
  }

  @Override
  public void completed(Digest digest) {
    ends.add("completed");
  }

  @Override
  public void failed(Digest digest, IOException cause) {
    ends.add(cause.getClass().getSimpleName());
  }
}
