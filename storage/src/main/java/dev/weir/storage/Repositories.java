package dev.weir.storage;

import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

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
   * Those after {@code last}, which need not exist; walked only as far as the stream is read. The caller closes it. It
   * may throw an {@link java.io.UncheckedIOException}.
   *
   * @param last empty for all
   */
  public Stream<RepositoryName> after(String last) {
    RepositoryWalk walk = new RepositoryWalk(store, last);
    return StreamSupport
        .stream(Spliterators.spliteratorUnknownSize(walk, Spliterator.ORDERED | Spliterator.NONNULL), false)
        .onClose(walk::close);
  }
}
