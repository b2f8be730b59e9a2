package dev.weir.server.cache;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.weir.storage.StoredObject;

import static org.assertj.core.api.Assertions.assertThat;

class SharedFileTest {
  @TempDir private Path directory;
  private final CountDownLatch mayClose = new CountDownLatch(1);
  private final BlockingQueue<Thread> closing = new LinkedBlockingQueue<>();

  /** Takes long to close. */
  private record Slow(FileChannel channel, CountDownLatch mayClose, BlockingQueue<Thread> closing)
      implements
        StoredObject {
    @Override
    public long size() {
      return 0;
    }

    @Override
    public Optional<FileChannel> file() {
      return Optional.of(channel);
    }

    @Override
    public InputStream read() {
      return InputStream.nullInputStream();
    }

    @Override
    public void close() throws IOException {
      closing.add(Thread.currentThread());
      try {
        mayClose.await();
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
      channel.close();
    }
  }

  /** A virtual thread that waited for the file system would keep its carrier from all others. */
  @Test
  void filesAreClosedAsideOneAfterTheOtherOnOneThreadOfTheSystem() throws Exception {
    Executor aside = SharedFile.aside();
    List<FileChannel> channels = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      channels.add(FileChannel.open(Files.createTempFile(directory, "blob", "")));
      new SharedFile(new Slow(channels.get(i), mayClose, closing), aside).releaseAside();
    }
    Thread first = closing.poll(20, TimeUnit.SECONDS);
    assertThat(first).isNotNull().matches(thread -> !thread.isVirtual() && thread.isDaemon());
    assertThat(closing).as("the others wait").isEmpty();
    mayClose.countDown();
    assertThat(closing.poll(20, TimeUnit.SECONDS)).isSameAs(first);
    assertThat(closing.poll(20, TimeUnit.SECONDS)).isSameAs(first);
    Waiting.until(() -> channels.stream().noneMatch(FileChannel::isOpen));
  }
}
