package dev.weir.storage;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.weir.storage.ObjectStore.Child;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * What every {@link ObjectStore} does. A backend's test extends this, makes the store, and declares by the methods
 * below {@link #newStore} in what it differs. Whatever a test stored is deleted after it, and then nothing may be left.
 */
public abstract class ObjectStoreContract {
  private static final ObjectKey TOP = new ObjectKey("contract");

  @TempDir protected Path scratch;

  private ObjectStore store;

  /** A store that is empty below {@code contract/}. */
  protected abstract ObjectStore newStore() throws IOException;

  /** Whether {@code a} and {@code a/b} can both be objects. */
  protected abstract boolean holdsObjectsBelowObjects();

  /** Whether an open object gives its local file. */
  protected abstract boolean givesFiles();

  /** What lies about in the backend now that every object is deleted: temporary files, unfinished uploads, handles. */
  protected abstract List<String> leftovers() throws IOException;

  @BeforeEach
  final void setUp() throws IOException {
    store = newStore();
  }

  @AfterEach
  final void nothingIsLeftBehind() throws IOException {
    deleteBelow(TOP);
    assertThat(leftovers()).isEmpty();
    store.close();
  }

  @Test
  public void whatIsAbsentIsEmpty() throws IOException {
    assertThat(store.open(key("a/b"))).isEmpty();
    assertThat(store.size(key("a/b"))).isEmpty();
    assertThat(store.get(key("a/b"))).isEmpty();
    assertThat(store.delete(key("a/b"))).isFalse();
    assertThat(children("a", "")).isEmpty();
  }

  @Test
  public void bytesComeBackAsTheyWerePut() throws IOException {
    for (int length : new int[]{0, 1, 71, 8192, 300_001}) {
      byte[] value = bytes(length);
      store.putBytes(key("a/value"), value);
      assertThat(store.get(key("a/value")).orElseThrow()).isEqualTo(value);
      assertThat(store.size(key("a/value"))).isEqualTo(OptionalLong.of(length));
    }
  }

  @Test
  public void aFileComesBackAsItWasPutAndIsTaken() throws IOException {
    for (int length : new int[]{0, 1, 5_000_000}) {
      Path file = fileOf(bytes(length));
      store.putFile(key("a/file"), file);
      assertThat(store.get(key("a/file")).orElseThrow()).isEqualTo(bytes(length));
      assertThat(file).doesNotExist();
    }
  }

  @Test
  public void whatIsMovedIsWhereItWasMovedTo() throws IOException {
    store.putBytes(key("from/deep/object"), bytes(300_001));
    store.putBytes(key("to/object"), bytes(7));
    assertThat(store.move(key("from/deep/object"), key("to/object"))).isTrue();
    assertThat(store.get(key("to/object")).orElseThrow()).isEqualTo(bytes(300_001));
    assertThat(store.get(key("from/deep/object"))).isEmpty();
    assertThat(children("from", "")).isEmpty();
    assertThat(store.move(key("from/deep/object"), key("to/object"))).isFalse();
    assertThat(store.size(key("to/object"))).hasValue(300_001);
  }

  @Test
  public void aFileThatIsNotThereChangesNothing() throws IOException {
    store.putBytes(key("a"), bytes(5));
    assertThatThrownBy(() -> store.putFile(key("a"), scratch.resolve("absent"))).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> store.putFile(key("b/c"), scratch.resolve("absent"))).isInstanceOf(IOException.class);
    assertThat(store.get(key("a")).orElseThrow()).isEqualTo(bytes(5));
    assertThat(store.size(key("b/c"))).isEmpty();
  }

  @Test
  public void aPutReplaces() throws IOException {
    store.putBytes(key("a"), bytes(100));
    store.putFile(key("a"), fileOf(bytes(7)));
    assertThat(store.get(key("a")).orElseThrow()).isEqualTo(bytes(7));
    store.putBytes(key("a"), bytes(200));
    assertThat(store.get(key("a")).orElseThrow()).isEqualTo(bytes(200));
  }

  @Test
  public void aValueMayChangeOnceItWasPut() throws IOException {
    byte[] value = bytes(10);
    store.putBytes(key("a"), value);
    value[0]++;
    assertThat(store.get(key("a")).orElseThrow()).isEqualTo(bytes(10));
  }

  @Test
  public void deleteTakesThatObjectOnly() throws IOException {
    List<String> names = List.of("d/link", "d/link.tmp", "d/linked", "d/lin", "d/e/link");
    for (String name : names) {
      store.putBytes(key(name), bytes(3));
    }
    assertThat(store.delete(key("d/link"))).isTrue();
    assertThat(store.delete(key("d/link"))).isFalse();
    assertThat(names.stream().filter(this::isThere)).containsExactly("d/link.tmp", "d/linked", "d/lin", "d/e/link");
  }

  @Test
  public void anOpenObjectStaysAsItIs() throws IOException {
    store.putBytes(key("deleted"), bytes(100_000));
    store.putBytes(key("replaced"), bytes(100_000));
    try (StoredObject deleted = store.open(key("deleted")).orElseThrow();
        StoredObject replaced = store.open(key("replaced")).orElseThrow()) {
      store.delete(key("deleted"));
      store.putBytes(key("replaced"), bytes(3));
      assertThat(contentOf(deleted)).isEqualTo(bytes(100_000));
      assertThat(contentOf(replaced)).isEqualTo(bytes(100_000));
      assertThat(replaced.size()).isEqualTo(100_000);
    }
  }

  @Test
  public void everyReadStartsAnew() throws IOException {
    store.putBytes(key("a"), bytes(20_000));
    try (StoredObject object = store.open(key("a")).orElseThrow()) {
      try (InputStream first = object.read()) {
        assertThat(first.readNBytes(10)).hasSize(10);
      }
      assertThat(contentOf(object)).isEqualTo(bytes(20_000));
      assertThat(contentOf(object)).isEqualTo(bytes(20_000));
    }
  }

  @Test
  public void theFileHoldsExactlyTheObject() throws IOException {
    store.putBytes(key("a"), bytes(1000));
    try (StoredObject object = store.open(key("a")).orElseThrow()) {
      Optional<FileChannel> file = object.file();
      assertThat(file.isPresent()).isEqualTo(givesFiles());
      if (file.isPresent()) {
        ByteBuffer content = ByteBuffer.allocate(2000);
        assertThat(file.get().read(content, 0)).isEqualTo(1000);
        assertThat(content.flip()).isEqualTo(ByteBuffer.wrap(bytes(1000)));
      }
    }
  }

  @Test
  public void aPrefixIsNotAnObject() throws IOException {
    store.putBytes(key("p/q/r"), bytes(3));
    assertThat(store.open(key("p/q"))).isEmpty();
    assertThat(store.size(key("p/q"))).isEmpty();
    assertThat(store.delete(key("p/q"))).isFalse();
    assertThat(store.delete(key("p"))).isFalse();
    assertThat(isThere("p/q/r")).isTrue();
  }

  @Test
  public void nothingLiesBelowAnObjectUnlessSomethingWasPutThere() throws IOException {
    store.putBytes(key("o"), bytes(3));
    assertThat(store.open(key("o/x"))).isEmpty();
    assertThat(store.size(key("o/x/y"))).isEmpty();
    assertThat(store.delete(key("o/x"))).isFalse();
    assertThat(children("o", "")).isEmpty();
  }

  @Test
  public void anObjectBelowAnObjectIsHeldOrRefusedAndTheOtherStays() throws IOException {
    store.putBytes(key("o"), bytes(3));
    if (holdsObjectsBelowObjects()) {
      store.putBytes(key("o/x"), bytes(4));
      assertThat(children("", "")).containsExactly(new Child("o", false), new Child("o", true));
    } else {
      assertThatThrownBy(() -> store.putBytes(key("o/x"), bytes(4))).isInstanceOf(IOException.class);
      assertThatThrownBy(() -> store.putFile(key("o/x/y"), fileOf(bytes(4)))).isInstanceOf(IOException.class);
    }
    assertThat(store.get(key("o")).orElseThrow()).isEqualTo(bytes(3));
  }

  @Test
  public void childrenComeInTheOrderOfTheirNames() throws IOException {
    for (String name : List.of("v1/x", "v1-rc/x", "v1.0/x", "v10/x/y", "V1/x", "_x", "v1.tmp", "a~", "sub/1",
        "sub/2")) {
      store.putBytes(key("tags/" + name), bytes(1));
    }
    assertThat(children("tags", "")).containsExactly(new Child("V1", true), new Child("_x", false),
        new Child("a~", false), new Child("sub", true), new Child("v1", true), new Child("v1-rc", true),
        new Child("v1.0", true), new Child("v1.tmp", false), new Child("v10", true));
  }

  @Test
  public void childrenBeginAfterAName() throws IOException {
    for (String name : List.of("v1/x", "v1-rc/x", "v1.0/x", "v2")) {
      store.putBytes(key("tags/" + name), bytes(1));
    }
    assertThat(children("tags", "v1")).extracting(Child::name).containsExactly("v1-rc", "v1.0", "v2");
    assertThat(children("tags", "v1-")).extracting(Child::name).containsExactly("v1-rc", "v1.0", "v2");
    assertThat(children("tags", "v1-rc")).extracting(Child::name).containsExactly("v1.0", "v2");
    assertThat(children("tags", "v2")).isEmpty();
    assertThat(children("tags", "zzz")).isEmpty();
    assertThat(children("tags", "absent")).hasSize(4);
  }

  @Test
  public void pagesOfChildrenAddUpToAllOfThem() throws IOException {
    List<String> all = IntStream.range(0, 23).mapToObj(i -> "name" + i + (i % 3 == 0 ? "-rc" : "")).toList();
    for (String name : all) {
      store.putBytes(key("pages/" + name + "/link"), bytes(1));
    }
    List<String> seen = new ArrayList<>();
    for (String after = ""; seen.size() <= all.size();) {
      List<String> page = page("pages", after, 5);
      if (page.isEmpty()) {
        break;
      }
      seen.addAll(page);
      after = page.getLast();
    }
    assertThat(seen).containsExactlyElementsOf(all.stream().sorted(NameOrder::compare).toList());
  }

  @Test
  public void aPrefixIsWholeComponents() throws IOException {
    store.putBytes(key("ab/x"), bytes(1));
    store.putBytes(key("abc"), bytes(1));
    assertThat(children("a", "")).isEmpty();
    assertThat(children("ab", "")).containsExactly(new Child("x", false));
  }

  @Test
  public void aPrefixGoesWithItsLastObject() throws IOException {
    store.putBytes(key("p/q/1"), bytes(1));
    store.putBytes(key("p/q/2"), bytes(1));
    store.delete(key("p/q/1"));
    assertThat(children("p", "")).containsExactly(new Child("q", true));
    store.delete(key("p/q/2"));
    assertThat(children("p", "")).isEmpty();
    assertThat(children("", "")).isEmpty();
  }

  @Test
  public void aStreamOfChildrenMayBeLeftBeforeItsEnd() throws IOException {
    store.putBytes(key("p/1"), bytes(1));
    store.putBytes(key("p/2"), bytes(1));
    assertThat(page("p", "", 1)).containsExactly("1");
  }

  @Test
  public void manyWritersOfOneObjectLeaveItWhole() throws Exception {
    List<Future<?>> writers = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 1; i <= 16; i++) {
        byte[] value = bytes(i * 1000);
        writers.add(threads.submit(() -> {
          store.putBytes(key("contended"), value);
          byte[] seen = store.get(key("contended")).orElseThrow();
          assertThat(seen).isEqualTo(bytes(seen.length));
          return seen;
        }));
      }
    }
    for (Future<?> writer : writers) {
      writer.get();
    }
    byte[] last = store.get(key("contended")).orElseThrow();
    assertThat(last).isNotEmpty().isEqualTo(bytes(last.length));
  }

  @Test
  public void ofManyDeletersOneFindsTheObject() throws Exception {
    store.putBytes(key("x/y"), bytes(1));
    List<Future<Boolean>> deleters = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 16; i++) {
        deleters.add(threads.submit(() -> store.delete(key("x/y"))));
      }
    }
    int found = 0;
    for (Future<Boolean> deleter : deleters) {
      found += deleter.get() ? 1 : 0;
    }
    assertThat(found).isBetween(1, deletersThatMaySucceed());
  }

  /** How many deletes at once may say that the object was there; a bucket cannot know that it was another who took it. */
  protected int deletersThatMaySucceed() {
    return 1;
  }

  /** The key {@code below} the tree that belongs to a test; the tree itself for an empty name. */
  protected static ObjectKey key(String below) {
    return below.isEmpty() ? TOP : TOP.resolve(below);
  }

  /** The same bytes every time for one length. */
  protected static byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }

  protected final Path fileOf(byte[] content) throws IOException {
    return Files.write(Files.createTempFile(scratch, "source", ""), content);
  }

  private boolean isThere(String name) {
    try {
      return store.size(key(name)).isPresent();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private List<Child> children(String prefix, String after) throws IOException {
    try (Stream<Child> children = store.children(key(prefix), after)) {
      return children.toList();
    }
  }

  private List<String> page(String prefix, String after, int length) throws IOException {
    try (Stream<Child> children = store.children(key(prefix), after)) {
      return children.limit(length).map(Child::name).toList();
    }
  }

  private static byte[] contentOf(StoredObject object) throws IOException {
    try (InputStream in = object.read()) {
      return in.readAllBytes();
    }
  }

  private void deleteBelow(ObjectKey prefix) throws IOException {
    List<Child> found;
    try (Stream<Child> children = store.children(prefix, "")) {
      found = children.toList();
    }
    for (Child child : found) {
      if (child.isPrefix()) {
        deleteBelow(prefix.resolve(child.name()));
      } else {
        store.delete(prefix.resolve(child.name()));
      }
    }
  }
}
