package dev.weir.storage;

import java.io.IOException;
import java.util.Optional;
import java.util.stream.Stream;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

import static dev.weir.storage.Samples.NAME;
import static dev.weir.storage.Samples.TAG;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Every operation on manifests and tags, broken off at every single call of the store, in three ways: the call fails,
 * its answer is lost, the process dies. What is there afterwards must be sound, and trying again must succeed.
 */
class CrashWindowsTest {
  private static final Manifest OLD = Samples.image("old");
  private static final Manifest NEW = Samples.image("new");

  @TestFactory
  Stream<DynamicTest> aPushIsThereOwnedOrNotAcknowledged() {
    return windows(registry -> {}, registry -> registry.manifests.putOwned(NAME, NEW), State::assertNoEmptyRevision,
        State::assertNewIsOwned);
  }

  @TestFactory
  Stream<DynamicTest> aPushOverACachedManifestLosesNothing() {
    return windows(registry -> registry.manifests.putCached(NAME, NEW, "quay.io"),
        registry -> registry.manifests.putOwned(NAME, NEW), State::assertNewIsThere, State::assertNewIsOwned);
  }

  @TestFactory
  Stream<DynamicTest> aPullNeverLeavesAManifestOwnedByAccident() {
    return windows(registry -> {}, registry -> registry.manifests.putCached(NAME, NEW, "quay.io"), state -> {
      state.assertNoEmptyRevision();
      state.assertNotOwned();
    }, State::assertNewIsCached);
  }

  @TestFactory
  Stream<DynamicTest> aPullThatBringsBackBytesLeavesThePushedManifestOwned() {
    return windows(registry -> {
      registry.manifests.putOwned(NAME, NEW);
      registry.store.delete(Layout.blob(NEW.digest()));
    }, registry -> registry.manifests.putCached(NAME, NEW, "quay.io"),
        state -> assertThat(state.manifests.isCached(NAME, NEW.digest())).isFalse(), State::assertNewIsOwned);
  }

  @TestFactory
  Stream<DynamicTest> aDeletedManifestIsNeverOwnedOnItsWayOut() {
    return windows(registry -> registry.manifests.putCached(NAME, NEW, "quay.io"),
        registry -> registry.manifests.delete(NAME, NEW.digest()), State::assertNotOwned,
        state -> assertThat(state.manifests.get(NAME, NEW.digest())).isEmpty());
  }

  @TestFactory
  Stream<DynamicTest> aPushedTagIsTheOldOneOrTheNewOne() {
    return windows(registry -> registry.tags.setCached(NAME, TAG, OLD.digest()),
        registry -> registry.tags.setOwned(NAME, TAG, NEW.digest()), state -> {
          state.assertTagIsOldOrNew();
          state.assertOldTagIsCached();
        }, state -> state.assertTag(NEW, false));
  }

  @TestFactory
  Stream<DynamicTest> aPushOfTheTagAsItIsOwnsIt() {
    return windows(registry -> registry.tags.setCached(NAME, TAG, NEW.digest()),
        registry -> registry.tags.setOwned(NAME, TAG, NEW.digest()), State::assertTagIsOldOrNew,
        state -> state.assertTag(NEW, false));
  }

  @TestFactory
  Stream<DynamicTest> aNewTagFromUpstreamIsNeverOwned() {
    return windows(registry -> {}, registry -> registry.tags.setCached(NAME, TAG, NEW.digest()), state -> {
      Optional<Digest> current = state.tags.resolve(NAME, TAG);
      assertThat(current.isEmpty() || state.tags.isCached(NAME, TAG, current.get())).isTrue();
      assertThat(state.listsTag()).isEqualTo(current.isPresent());
    }, state -> state.assertTag(NEW, true));
  }

  @TestFactory
  Stream<DynamicTest> aTagThatMovesUpstreamIsNeverOwned() {
    return windows(registry -> registry.tags.setCached(NAME, TAG, OLD.digest()),
        registry -> registry.tags.setCached(NAME, TAG, NEW.digest()), state -> {
          state.assertTagIsOldOrNew();
          state.assertOldTagIsCached();
          assertThat(state.tags.isCached(NAME, TAG, state.tags.resolve(NAME, TAG).orElseThrow())).isTrue();
        }, state -> state.assertTag(NEW, true));
  }

  @TestFactory
  Stream<DynamicTest> upstreamLeavesAPushedTagAlone() {
    return windows(registry -> {
      registry.manifests.putOwned(NAME, OLD);
      registry.tags.setOwned(NAME, TAG, OLD.digest());
    }, registry -> registry.tags.setCached(NAME, TAG, NEW.digest()), state -> state.assertTag(OLD, false),
        state -> state.assertTag(OLD, false));
  }

