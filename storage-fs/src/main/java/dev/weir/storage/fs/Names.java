package dev.weir.storage.fs;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import org.jspecify.annotations.Nullable;

import dev.weir.storage.NameOrder;

/**
 * The names in a directory, sorted by {@link NameOrder}. Those of large directories are remembered, so that a page out
 * of a long list costs what the page holds and not what the list holds.
 *
 * <p>What is remembered stands as long as the directory has neither been replaced nor changed since, whoever changes
 * it: the file system says so by the directory's own number and time. Thread-safe.
 */
final class Names {
  /** A smaller directory is read faster than it is worth remembering. */
  private static final int LARGE = 1000;
  /** Over all directories together; a name takes about 100 bytes. */
  private static final int MOST_REMEMBERED = 200_000;
  /**
   * File systems tell the time in steps of some milliseconds: a directory that changed this shortly ago may change again
   * and keep its time.
   */
  private static final Duration UNSURE = Duration.ofSeconds(2);

  private final Listing listing;
  private final InstantSource clock;
  private final Cache<Path, Remembered> large = Caffeine.newBuilder().maximumWeight(MOST_REMEMBERED)
      .weigher((Path directory, Remembered names) -> names.sorted().size()).build();

  /** What is in a directory, in any order. */
  @FunctionalInterface
  interface Listing {
    List<String> of(Path directory) throws IOException;
  }

  /** @param number null: the file system has none */
  private record Remembered(Instant changed, @Nullable Object number, List<String> sorted) {
    boolean isOf(BasicFileAttributes directory) {
      return changed.equals(directory.lastModifiedTime().toInstant())
          && Objects.equals(number, directory.fileKey());
    }
  }

  Names() {
    this(Names::read, InstantSource.system());
  }

  Names(Listing listing, InstantSource clock) {
    this.listing = listing;
    this.clock = clock;
  }

  /** Those greater than {@code after}; none where there is no directory. */
  Stream<String> in(Path directory, String after) throws IOException {
    try {
      List<String> sorted = sorted(directory);
      int found = Collections.binarySearch(sorted, after, NameOrder::compare);
      return sorted.subList(found < 0 ? -found - 1 : found + 1, sorted.size()).stream();
    } catch (NoSuchFileException | NotDirectoryException e) {
      return Stream.empty();
    }
  }

  private List<String> sorted(Path directory) throws IOException {
    BasicFileAttributes before = Files.readAttributes(directory, BasicFileAttributes.class);
    Remembered remembered = large.getIfPresent(directory);
    if (remembered != null && remembered.isOf(before)) {
      return remembered.sorted();
    }
    List<String> sorted = listing.of(directory).stream().sorted(NameOrder::compare).toList();
    remember(directory, before, sorted);
    return sorted;
  }

  private void remember(Path directory, BasicFileAttributes before, List<String> sorted) {
    Instant changed = before.lastModifiedTime().toInstant();
    if (sorted.size() >= LARGE && changed.plus(UNSURE).isBefore(clock.instant())) {
      large.put(directory, new Remembered(changed, before.fileKey(), sorted));
    }
  }

  private static List<String> read(Path directory) throws IOException {
    List<String> names = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
      entries.forEach(entry -> names.add(entry.getFileName().toString()));
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    return names;
  }
}
