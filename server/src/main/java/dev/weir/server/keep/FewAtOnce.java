package dev.weir.server.keep;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Does the same with many things, a few at once, each on a virtual thread. */
public final class FewAtOnce {
  private FewAtOnce() {}

  /** Something that is done with one of them. */
  @FunctionalInterface
  public interface Work<T, R> {
    R on(T one) throws IOException;
  }

  /** Something that is made of what it came to. */
  @FunctionalInterface
  public interface Answer<T, R> {
    void of(T one, R result) throws IOException;
  }

  /**
   * What each came to, in the order given.
   *
   * @param what is done, for messages
   * @throws IOException the first failure in that order, once all have ended
   */
  public static <T, R> List<R> map(int few, String what, Collection<T> all, Work<T, R> work) throws IOException {
    try (ExecutorService threads = Executors.newFixedThreadPool(few, Thread.ofVirtual().factory())) {
      List<Future<R>> begun = new ArrayList<>();
      all.forEach(each -> begun.add(threads.submit(() -> work.on(each))));
      List<R> results = new ArrayList<>();
      for (Future<R> each : begun) {
        results.add(each.get());
      }
      return results;
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException known ? known : new IOException(what + ": " + e.getCause(), e);
    } catch (InterruptedException e) {
      throw new IOException(what + ": stopped before the end", e);
    }
  }

  /**
   * Hands over what each came to, in the order given, by the thread that asks.
   *
   * @param slice so many are begun and ended before the next, so that no more results are in memory
   */
  public static <T, R> void each(int few, int slice, String what, List<T> all, Work<T, R> work, Answer<T, R> answer)
      throws IOException {
    for (int from = 0; from < all.size(); from += slice) {
      List<T> some = all.subList(from, Math.min(from + slice, all.size()));
      List<R> results = map(few, what, some, work);
      for (int i = 0; i < some.size(); i++) {
        answer.of(some.get(i), results.get(i));
      }
    }
  }
}
