package dev.weir.server.precache;

import java.io.IOException;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.weir.server.admin.Jobs;
import dev.weir.server.keep.Progress;
import dev.weir.server.oci.ErrorCode;
import dev.weir.server.oci.RegistryException;
import dev.weir.storage.ObjectStore;

/**
 * Orders that outlive whoever gave them, and this process: each is written to {@code weir/jobs/<id>} before it begins, and what
 * is not over when weir starts is gone on with, under the same id. Thread-safe.
 */
public final class PrecacheJobs {
  private static final Logger LOG = LoggerFactory.getLogger(PrecacheJobs.class);
  /** So often a job may end with its process, without that anything came. */
  private static final int MOST_STARTS = 5;

  private final JobFiles files;
  private final Jobs jobs;
  private final Work work;
  private final InstantSource clock;
  @GuardedBy("this") private final Map<String, Running> running = new LinkedHashMap<>();
  private final Set<String> cancelled = ConcurrentHashMap.newKeySet();

  private record Running(JobFiles.Written written, Order order) {}

  /** Carries orders out. */
  @FunctionalInterface
  interface Work {
    Report run(Order order, Progress progress) throws IOException;
  }

  public PrecacheJobs(ObjectStore store, Jobs jobs, Precache precache, InstantSource clock) {
    this(store, jobs, precache::run, clock);
  }

  PrecacheJobs(ObjectStore store, Jobs jobs, Work work, InstantSource clock) {
    this.files = new JobFiles(store);
    this.jobs = jobs;
    this.work = work;
    this.clock = clock;
  }

  /**
   * Takes up what an earlier process left, each for itself.
   *
   * @throws IOException if some are to be tried once more
   */
  public void resume() throws IOException {
    Optional<IOException> trouble = Optional.empty();
    for (JobFiles.Written each : files.all()) {
      try {
        if (jobs.find(each.id()).isEmpty()) {
          resume(each);
        }
      } catch (IOException e) {
        trouble = Optional.of(e);
      } catch (RuntimeException e) {
        LOG.warn("job {} cannot go on, and is left alone", each.id(), e);
      }
    }
    if (trouble.isPresent()) {
      throw trouble.get();
    }
  }

  private void resume(JobFiles.Written written) throws IOException {
    if (written.over()) {
      remember(written);
      return;
    }
    if (written.starts() >= MOST_STARTS) {
      giveUp(written,
          "it was begun " + written.starts() + " times, and each time weir ended before anything came; it is not"
              + " begun again by itself, give the same order to have it tried once more");
      return;
    }
    Order order;
    try {
      order = Order.of(written.order());
    } catch (IllegalArgumentException e) {
      giveUp(written, String.valueOf(e.getMessage()));
      return;
    }
    LOG.info("job {} of {} goes on", written.id(), written.started());
    JobFiles.Written again = written.starts(written.starts() + 1);
    files.write(again);
    begin(again, order);
  }

  private void giveUp(JobFiles.Written written, String why) throws IOException {
    LOG.warn("job {} of {} does not go on: {}", written.id(), written.started(), why);
    files.write(written.over(null, why));
    remember(written.over(null, why));
  }

  private void remember(JobFiles.Written over) {
    jobs.remember(Jobs.View.over(over.id(), over.kind(), over.started(), over.result(), over.failure()));
  }

  /**
   * Begins, unless just this is being done already: then that is it.
   *
   * @throws RegistryException if the order makes no sense
   */
  public Jobs.View order(JsonNode body) throws IOException {
    Order order;
    try {
      order = Order.of(body);
    } catch (IllegalArgumentException e) {
      throw new RegistryException(ErrorCode.UNSUPPORTED, String.valueOf(e.getMessage()), e);
    }
    synchronized (this) {
      Optional<Jobs.View> same = running.values().stream().filter(each -> each.order().equals(order))
          .map(each -> each.written().id()).filter(id -> !cancelled.contains(id)).findFirst().flatMap(jobs::find);
      if (same.isPresent()) {
        return same.get();
      }
      JobFiles.Written fresh = JobFiles.Written.begun(UUID.randomUUID().toString(), clock.instant().toString(), order);
      files.write(fresh);
      return begin(fresh, order);
    }
  }

