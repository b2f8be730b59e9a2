package dev.weir.server.cache;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import dev.weir.server.oci.Asker;
import dev.weir.server.oci.RegistryException;

/**
 * Lets many ask for the same thing and one fetch it. The fetch has a thread of its own and goes on when those who asked
 * have left. Thread-safe.
 */
public final class SingleFlight<K, V> {
  /** What is done once for all. */
  @FunctionalInterface
  public interface Task<V> {
    V call() throws IOException;
  }

  private final ConcurrentMap<K, CompletableFuture<V>> running = new ConcurrentHashMap<>();

  /**
   * Waits for the fetch of {@code key} that runs, or starts {@code task}. Empty: patience ended; the fetch goes on.
   *
   * @throws IOException as the task threw it; a {@link RegistryException} stays one
   */
  public Optional<V> join(K key, Duration patience, Task<V> task) throws IOException {
    CompletableFuture<V> fresh = new CompletableFuture<>();
    CompletableFuture<V> before = running.putIfAbsent(key, fresh);
    if (before == null) {
      Thread.ofVirtual().name("fetch " + key).start(Asker.current().bound(() -> run(key, fresh, task)));
    }
    return await(before == null ? fresh : before, patience);
  }

  private void run(K key, CompletableFuture<V> result, Task<V> task) {
    try {
      V value = task.call();
      running.remove(key, result);
      result.complete(value);
    } catch (Throwable e) { // told to whoever waits
      running.remove(key, result);
      result.completeExceptionally(e);
    }
  }

  private static <V> Optional<V> await(CompletableFuture<V> result, Duration patience) throws IOException {
    try {
      return Optional.of(result.get(patience.toMillis(), TimeUnit.MILLISECONDS));
    } catch (TimeoutException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      throw new IOException("stopped while waiting", e);
    } catch (ExecutionException e) {
      throw again(e.getCause() == null ? e : e.getCause());
    }
  }

  private static IOException again(Throwable cause) {
    return cause instanceof RegistryException answer ? answer.again() : new IOException(cause.getMessage(), cause);
  }
}
