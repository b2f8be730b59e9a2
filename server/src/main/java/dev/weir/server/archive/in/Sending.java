package dev.weir.server.archive.in;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

import org.jspecify.annotations.Nullable;

import dev.weir.server.archive.Connection;
import dev.weir.storage.Digest;
import dev.weir.storage.RepositoryName;

/** Sends blobs that can be read in any order, two at a time. */
final class Sending {
  private static final int AT_A_TIME = 2;
  /** How many bytes go by between two words about it. */
  private static final long STEP = 4 << 20;

  private final Target target;
  private final Found found;
  private final Watch watch;
  private final long total;
  private final AtomicLong done = new AtomicLong();
  private final AtomicReference<@Nullable IOException> failure = new AtomicReference<>();

  Sending(Target target, Found found, Watch watch, long total) {
    this.target = target;
    this.found = found;
    this.watch = watch;
    this.total = total;
  }

  /** @throws IOException if the target cannot be had; a blob that cannot be read, or is another, is noted alone */
  void send(Map<Digest, RepositoryName> all) throws IOException {
    Queue<Map.Entry<Digest, RepositoryName>> queue = new ConcurrentLinkedQueue<>(all.entrySet());
    List<Thread> senders = new ArrayList<>();
    for (int i = 0; i < AT_A_TIME; i++) {
      senders.add(Thread.ofPlatform().name("send " + i).start(() -> work(queue)));
    }
    for (Thread sender : senders) {
      join(sender);
    }
    IOException failed = failure.get();
    if (failed != null) {
      throw failed;
    }
  }

  private static void join(Thread sender) throws IOException {
    try {
      sender.join();
    } catch (InterruptedException e) {
      throw new IOException("stopped while blobs were sent", e);
    }
  }

  private void work(Queue<Map.Entry<Digest, RepositoryName>> queue) {
    try {
      for (var next = queue.poll(); next != null && failure.get() == null; next = queue.poll()) {
        one(next.getKey(), next.getValue());
      }
    } catch (IOException e) {
      failure.compareAndSet(null, e);
    } catch (RuntimeException | Error e) { // of memory, too: what was not sent is not there
      failure.compareAndSet(null, new IOException("importing failed: " + e, e));
    }
  }

  private void one(Digest digest, RepositoryName name) throws IOException {
    while (found.place(digest).orElse(null) instanceof Found.Place.Source source) { // one copy after another
      copy(digest, name, source.content());
    }
  }

  private void copy(Digest digest, RepositoryName name, Connection.Body content) throws IOException {
    long before = done.get();
    try {
      if (target.mount(name, digest, Optional.empty(), content.length())) {
        found.present();
        done.addAndGet(Math.max(0, content.length()));
      } else {
        target.putBlob(name, digest, counted(content, name + "@" + digest));
        found.sent(content.length());
      }
      found.moved(digest, name, content.length());
    } catch (Target.Refused | Connection.Unreadable e) {
      found.spoiled(digest, String.valueOf(e.getMessage()));
    }
    tell(before, name.value());
  }

  private Connection.Body counted(Connection.Body content, String what) {
    return new Connection.Body() {
      @Override
      public long length() {
        return content.length();
      }

      @Override
      public boolean lasts() {
        return content.lasts();
      }

      @Override
      public InputStream open() throws IOException {
        return new Counting(content.open(), what);
      }
    };
  }

  private void tell(long before, String what) {
    long now = done.get();
    if (now / STEP != before / STEP || now == total) {
      synchronized (watch) {
        watch.at(now, total, what);
      }
    }
  }

  private final class Counting extends FilterInputStream {
    private final String what;

    Counting(InputStream in, String what) {
      super(in);
      this.what = what;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      int read = in.read(into, offset, length);
      if (read > 0) {
        tell(done.getAndAdd(read), what);
      }
      return read;
    }

    @Override
    public int read() throws IOException {
      int read = in.read();
      done.addAndGet(read < 0 ? 0 : 1);
      return read;
    }
  }
}
