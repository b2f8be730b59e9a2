package dev.weir.server.admin;

import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.weir.server.keep.Progress;
import dev.weir.server.oci.Asker;

/** Long work that somebody ordered, each on a thread of its own, and what came of it. In memory. Thread-safe. */
public final class Jobs implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Jobs.class);
  /** Of those that are over, so many are remembered. */
  private static final int MOST_REMEMBERED = 100;

  private final InstantSource clock;
  @GuardedBy("this") private final Map<String, Job> jobs = new LinkedHashMap<>();
  private volatile boolean stopping;

  public Jobs(InstantSource clock) {
    this.clock = clock;
  }

  /** What a job does. */
  @FunctionalInterface
  public interface Work {
    /** The result, as a record. */
    Object run(Progress progress) throws IOException;
  }

  /** {@link #RUNNING} is what it is until it is one of the others. */
  public enum State {
    RUNNING, DONE, FAILED
  }

  /**
   * How far a job is.
   *
   * @param done so much of {@code total}, in whatever the work counts; 0 of 0: it cannot say
   * @param at what it is at
   * @param result null before it is done
   * @param failure null unless it failed
   */
  public record View(String id, String kind, State state, String started, long done, long total, String at,
      @Nullable Object result, @Nullable String failure) {}

  private static final class Job {
    private View view;

    Job(View view) {
      this.view = view;
    }
  }

  /** Begins. */
  public synchronized View start(String kind, Work work) {
    View view = new View(UUID.randomUUID().toString(), kind, State.RUNNING, clock.instant().toString(), 0, 0, "", null,
        null);
    forgetOldest();
    Job job = new Job(view);
    jobs.put(view.id(), job);
    Thread.ofVirtual().name("job " + kind).start(Asker.JOB.bound(() -> run(job, kind, work)));
    return view;
  }

  public synchronized Optional<View> find(String id) {
    return Optional.ofNullable(jobs.get(id)).map(job -> job.view);
  }

  /** Those that run now. */
  public synchronized List<View> running() {
    return new ArrayList<>(jobs.values()).stream().map(job -> job.view).filter(view -> view.state() == State.RUNNING)
        .toList();
  }

  private void run(Job job, String kind, Work work) {
    try {
      Object result = work.run(new Reporting(job));
      set(job, State.DONE, result, null);
    } catch (IOException | RuntimeException e) {
      LOG.warn("{} failed: {}", kind, e.getMessage());
      set(job, State.FAILED, null, String.valueOf(e.getMessage()));
    }
  }

  /** Of one job. */
  private final class Reporting implements Progress {
    private final Job job;

    Reporting(Job job) {
      this.job = job;
    }

    @Override
    public void at(long done, long total, String what) {
      synchronized (Jobs.this) {
        View before = job.view;
        job.view = new View(before.id(), before.kind(), State.RUNNING, before.started(), done, total, what, null, null);
      }
    }

    @Override
    public boolean isStopping() {
      return stopping;
    }
  }

  private synchronized void set(Job job, State state, @Nullable Object result, @Nullable String failure) {
    View before = job.view;
    job.view = new View(before.id(), before.kind(), state, before.started(), before.done(), before.total(), before.at(),
        result, failure);
  }

  @GuardedBy("this")
  private void forgetOldest() {
    if (jobs.size() >= MOST_REMEMBERED) {
      jobs.values().stream().filter(job -> job.view.state() != State.RUNNING).findFirst()
          .ifPresent(job -> jobs.remove(job.view.id()));
    }
  }

  /** Tells those that run to come to an end; waits for none. */
  @Override
  public void close() {
    stopping = true;
  }
}
