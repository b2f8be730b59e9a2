package dev.weir.server.keep;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

import com.fasterxml.jackson.databind.JsonNode;

import dev.weir.server.admin.SocketClient;
import dev.weir.server.pullthrough.TestWeir;
import dev.weir.storage.Digest;

/** A weir in this process, what it has on its disk, and those who damage that. */
final class KeptWeir implements AutoCloseable {
  private static final long LONGEST_NANOS = Duration.ofSeconds(60).toNanos();

  private final Path root;
  private final TestWeir weir;

  KeptWeir(Path root, TestWeir weir) {
    this.root = root;
    this.weir = weir;
  }

  TestWeir weir() {
    return weir;
  }

  Pusher pusher() {
    return new Pusher(weir.uri());
  }

  Path data(Digest blob) {
    return data(root, blob);
  }

  static Path data(Path root, Digest blob) {
    return root.resolve("docker/registry/v2/blobs/sha256").resolve(blob.hex().substring(0, 2)).resolve(blob.hex())
        .resolve("data");
  }

  boolean holds(Digest blob) {
    return Files.exists(data(blob));
  }

  /** One bit, somewhere in it. */
  static void flip(Path file, long at) throws IOException {
    try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
      open.seek(at % open.length());
      int before = open.read();
      open.seek(at % open.length());
      open.write(before ^ 4);
    }
  }

  SocketClient socket() {
    return new SocketClient(root.resolve("weir/admin.sock"));
  }

  JsonNode status() throws IOException {
    return socket().get("/weir/v1/status");
  }

  /** @param order JSON */
  JsonNode run(String path, Object order) throws IOException {
    return socket().run(path, order, job -> {});
  }

  static void await(String what, Condition condition) throws IOException {
    long start = System.nanoTime();
    while (!condition.holds()) {
      if (System.nanoTime() - start > LONGEST_NANOS) {
        throw new AssertionError("waited in vain until " + what);
      }
      LockSupport.parkNanos(5_000_000);
    }
  }

  interface Condition {
    boolean holds() throws IOException;
  }

  @Override
  public void close() {
    weir.close();
  }
}
