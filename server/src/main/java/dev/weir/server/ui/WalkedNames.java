package dev.weir.server.ui;

import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.weir.storage.Content;
import dev.weir.storage.RepositoryName;

/**
 * The names of all repositories as a walk found them, for searches where nothing in memory knows them. The walk goes on beside
 * those who ask, once in ten minutes at most, and only if somebody asks. Thread-safe.
 */
final class WalkedNames {
  private static final Logger LOG = LoggerFactory.getLogger(WalkedNames.class);
  private static final Duration KNOWN_FOR = Duration.ofMinutes(10);
  private static final int MOST = 200_000;

  private final Content content;
  private final Executor beside;
  private final LongSupplier nanoTime;
  @GuardedBy("this") private @Nullable List<RepositoryName> last;
  @GuardedBy("this") private boolean isWalking;
  @GuardedBy("this") private boolean wasBegun;
  @GuardedBy("this") private long begunAt;

  WalkedNames(Content content, Executor beside, LongSupplier nanoTime) {
    this.content = content;
    this.beside = beside;
    this.nanoTime = nanoTime;
  }

  /** In the order of a walk; empty: none was over yet, or there are too many. */
  Optional<List<RepositoryName>> get() {
    if (isDue()) {
      beside.execute(this::walk);
    }
    return last();
  }

  private synchronized Optional<List<RepositoryName>> last() {
    return Optional.ofNullable(last);
  }

  private synchronized boolean isDue() {
    long now = nanoTime.getAsLong();
    if (isWalking || (wasBegun && now - begunAt < KNOWN_FOR.toNanos())) {
      return false;
    }
    isWalking = true;
    wasBegun = true;
    begunAt = now;
    return true;
  }

  /** Where the store fails, what was known before stands, and somebody asks again after a while. */
  private void walk() {
    List<RepositoryName> found = last().orElse(null);
    try (Stream<RepositoryName> all = content.repositories().after("")) {
      List<RepositoryName> names = all.limit(MOST + 1L).toList();
      found = names.size() > MOST ? null : names;
    } catch (UncheckedIOException e) {
      LOG.warn("the names of repositories could not be listed for searches on the page: {}", e.getMessage());
    } finally {
      walked(found);
    }
  }

  private synchronized void walked(@Nullable List<RepositoryName> found) {
    last = found;
    isWalking = false;
  }
}
