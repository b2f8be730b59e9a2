package dev.weir.server.archive.out;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/**
 * Compresses by two threads: gzip members of a mebibyte each, one behind the other, which every gunzip reads as one (RFC 1952 §2.2).
 * The same bytes give the same bytes. Quickly rather than well, since layers are compressed already. For one thread.
 */
final class ParallelGzip extends OutputStream {
  private static final int MEMBER = 1 << 20;
  private static final int THREADS = 2;
  /** So many may be under way or wait to be written. */
  private static final int AHEAD = 4;

  private final OutputStream out;
  private final ExecutorService workers = Executors.newFixedThreadPool(THREADS,
      Thread.ofPlatform().daemon().name("gzip ", 1).factory());
  private final Queue<Future<byte[]>> members = new ArrayDeque<>();
  private byte[] open = new byte[MEMBER];
  private int filled;

  /** @param out is flushed, and not closed */
  ParallelGzip(OutputStream out) {
    this.out = out;
  }

  @Override
  public void write(int each) throws IOException {
    write(new byte[]{(byte) each}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    int done = 0;
    while (done < length) {
      int count = Math.min(length - done, MEMBER - filled);
      System.arraycopy(bytes, offset + done, open, filled, count);
      filled += count;
      done += count;
      if (filled == MEMBER) {
        hand();
      }
    }
  }

  private void hand() throws IOException {
    byte[] full = open;
    int length = filled;
    members.add(workers.submit(() -> compressed(full, length)));
    open = new byte[MEMBER];
    filled = 0;
    while (members.size() > AHEAD) {
      take();
    }
  }

  private void take() throws IOException {
    try {
      out.write(members.remove().get());
    } catch (ExecutionException e) {
      throw new IOException("compress: " + e.getCause(), e);
    } catch (InterruptedException e) {
      throw new IOException("stopped while compressing", e);
    }
  }

  private static byte[] compressed(byte[] bytes, int length) throws IOException {
    ByteArrayOutputStream member = new ByteArrayOutputStream(length + 64);
    try (GZIPOutputStream gzip = new Quick(member)) {
      gzip.write(bytes, 0, length);
    }
    return member.toByteArray();
  }

  private static final class Quick extends GZIPOutputStream {
    Quick(OutputStream out) throws IOException {
      super(out, 1 << 16);
      def.setLevel(Deflater.BEST_SPEED);
    }
  }

  /** What is left goes out, too. */
  void finish() throws IOException {
    if (filled > 0) {
      hand();
    }
    while (!members.isEmpty()) {
      take();
    }
    out.flush();
  }

  /** Also of what is given up in the middle. */
  @Override
  public void close() {
    workers.shutdown();
  }
}
