package dev.weir.server.cache;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import org.jspecify.annotations.Nullable;

import dev.weir.server.oci.RegistryException;

/**
 * Whom one download may ask, and what each said last. The download's thread goes from one to the next; clients that join
 * add those they come with. Thread-safe.
 */
final class Sources {
  /** Who broke is left alone for so long, even though another gave bytes meanwhile: two must not break by turns for ever. */
  private static final long REST_NANOS = 1_000_000_000L;
  /** Every client may come with others; so many are enough. */
  private static final int MOST = 32;

  /** One of them. */
  private static final class Candidate {
    private final Source source;
    /** What it said last, since there was progress. */
    private @Nullable IOException failure;
    /** By {@link System#nanoTime}. */
    private long failedAt;
    /** It is not asked again. */
    private boolean isOut;

    Candidate(Source source) {
      this.source = source;
    }

    void failed(IOException how) {
      failure = how;
      failedAt = System.nanoTime();
    }
  }

  @GuardedBy("this") private final List<Candidate> all = new ArrayList<>();
  @GuardedBy("this") private Candidate current;
  /** Nothing is asked any more. */
  @GuardedBy("this") private boolean isOver;
  @GuardedBy("this") private boolean isStopping;

  /** @param first at least one, to be asked in this order */
  Sources(List<Source> first) {
    first.forEach(source -> all.add(new Candidate(source)));
    this.current = all.getFirst();
  }

  /** Takes those that it does not know yet. False: too late, they will not be asked. */
  synchronized boolean offer(List<Source> more) {
    List<Source> known = all.stream().map(each -> each.source).toList();
    List<Source> fresh = more.stream().filter(source -> !known.contains(source)).toList();
    if (isOver || fresh.isEmpty()) {
      return fresh.isEmpty();
    }
    fresh.subList(0, Math.min(fresh.size(), Math.max(0, MOST - all.size())))
        .forEach(source -> all.add(new Candidate(source)));
    notifyAll();
    return true;
  }

  /** The one whose turn it is. */
  synchronized Source current() {
    return current.source;
  }

  /** Whether another is there that did not fail since there was progress. */
  synchronized boolean hasAlternative() {
    Candidate asked = current;
    return all.stream().anyMatch(each -> each != asked && isUntried(each));
  }

  /** Bytes came: whoever failed some time before may be asked again. */
  synchronized void progressed() {
    long now = System.nanoTime();
    forgive(each -> now - each.failedAt > REST_NANOS);
  }

  /** Whether our own store has it, as far as anybody knows: it was found there, and did not turn out to be damaged or gone. */
  synchronized boolean isStored() {
    return all.stream().anyMatch(each -> each.source.isOurStore() && !each.isOut);
  }

  /** The connection to the current one broke, or it has no time: it may be asked again later. */
  synchronized void broke(IOException how) {
    current.failed(how);
  }

  /** The current one will not give it, or gave something else. */
  synchronized void out(IOException why) {
    current.failed(why);
    current.isOut = true;
  }

  /** Turns to the next that is untried, if there is one. Empty if so; else the answer that says most. */
  synchronized Optional<IOException> turn() {
    int start = all.indexOf(current);
    for (int i = 1; i <= all.size(); i++) {
      Candidate next = all.get((start + i) % all.size());
      if (isUntried(next)) {
        current = next;
        return Optional.empty();
      }
    }
    return Optional.of(verdict());
  }

  /** Whether one of them may be asked again some time. */
  synchronized boolean mayRecover() {
    return all.stream().anyMatch(each -> !each.isOut);
  }

  /** Lets pass some time, until somebody offers another; then all that are not out may be asked again. False: no more. */
  synchronized boolean pause(Duration howLong) throws IOException {
    Deadline deadline = Deadline.in(howLong);
    int known = all.size();
    while (!isStopping && all.size() == known && !deadline.isOver()) {
      await(deadline);
    }
    forgive(each -> true);
    return !isStopping && turn().isEmpty();
  }

  @SuppressWarnings("WaitNotInLoop") // the caller's loop
  private synchronized void await(Deadline deadline) throws IOException {
    try {
      wait(deadline.left().toMillis() + 1);
    } catch (InterruptedException e) {
      throw new IOException("stopped while waiting to go on", e);
    }
  }

  /** Takes no more, unless one was offered in the meantime: then it is that one's turn. */
  synchronized boolean endUnlessOffered() {
    isOver = turn().isPresent();
    return isOver;
  }

  /** Takes no more. */
  synchronized void end() {
    isOver = true;
  }

  /** Ends every pause. */
  synchronized void stop() {
    isStopping = true;
    notifyAll();
  }

  @GuardedBy("this")
  private void forgive(Predicate<Candidate> which) {
    all.stream().filter(each -> !each.isOut).filter(which).forEach(each -> each.failure = null);
  }

  private static boolean isUntried(Candidate candidate) {
    return candidate.failure == null;
  }

  /** The first of those that say most: what is not known outweighs a refusal, and a refusal an absence. */
  @GuardedBy("this")
  private IOException verdict() {
    boolean onlyMirrors = all.stream().allMatch(each -> each.source.isMirror());
    IOException said = null;
    for (Candidate each : all) {
      IOException failure = each.failure;
      boolean counts = onlyMirrors || !each.source.isMirror();
      if (counts && failure != null && (said == null || BY_WEIGHT.compare(failure, said) > 0)) {
        said = failure;
      }
    }
    return said == null ? new IOException("nobody was asked") : said;
  }

  private static final Comparator<IOException> BY_WEIGHT = Comparator.comparingInt(Sources::weight);

  /** Of those that are not known, one that will have time later says more than one that broke. */
  private static int weight(IOException failure) {
    if (failure instanceof RegistryException answer) {
      return switch (answer.code()) {
        case BLOB_UNKNOWN, NAME_UNKNOWN, MANIFEST_UNKNOWN -> 0;
        case DENIED -> 1;
        default -> 2;
      };
    }
    return failure instanceof Source.Busy ? 3 : 2;
  }
}
