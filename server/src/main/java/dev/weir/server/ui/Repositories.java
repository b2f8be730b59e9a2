package dev.weir.server.ui;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import dev.weir.server.space.Holdings;
import dev.weir.server.space.Share;
import dev.weir.storage.Content;
import dev.weir.storage.RepositoryName;

/**
 * Repositories, some at a time, those that match a search. From memory where all that is held is known there; else a search goes
 * over names that a walk found a while ago, and all else is a walk that ends after a moment, wherever it is by then. Thread-safe.
 */
public final class Repositories {
  private static final Duration KNOWN_FOR = Duration.ofSeconds(2);
  private static final Duration LONGEST_WALK = Duration.ofMillis(1_500);

  private final Content content;
  private final Holdings holdings;
  private final boolean holdingsTellAll;
  private final LongSupplier nanoTime;
  private final Remembered<List<Share>> shares;
  private final SealedName sealed = new SealedName();
  private final WalkedNames names;

  /**
   * @param holdingsTellAll whether {@code holdings}, once whole, know everything: not where others write as well
   * @param beside runs what takes long, while the one who gave it goes on
   */
  public Repositories(Content content, Holdings holdings, boolean holdingsTellAll, LongSupplier nanoTime,
      Executor beside) {
    this.content = content;
    this.holdings = holdings;
    this.holdingsTellAll = holdingsTellAll;
    this.nanoTime = nanoTime;
    this.names = new WalkedNames(content, beside, nanoTime);
    this.shares = new Remembered<>(() -> sorted(holdings.shares()), KNOWN_FOR, nanoTime);
  }

  /**
   * One repository.
   *
   * @param owned images that were pushed or pinned, or are named by such; null, as the others: not known
   */
  record Row(String name, @Nullable Integer owned, @Nullable Integer cached, @Nullable Long bytes) {
    static Row of(Share share) {
      return new Row(share.name().value(), share.owned(), share.cached(), share.ownedBytes() + share.cachedBytes());
    }
  }

  /**
   * Some of them.
   *
   * @param matching how many there are in all; null: not known
   * @param next to be asked for as {@code last}, for more; null: that was all. Names nothing that the visitor may not pull
   */
  record View(List<Row> repositories, @Nullable Integer matching, @Nullable String next) {}

  View list(Question question) throws IOException {
    Predicate<RepositoryName> mayPull = question.visitor().mayPull();
    Predicate<RepositoryName> wanted = mayPull.and(search(question.words()));
    String last = sealed.open(question.text("last"));
    if (holdingsTellAll && holdings.isWhole()) {
      return known(wanted, last, question.rows());
    }
    Optional<List<RepositoryName>> found = question.text("q").isBlank() ? Optional.empty() : names.get();
    return found.isPresent()
        ? page(found.get().stream().filter(wanted).map(name -> new Row(name.value(), null, null, null)).toList(), last,
            question.rows())
        : walked(wanted, last, question.rows(), mayPull);
  }

  static Predicate<RepositoryName> search(String[] words) {
    return name -> Stream.of(words).allMatch(word -> name.value().toLowerCase(Locale.ROOT).contains(word));
  }

  /** Sorts as a walk goes: by components, whatever stands before a slash in the alphabet. */
  private static String inWalk(String name) {
    return name.replace('/', '\0');
  }

  private static List<Share> sorted(List<Share> all) {
    return all.stream().sorted(Comparator.comparing(share -> inWalk(share.name().value()))).toList();
  }

  private View known(Predicate<RepositoryName> wanted, String last, int rows) throws IOException {
    return page(shares.get().stream().filter(share -> wanted.test(share.name())).map(Row::of).toList(), last, rows);
  }

  private static View page(List<Row> matching, String last, int rows) {
    List<Row> found = matching.stream().filter(row -> inWalk(row.name).compareTo(inWalk(last)) > 0).limit(rows + 1L)
        .toList();
    boolean more = found.size() > rows;
    List<Row> shown = more ? found.subList(0, rows) : found;
    return new View(shown, matching.size(), more ? shown.getLast().name() : null);
  }

  private View walked(Predicate<RepositoryName> wanted, String last, int rows, Predicate<RepositoryName> mayPull) {
    long end = nanoTime.getAsLong() + LONGEST_WALK.toNanos();
    List<Row> found = new ArrayList<>();
    try (Stream<RepositoryName> all = content.repositories().after(last)) {
      Iterator<RepositoryName> each = all.iterator();
      while (each.hasNext()) {
        RepositoryName name = each.next();
        if (wanted.test(name)) {
          found.add(new Row(name.value(), null, null, null));
        }
        if (found.size() >= rows || nanoTime.getAsLong() - end > 0) {
          return new View(found, null, mayPull.test(name) ? name.value() : sealed.seal(name.value()));
        }
      }
    }
    return new View(found, null, null);
  }
}
