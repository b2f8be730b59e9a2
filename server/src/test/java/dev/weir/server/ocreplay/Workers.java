package dev.weir.server.ocreplay;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import org.jspecify.annotations.Nullable;

/** Some workers that take one item after another; the first failure ends the work, as in oc. */
public final class Workers<T> {
  /** What is done with an item. */
  @FunctionalInterface
  public interface Work<T> {
    void on(T item) throws IOException;
  }

  private final Deque<T> items;
  private final Work<T> work;

  private Workers(List<T> items, Work<T> work) {
    this.items = new ArrayDeque<>(items);
    this.work = work;
  }

  /** Returns when every item is done, or the first failure has stopped all workers. */
  public static <T> void run(int workers, List<T> items, Work<T> work) throws IOException {
    var run = new Workers<T>(items, work);
    Callable<Boolean> worker = run::work;
    try (ExecutorService executor = Executors.newFixedThreadPool(workers)) {
      List<Future<Boolean>> ends = executor.invokeAll(Collections.nCopies(workers, worker));
      for (Future<Boolean> end : ends) {
        end.get();
      }
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException failure) {
        throw failure;
      }
      throw new IllegalStateException("a worker failed", e.getCause());
    } catch (InterruptedException e) {
      throw new IOException("interrupted", e);
    }
  }

  private Boolean work() throws IOException {
    try {
      for (T item = next(); item != null; item = next()) {
        work.on(item);
      }
      return true;
    } catch (IOException | RuntimeException e) {
      stop();
      throw e;
    }
  }

  private synchronized @Nullable T next() {
    return items.poll();
  }

  private synchronized void stop() {
    items.clear();
  }
}
