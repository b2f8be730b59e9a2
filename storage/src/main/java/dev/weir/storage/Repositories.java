package dev.weir.storage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The repositories that hold anything, in the order of their components ({@code a}, {@code a/b}, {@code a-b}), which is
 * the order of a walk and that of registry:2. Thread-safe.
 */
public final class Repositories {
  private final ObjectStore store;

  public Repositories(ObjectStore store) {
    this.store = store;
  }

  /**
   * Those after {@code last}, which need not exist; walked only as far as the stream is read. The caller closes it.
   *
   * @param last empty for all
   */
  public Stream<RepositoryName> after(String last) throws IOException {
    List<String> components = last.isEmpty() ? List.of() : List.of(last.split("/"));
    return below(Optional.empty(), components);
  }

  private Stream<RepositoryName> below(Optional<String> parent, List<String> after) {
    ObjectKey key = parent.map(Layout.REPOSITORIES::resolve).orElse(Layout.REPOSITORIES);
    if (after.isEmpty()) {
      return children(key, "").flatMap(child -> whole(joined(parent, child)));
    }
    Stream<RepositoryName> begun = begun(joined(parent, after.getFirst()), after.subList(1, after.size()));
    Stream<RepositoryName> rest = children(key, after.getFirst()).flatMap(child -> whole(joined(parent, child)));
    return Stream.concat(begun, rest);
  }

  /** A client may say anything of where it is: below what cannot be a name there is nothing. */
  private Stream<RepositoryName> begun(String name, List<String> after) {
    return parsed(name).stream().flatMap(_ -> below(Optional.of(name), after));
  }

  /** A name, if it is a repository, and all below it. */
  private Stream<RepositoryName> whole(String name) {
    Stream<RepositoryName> itself = repository(name).stream();
    return Stream.concat(itself, below(Optional.of(name), List.of()));
  }

  private Optional<RepositoryName> repository(String name) {
    return parsed(name).filter(this::holdsAnything);
  }

  private static Optional<RepositoryName> parsed(String name) {
    try {
      return Optional.of(RepositoryName.parse(name));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private boolean holdsAnything(RepositoryName name) {
    try (Stream<ObjectStore.Child> children = store.children(Layout.repository(name), "_")) {
      return children.takeWhile(child -> child.name().startsWith("_"))
          .anyMatch(child -> child.name().equals("_manifests") || child.name().equals("_layers"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Stream<String> children(ObjectKey key, String after) {
    try {
      return store.children(key, after).filter(child -> child.isPrefix() && !child.name().startsWith("_"))
          .map(ObjectStore.Child::name);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (IllegalArgumentException e) {
      return Stream.empty();
    }
  }

  private static String joined(Optional<String> parent, String child) {
    return parent.map(above -> above + "/" + child).orElse(child);
  }
}