  @TestFactory
  Stream<DynamicTest> aTagThatIsDeletedIsListedAsLongAsItLeadsSomewhere() {
    return windows(registry -> registry.tags.setCached(NAME, TAG, NEW.digest()),
        registry -> registry.tags.delete(NAME, TAG), state -> {
          assertThat(state.listsTag()).isEqualTo(state.tags.resolve(NAME, TAG).isPresent());
          if (state.listsTag()) {
            state.assertTag(NEW, true);
          }
        }, state -> assertThat(state.listsTag()).isFalse());
  }

  private static Stream<DynamicTest> windows(Step before, Step tried, Step always, Step afterRetry) {
    return Stream.of(Fault.values()).flatMap(fault -> Stream.iterate(1, n -> n + 1).limit(callsOf(before, tried))
        .map(n -> DynamicTest.dynamicTest(fault + " " + n, () -> {
          InMemoryObjectStore memory = prepared(before);
          FaultyObjectStore faulty = new FaultyObjectStore(memory);
          fault.inject(faulty, n);
          assertThat(fails(tried, faulty)).as("the fault was met").isTrue();
          always.on(new State(memory));
          tried.on(new State(memory));
          always.on(new State(memory));
          afterRetry.on(new State(memory));
          assertThat(memory.openObjects()).isZero();
        })));
  }

  private static int callsOf(Step before, Step tried) {
    try {
      FaultyObjectStore counting = new FaultyObjectStore(prepared(before));
      tried.on(new State(counting));
      return counting.calls().size();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static InMemoryObjectStore prepared(Step before) throws IOException {
    InMemoryObjectStore memory = new InMemoryObjectStore();
    before.on(new State(memory));
    return memory;
  }

  private static boolean fails(Step tried, ObjectStore store) {
    try {
      tried.on(new State(store));
      return false;
    } catch (IOException e) {
      return true;
    }
  }

  private enum Fault {
    CALL_FAILS, ANSWER_IS_LOST, PROCESS_DIES;

    void inject(FaultyObjectStore store, int nth) {
      switch (this) {
        case CALL_FAILS -> store.failAt(nth, call -> true);
        case ANSWER_IS_LOST -> store.failAfter(nth, call -> true);
        case PROCESS_DIES -> store.dieAt(nth, call -> true);
      }
    }
  }

  @FunctionalInterface
  private interface Step {
    void on(State state) throws IOException;
  }

  /** The stores as a fresh process has them. */
  private static final class State {
    private final ObjectStore store;
    private final ManifestStore manifests;
    private final TagStore tags;

    State(ObjectStore store) {
      this.store = store;
      this.manifests = new ManifestStore(store, new BlobStore(store), new Changes());
      this.tags = new TagStore(store, new Changes());
    }

    private boolean hasRevision() throws IOException {
      return store.size(Layout.revisionLink(NAME, NEW.digest())).isPresent();
    }

    void assertNoEmptyRevision() throws IOException {
      if (hasRevision()) {
        assertNewIsThere();
      }
    }

    void assertNewIsThere() throws IOException {
      assertThat(manifests.get(NAME, NEW.digest())).isPresent();
    }

    void assertNotOwned() throws IOException {
      assertThat(!hasRevision() || manifests.isCached(NAME, NEW.digest())).isTrue();
    }

    void assertNewIsOwned() throws IOException {
      assertNewIsThere();
      assertThat(manifests.isCached(NAME, NEW.digest())).isFalse();
    }

    void assertNewIsCached() throws IOException {
      assertNewIsThere();
      assertThat(manifests.isCached(NAME, NEW.digest())).isTrue();
      assertThat(new BlobStore(store).isLinked(NAME, Samples.LAYER)).isTrue();
    }

    void assertTagIsOldOrNew() throws IOException {
      assertThat(tags.resolve(NAME, TAG).orElseThrow()).isIn(OLD.digest(), NEW.digest());
    }

    void assertOldTagIsCached() throws IOException {
      assertThat(tags.isCached(NAME, TAG, OLD.digest())).isTrue();
    }

    void assertTag(Manifest expected, boolean isCached) throws IOException {
      assertThat(tags.resolve(NAME, TAG)).contains(expected.digest());
      assertThat(tags.isCached(NAME, TAG, expected.digest())).isEqualTo(isCached);
    }

    boolean listsTag() throws IOException {
      try (Stream<Tag> listed = tags.list(NAME, "")) {
        return listed.anyMatch(TAG::equals);
      }
    }
  }
}
