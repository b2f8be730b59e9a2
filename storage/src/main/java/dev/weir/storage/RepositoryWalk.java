package dev.weir.storage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * A walk over the tree of repositories, name by name, which looks no further than it is asked. A chain of streams would:
 * what is flattened within something concatenated is fetched whole. For one thread.
 */
final class RepositoryWalk implements Iterator<RepositoryName>, AutoCloseable {
  private final ObjectStore store;
  /** Where the walk is at each depth, the deepest first. */
  private final Deque<Level> levels = new ArrayDeque<>();
  private @Nullable RepositoryName next;

  /** What is still to be seen below one name, or below nothing. */
  private record Level(Optional<String> parent, Stream<ObjectStore.Child> children, Iterator<String> names) {
    String joined(String child) {
      return parent.map(above -> above + "/" + child).orElse(child);
    }
  }

  /** @param last the walk begins behind it, whatever it is; empty: at the beginning */
  RepositoryWalk(ObjectStore store, String last) {
    this.store = store;
    Optional<String> parent = Optional.empty();
    for (String component : last.isEmpty() ? new String[0] : last.split("/")) {
      Level level = descend(parent, component);
      parent = Optional.of(level.joined(component));
      if (parsed(parent.get()).isEmpty()) { // below what cannot be a name there is nothing
        return;
      }
    }
    descend(parent, "");
  }

  @Override
  public boolean hasNext() {
    while (next == null && !levels.isEmpty()) {
      advance(levels.peek());
    }
    return next != null;
  }

  @Override
  public RepositoryName next() {
    if (!hasNext() || next == null) {
      throw new NoSuchElementException();
    }
    RepositoryName found = next;
    next = null;
    return found;
  }

  private void advance(Level level) {
    if (!level.names().hasNext()) {
      levels.pop().children().close();
      return;
    }
    String name = level.joined(level.names().next());
    Optional<RepositoryName> repository = parsed(name);
    if (repository.isPresent()) {
      descend(Optional.of(name), "");
      next = repository.filter(this::holdsAnything).orElse(null);
    }
  }

  private Level descend(Optional<String> parent, String after) {
    ObjectKey key = parent.map(Layout.REPOSITORIES::resolve).orElse(Layout.REPOSITORIES);
    Stream<ObjectStore.Child> children = list(key, after);
    Level level = new Level(parent, children, children
        .filter(child -> child.isPrefix() && !child.name().startsWith("_")).map(ObjectStore.Child::name).iterator());
    levels.push(level);
    return level;
  }

  private boolean holdsAnything(RepositoryName name) {
    try (Stream<ObjectStore.Child> children = list(Layout.repository(name), "_")) {
      return children.takeWhile(child -> child.name().startsWith("_"))
          .anyMatch(child -> child.name().equals("_manifests") || child.name().equals("_layers"));
    }
  }

  private Stream<ObjectStore.Child> list(ObjectKey key, String after) {
    try {
      return store.children(key, after);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Optional<RepositoryName> parsed(String name) {
    try {
      return Optional.of(RepositoryName.parse(name));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  @Override
  public void close() {
    levels.forEach(level -> level.children().close());
    levels.clear();
  }
}
