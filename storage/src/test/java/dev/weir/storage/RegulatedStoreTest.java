package dev.weir.storage;

import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

class RegulatedStoreTest {
  private static final int ASKERS = 60;
  private static final ObjectKey KEY = new ObjectKey("weir/x");

  private final InMemoryObjectStore memory = new InMemoryObjectStore();
  private final AtomicInteger now = new AtomicInteger();
  private final AtomicInteger most = new AtomicInteger();
  private final Semaphore mayEnd = new Semaphore(0);

  private ObjectStore slow(CountDownLatch begun) {
    InvocationHandler handler = (proxy, method, arguments) -> {
      most.accumulateAndGet(now.incrementAndGet(), Math::max);
      begun.countDown();
      mayEnd.acquire();
      now.decrementAndGet();
      return method.invoke(memory, arguments);
    };
    return (ObjectStore) Proxy.newProxyInstance(ObjectStore.class.getClassLoader(), new Class<?>[]{ObjectStore.class},
        handler);
  }

  @ParameterizedTest
  @CsvSource({"40, 40", "25, 25", "1, 25"})
  void onlySoManyWorkAtOnceAndNeverFewerThanTwentyFive(int configured, int expected) throws Exception {
    CountDownLatch begun = new CountDownLatch(expected);
    RegulatedStore store = new RegulatedStore(slow(begun), configured);
    List<Thread> askers = new ArrayList<>();
    for (int i = 0; i < ASKERS; i++) {
      askers.add(Thread.ofVirtual().start(() -> {
        try {
          store.size(KEY);
        } catch (IOException e) {
          throw new AssertionError(e);
        }
      }));
    }
    begun.await();
    mayEnd.release(ASKERS);
    for (Thread asker : askers) {
      asker.join();
    }
    assertThat(most).hasValue(expected);
  }

  @Test
  void whatIsOpenOrListedTakesNobodysTurn() throws IOException {
    RegulatedStore store = new RegulatedStore(memory, RegulatedStore.LEAST);
    store.putBytes(KEY, "x".getBytes(UTF_8));
    List<StoredObject> open = new ArrayList<>();
    for (int i = 0; i < ASKERS; i++) {
      open.add(store.open(KEY).orElseThrow());
      try (var children = store.children(new ObjectKey("weir"), "")) {
        assertThat(children).extracting(ObjectStore.Child::name).containsExactly("x");
      }
    }
    for (StoredObject each : open) {
      each.close();
    }
    assertThat(store.get(KEY)).contains("x".getBytes(UTF_8));
  }
}
