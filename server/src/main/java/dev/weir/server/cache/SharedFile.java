package dev.weir.server.cache;

import java.io.IOException;
import java.nio.channels.FileChannel;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.weir.storage.StoredObject;

/** A blob's file in the store, open for as long as anybody holds it; at first whoever opened it does. Thread-safe. */
final class SharedFile {
  private static final Logger LOG = LoggerFactory.getLogger(SharedFile.class);

  private final StoredObject object;
  private final FileChannel channel;
  private final Object lock = new Object();
  @GuardedBy("lock") private int holders = 1;

  /** Takes the object over. */
  SharedFile(StoredObject object) {
    this.object = object;
    this.channel = object.file().orElseThrow(() -> new IllegalArgumentException("the object lies in no local file"));
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
    synchronized (lock) {
      if (holders == 0) {
        return false;
      }
      holders++;
      return true;
    }
  }

  /** One holder less. The last one closes the file, which takes its time where that has lost its name. */
  void release() throws IOException {
    if (isLastToGo()) {
      object.close();
    }
  }

  /** The same for those who must not wait: a thread of its own closes the file. */
  void releaseAside() {
    if (isLastToGo()) {
      Thread.ofVirtual().name("close file").start(() -> {
        try {
          object.close();
        } catch (IOException e) {
          LOG.debug("a blob's file could not be closed: {}", e.getMessage());
        }
      });
    }
  }

  private boolean isLastToGo() {
    synchronized (lock) {
      holders--;
      return holders == 0;
    }
  }
}
