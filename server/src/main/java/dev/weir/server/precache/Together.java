package dev.weir.server.precache;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.IntStream;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.weir.server.oci.Asker;

/** Does many things at once for a job, each on a virtual thread of its own. */
final class Together {
  private static final Logger LOG = LoggerFactory.getLogger(Together.class);

  private Together() {}

  /**
   * What each came to, in the order given; returns when all are done.
   *
   * @param otherwise what one comes to of which the work throws, whatever it throws
   */
  static <T, R> List<R> map(String what, List<T> all, Function<T, R> work, BiFunction<T, Throwable, R> otherwise) {
    AtomicReferenceArray<R> results = new AtomicReferenceArray<>(all.size());
    CountDownLatch left = new CountDownLatch(all.size());
    for (int i = 0; i < all.size(); i++) {
      int at = i;
      Thread.ofVirtual().name(what).start(Asker.JOB.bound(() -> {
        try {
          results.set(at, result(all.get(at), work, otherwise));
        } finally {
          left.countDown();
        }
      }));
    }
    awaitUninterruptibly(left);
    return IntStream.range(0, all.size()).mapToObj(results::get).toList();
  }

  private static <T, R> R result(T one, Function<T, R> work, BiFunction<T, Throwable, R> otherwise) {
    try {
      return work.apply(one);
    } catch (Throwable e) { // of one; the others go on
      LOG.warn("precaching {} failed", one, e);
      return otherwise.apply(one, e);
    }
  }

  /** Nobody interrupts a job. */
  private static void awaitUninterruptibly(CountDownLatch left) {
    try {
      left.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException("nobody interrupts a job", e);
    }
  }
}
