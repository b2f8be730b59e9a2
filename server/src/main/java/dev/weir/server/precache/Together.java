package dev.weir.server.precache;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Function;
import java.util.stream.IntStream;

import dev.weir.server.oci.Asker;

/** Does many things at once for a job, each on a virtual thread of its own. */
final class Together {
  private Together() {}

  /** What each came to, in the order given; returns when all are done. {@code work} must not throw. */
  static <T, R> List<R> map(String what, List<T> all, Function<T, R> work) {
    AtomicReferenceArray<R> results = new AtomicReferenceArray<>(all.size());
    CountDownLatch left = new CountDownLatch(all.size());
    for (int i = 0; i < all.size(); i++) {
      int at = i;
      Thread.ofVirtual().name(what).start(Asker.JOB.bound(() -> {
        try {
          results.set(at, work.apply(all.get(at)));
        } finally {
          left.countDown();
        }
      }));
    }
    awaitUninterruptibly(left);
    return IntStream.range(0, all.size()).mapToObj(results::get).toList();
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
