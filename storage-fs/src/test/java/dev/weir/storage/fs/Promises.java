package dev.weir.storage.fs;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

import dev.weir.storage.Content;
import dev.weir.storage.Digest;
import dev.weir.storage.ObjectKey;
import dev.weir.storage.ObjectStore;
import dev.weir.storage.StoredObject;

import static org.assertj.core.api.Assertions.assertThat;

/** What a store has acknowledged, and from when until when it is bound by that. */
final class Promises {
  private final List<Promise> all = new ArrayList<>();
  private final Map<String, Promise> current = new HashMap<>();

  /** Holds against what a new process finds. */
  @FunctionalInterface
  interface Check {
    void on(Content content) throws IOException;
  }

  private static final class Promise {
    private final String of;
    private final int from;
    private final Check check;
    private int until = Integer.MAX_VALUE;

    Promise(String of, int from, Check check) {
      this.of = of;
      this.from = from;
      this.check = check;
    }
  }

  /** Something is about to be done to {@code of}: from {@code now} on it may be the one or the other. */
  void withdraw(String of, int now) {
    Optional.ofNullable(current.remove(of)).ifPresent(promise -> promise.until = now);
  }

  /** It was acknowledged before change number {@code now}. */
  void make(String of, int now, Check check) {
    Promise promise = new Promise(of, now, check);
    current.put(of, promise);
    all.add(promise);
  }

  void assertKept(int at, ObjectStore store, String when) throws IOException {
    assertSound(store, when);
    Content content = Content.of(store);
    for (Promise promise : all) {
      if (promise.from <= at && at <= promise.until) {
        try {
          promise.check.on(content);
        } catch (AssertionError e) {
          throw new AssertionError(promise.of + " was acknowledged; " + when + ": " + e.getMessage(), e);
        }
      }
    }
  }

  /** Every blob is what its name says, and every name leads to what it says. */
  private static void assertSound(ObjectStore store, String when) throws IOException {
    for (ObjectKey key : below(store, new ObjectKey("docker"))) {
      String[] parts = key.value().split("/", -1);
      if (parts[parts.length - 1].equals("data")) {
        String digest = parts[parts.length - 4] + ":" + parts[parts.length - 2];
        assertThat(Digest.sha256(content(store, key))).as("%s; %s", key, when).hasToString(digest);
      } else if (parts[parts.length - 1].equals("link")) {
        assertThat(new String(content(store, key), StandardCharsets.US_ASCII)).as("%s; %s", key, when)
            .matches("sha256:[0-9a-f]{64}");
      }
    }
  }

  private static List<ObjectKey> below(ObjectStore store, ObjectKey prefix) throws IOException {
    List<ObjectKey> found = new ArrayList<>();
    try (Stream<ObjectStore.Child> children = store.children(prefix, "")) {
      for (ObjectStore.Child child : children.toList()) {
        ObjectKey key = prefix.resolve(child.name());
        if (child.isPrefix()) {
          found.addAll(below(store, key));
        } else {
          found.add(key);
        }
      }
    }
    return found;
  }

  private static byte[] content(ObjectStore store, ObjectKey key) throws IOException {
    try (StoredObject object = store.open(key).orElseThrow(); InputStream in = object.read()) {
      return in.readAllBytes();
    }
  }
}
