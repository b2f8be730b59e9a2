package dev.weir.server.admin;

import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.weir.server.keep.Progress;
import dev.weir.server.oci.Asker;

/**
 * Long work that somebody ordered, each on a thread of its own, and what came of it. In memory: who wants his work to outlive
 * the process writes it down himself, and starts it anew under the same id. Thread-safe.
 */
public final class Jobs implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Jobs.class);
  /** Of those that are over, so many are remembered. */
  private static final int MOST_REMEMBERED = 100;
  private static final Duration LONGEST_END = Duration.ofSeconds(5);

  private final InstantSource clock;
  @GuardedBy("this") private final Map<String, Job> jobs = new LinkedHashMap<>();
  private final Set<Thread> threads = ConcurrentHashMap.newKeySet();
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
   * @param details more, as the work tells it; null: it tells no more
   */
  public record View(String id, String kind, State state, String started, long done, long total, String at,
      @Nullable Object result, @Nullable String failure, @Nullable Object details) {
    /** One that begins. */
    static View begun(String id, String kind, String started) {
      return new View(id, kind, State.RUNNING, started, 0, 0, "", null, null, null);
    }

    /** One that is over, as somebody wrote it down. */
    public static View over(String id, String kind, String started, @Nullable Object result,
        @Nullable String failure) {
      return new View(id, kind, failure == null ? State.DONE : State.FAILED, started, 0, 0, "", result, failure, null);
    }
  }

  private static final class Job {
    private View view;

    Job(View view) {
      this.view = view;
    }
  }

  /** Begins. */
  public View start(String kind, Work work) {
    return start(UUID.randomUUID().toString(), kind, clock.instant().toString(), work);
  }

  /** Begins what somebody wrote down under {@code id}, now or before the last restart. */
  public synchronized View start(String id, String kind, String started, Work work) {
    View view = View.begun(id, kind, started);
    forgetOldest();
    Job job = new Job(view);
    jobs.put(id, job);
    Thread thread = Thread.ofVirtual().name("job " + kind).unstarted(Asker.JOB.bound(() -> run(job, kind, work)));
    threads.add(thread);
    thread.start();
    return view;
  }

  /** Tells of one that ended in an earlier process. */
  public synchronized void remember(View over) {
    forgetOldest();
    jobs.putIfAbsent(over.id(), new Job(over));
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
      if (!stopping) {
        LOG.warn("{} failed: {}", kind, e.getMessage());
      }
      set(job, State.FAILED, null, e.getMessage() == null ? e.toString() : e.getMessage());
    } catch (Throwable e) { // nobody is to wait for ever for a job that is no more
      LOG.error("{} failed", kind, e);
      set(job, State.FAILED, null, e.toString());
    } finally {
      threads.remove(Thread.currentThread());
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
        job.view = new View(before.id(), before.kind(), State.RUNNING, before.started(), done, total, what, null, null,
            before.details());
      }
    }

    @Override
    public void details(Object details) {
      synchronized (Jobs.this) {
        View before = job.view;
        job.view = new View(before.id(), before.kind(), State.RUNNING, before.started(), before.done(), before.total(),
            before.at(), null, null, details);
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
        result, failure, null);
  }

  @GuardedBy("this")
  private void forgetOldest() {
    if (jobs.size() >= MOST_REMEMBERED) {
      jobs.values().stream().filter(job -> job.view.state() != State.RUNNING).findFirst()
          .ifPresent(job -> jobs.remove(job.view.id()));
    }
  }

  /** Tells those that run to come to an end; waits for none. */
  public void stop() {
    stopping = true;
  }

  /** Waits a moment for those that run to end, when what they wait for is closed already. */
  @Override
  public void close() throws IOException {
    stop();
    long end = System.nanoTime() + LONGEST_END.toNanos();
    try {
      for (Thread thread : threads) {
        thread.join(Duration.ofNanos(Math.max(1, end - System.nanoTime())));
      }
    } catch (InterruptedException e) {
      throw new IOException("stopped while waiting for jobs to end", e);
    }
  }
}
