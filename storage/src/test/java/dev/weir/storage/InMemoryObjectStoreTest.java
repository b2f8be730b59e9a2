package dev.weir.storage;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

class InMemoryObjectStoreTest extends ObjectStoreContract {
  private final InMemoryObjectStore memory = new InMemoryObjectStore();

  @Override
  protected ObjectStore newStore() {
    return memory;
  }

  @Override
  protected boolean holdsObjectsBelowObjects() {
    return true;
  }

  @Override
  protected boolean givesFiles() {
    return false;
  }

  @Override
  protected List<String> leftovers() {
    return Stream.concat(memory.keys().map(ObjectKey::value),
        IntStream.range(0, memory.openObjects()).mapToObj(i -> "an object that is still open")).toList();
  }
}
