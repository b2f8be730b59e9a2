package dev.weir.server.cache;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.weir.storage.StoredObject;

/** A blob's file in the store, open for as long as anybody holds it; at first whoever opened it does. Thread-safe. */
final class SharedFile {
  private static final Logger LOG = LoggerFactory.getLogger(SharedFile.class);
  private static final Duration IDLE = Duration.ofSeconds(1);

  private final StoredObject object;
  private final FileChannel channel;
  private final Executor aside;
  private final Holders holders = new Holders();

  /**
   * Takes the object over.
   *
   * @param aside closes it for those who must not wait
   */
  SharedFile(StoredObject object, Executor aside) {
    this.object = object;
    this.aside = aside;
    this.channel = object.file().orElseThrow(() -> new IllegalArgumentException("the object lies in no local file"));
  }

  /**
   * Closes one file after another on a thread of its own, which ends when there is none left: to free the room of a large one
   * that has lost its name takes the system a while, in which a virtual thread would keep a processor's carrier from all others.
   */
  static Executor aside() {
    var one = new ThreadPoolExecutor(1, 1, IDLE.toMillis(), TimeUnit.MILLISECONDS, new LinkedBlockingQueue<>(),
        Thread.ofPlatform().daemon().name("close files").factory());
    one.allowCoreThreadTimeOut(true);
    return one;
  }

  /** In bytes. */
  long size() {
    return object.size();
  }

  FileChannel channel() {
    return channel;
  }

  /** One more holder. False: too late, the file is closed. */
  boolean retain() {
    return holders.retain();
  }

  /** One holder less. The last one closes the file, which takes its time where that has lost its name. */
  void release() throws IOException {
    if (holders.release()) {
      object.close();
    }
  }

  /** The same for those who must not wait. */
  void releaseAside() {
    if (holders.release()) {
      aside.execute(this::closeQuietly);
    }
  }

  private void closeQuietly() {
    try {
      object.close();
    } catch (IOException e) {
      LOG.debug("a blob's file could not be closed: {}", e.getMessage());
    }
  }
}