  /** Ends a job that runs, for good: what came stays. */
  public synchronized Jobs.View cancel(JsonNode body) throws IOException {
    String id = body.path("job").asText("");
    Running job = running.get(id);
    Optional<Jobs.View> view = jobs.find(id);
    if (job == null || view.isEmpty()) {
      throw new RegistryException(ErrorCode.NAME_UNKNOWN, "no job '" + id + "' runs");
    }
    files.write(job.written().over(null, "cancelled")); // whatever becomes of this process, it does not go on
    cancelled.add(id);
    return view.get();
  }

  private synchronized Jobs.View begin(JobFiles.Written written, Order order) {
    running.put(written.id(), new Running(written, order));
    return jobs.start(written.id(), JobFiles.KIND, written.started(), progress -> run(written.id(), order, progress));
  }

  private Object run(String id, Order order, Progress progress) throws IOException {
    try {
      Report report = work.run(order, new Watched(id, progress));
      end(id, report);
      LOG.info("job {}: {} of {} images are here, {} bytes were to be fetched, {} things are missing", id,
          report.imagesHeld(), report.images(), report.fetchBytes(), report.missing().size());
      return report;
    } catch (Throwable e) { // also what nobody can go on after: the job is over, or begun anew
      if (cancelled.contains(id)) {
        throw new IOException("cancelled", e);
      }
      failed(id, progress.isStopping(), e);
      throw e;
    } finally {
      forget(id);
      tidy();
    }
  }

  private synchronized void end(String id, Report report) throws IOException {
    Running job = running.get(id);
    if (job == null || cancelled.contains(id)) {
      throw new Stopped();
    }
    files.write(job.written().over(report, null));
  }

  /** @param isStopping it goes on when weir is started again, which is no failure of it */
  private synchronized void failed(String id, boolean isStopping, Throwable why) {
    Running job = running.get(id);
    if (job == null) {
      return;
    }
    JobFiles.Written written = job.written();
    try {
      files.write(isStopping
          ? written.starts(Math.max(0, written.starts() - 1))
          : written.over(null, why.getMessage() == null ? why.toString() : why.getMessage()));
    } catch (IOException | RuntimeException e) {
      LOG.warn("what became of job {} could not be written down: {}", id, e.getMessage());
    }
  }

  private synchronized void forget(String id) {
    running.remove(id);
    cancelled.remove(id);
  }

  private void tidy() {
    try {
      files.tidy();
    } catch (IOException | RuntimeException e) {
      LOG.warn("the oldest jobs that are over could not be deleted: {}", e.getMessage());
    }
  }

  /** What a job is begun again for, however often that is. */
  private synchronized void came(String id) {
    Running job = running.get(id);
    if (job == null || cancelled.contains(id)) {
      return;
    }
    JobFiles.Written moving = job.written().starts(0);
    running.put(id, new Running(moving, job.order()));
    try {
      files.write(moving);
    } catch (IOException | RuntimeException e) {
      LOG.warn("that job {} gets on could not be written down: {}", id, e.getMessage());
    }
  }

  /** Ends also when somebody wants it no more, and sees when the first bytes come. */
  private final class Watched implements Progress {
    private final String id;
    private final Progress progress;
    private final AtomicBoolean moves = new AtomicBoolean();

    Watched(String id, Progress progress) {
      this.id = id;
      this.progress = progress;
    }

    @Override
    public void at(long done, long total, String what) {
      progress.at(done, total, what);
    }

    @Override
    public void details(Object details) {
      progress.details(details);
      if (details instanceof Arrivals.Details so && so.hasBrought() && moves.compareAndSet(false, true)) {
        came(id);
      }
    }

    @Override
    public boolean isStopping() {
      return cancelled.contains(id) || progress.isStopping();
    }
  }
}
