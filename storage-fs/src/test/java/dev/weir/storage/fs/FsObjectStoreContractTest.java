package dev.weir.storage.fs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import dev.weir.storage.ObjectStore;
import dev.weir.storage.ObjectStoreContract;

class FsObjectStoreContractTest extends ObjectStoreContract {
  @Override
  protected ObjectStore newStore() throws IOException {
    return new FsObjectStore(root());
  }

  @Override
  protected boolean holdsObjectsBelowObjects() {
    return false;
  }

  @Override
  protected boolean givesFiles() {
    return true;
  }

  /** Everything below the root: directories that stayed behind, too. */
  @Override
  protected List<String> leftovers() throws IOException {
    try (Stream<Path> all = Files.walk(root())) {
      return all.map(path -> root().relativize(path).toString())
          .filter(name -> !Set.of("", "weir", "weir/tmp").contains(name)).toList();
    }
  }

  private Path root() {
    return scratch.resolve("root");
  }
}
