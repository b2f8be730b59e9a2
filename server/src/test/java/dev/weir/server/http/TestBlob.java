package dev.weir.server.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;

import dev.weir.server.cache.BlobBody;

/** A blob in a file that grows when the test says so. */
final class TestBlob implements BlobBody {
  private final byte[] content;
  private final Path path;
  private final FileChannel channel;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final CountDownLatch waitedFor = new CountDownLatch(1);
  private long arrived;
  private @Nullable IOException failure;

  /** Nothing of {@code content} is there yet. */
  TestBlob(Path directory, byte[] content) throws IOException {
    this.content = content;
    this.path = Files.createTempFile(directory, "blob", "");
    this.channel = FileChannel.open(path, StandardOpenOption.READ);
  }

  synchronized TestBlob arrive(int bytes) throws IOException {
    try (FileChannel out = FileChannel.open(path, StandardOpenOption.WRITE)) {
      out.write(ByteBuffer.wrap(content, (int) arrived, bytes), arrived);
    }
    arrived += bytes;
    notifyAll();
    return this;
  }

  TestBlob arriveWhole() throws IOException {
    return arrive(content.length);
  }

  synchronized void fail(IOException reason) {
    failure = reason;
    notifyAll();
  }

  @Override
  public long size() {
    return content.length;
  }

  @Override
  public FileChannel file() {
    return channel;
  }

  @Override
  public synchronized long awaitBeyond(long offset) throws IOException {
    while (arrived <= offset) {
      if (failure != null) {
        throw failure;
      }
      waitedFor.countDown();
      try {
        wait();
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
    }
    return arrived;
  }

  @Override
  public void close() throws IOException {
    channel.close();
    closed.countDown();
  }

  boolean isClosedSoon() throws InterruptedException {
    return closed.await(20, TimeUnit.SECONDS);
  }

  boolean isClosed() {
    return closed.getCount() == 0;
  }

  /** Returns when a reader waits for bytes that are not there. */
  void awaitReader() throws InterruptedException {
    if (!waitedFor.await(20, TimeUnit.SECONDS)) {
      throw new AssertionError("nobody waits for this blob");
    }
  }
}
