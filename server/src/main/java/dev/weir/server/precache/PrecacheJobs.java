package dev.weir.server.precache;

import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.weir.server.admin.Jobs;
import dev.weir.server.admin.Json;
import dev.weir.server.keep.Progress;
import dev.weir.server.oci.ErrorCode;
import dev.weir.server.oci.RegistryException;
import dev.weir.storage.ObjectKey;
import dev.weir.storage.ObjectStore;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * Orders that outlive whoever gave them, and this process: each is written to {@code weir/jobs/<id>} before it begins, and what
 * is not over when weir starts is gone on with, under the same id. Thread-safe.
 */
public final class PrecacheJobs {
  private static final Logger LOG = LoggerFactory.getLogger(PrecacheJobs.class);
  private static final ObjectKey ALL = new ObjectKey("weir/jobs");
  private static final String KIND = "precache";
  /** Of those that are over, so many are remembered. */
  private static final int MOST_OVER = 20;

  private final ObjectStore store;
  private final Jobs jobs;
  private final Precache precache;
  private final InstantSource clock;
  @GuardedBy("this") private final Map<String, Order> running = new ConcurrentHashMap<>();
  private final Set<String> cancelled = ConcurrentHashMap.newKeySet();

  /**
   * As it is written down.
   *
   * @param failure null unless it failed as a whole
   * @param result null before it is over, and where it failed
   */
  private record Written(String id, String kind, String started, JsonNode order, boolean over, @Nullable Object result,
      @Nullable String failure) {
    Written over(@Nullable Object what, @Nullable String why) {
      return new Written(id, kind, started, order, true, what, why);
    }
  }

  public PrecacheJobs(ObjectStore store, Jobs jobs, Precache precache, InstantSource clock) {
    this.store = store;
    this.jobs = jobs;
    this.precache = precache;
    this.clock = clock;
  }

  /** Takes up what an earlier process left; once more, if that failed. */
  public void resume() throws IOException {
    for (Written each : all()) {
      if (jobs.find(each.id()).isEmpty()) {
        resume(each);
      }
    }
  }

  private void resume(Written written) throws IOException {
    if (written.over()) {
      jobs.remember(Jobs.View.over(written.id(), written.kind(), written.started(), written.result(),
          written.failure()));
      return;
    }
    LOG.info("job {} of {} goes on", written.id(), written.started());
    try {
      begin(written, Order.of(written.order()));
    } catch (IllegalArgumentException e) {
      LOG.warn("job {} cannot go on: {}", written.id(), e.getMessage());
      write(written.over(null, e.getMessage()));
    }
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
      Optional<Jobs.View> same = running.entrySet().stream().filter(each -> each.getValue().equals(order))
          .filter(each -> !cancelled.contains(each.getKey())).findFirst().flatMap(each -> jobs.find(each.getKey()));
      if (same.isPresent()) {
        return same.get();
      }
      Written fresh = new Written(UUID.randomUUID().toString(), KIND, clock.instant().toString(),
          Json.tree(order), false, null, null);
      write(fresh);
      return begin(fresh, order);
    }
  }

  /** Ends a job that runs; what came stays. */
  public Jobs.View cancel(JsonNode body) throws IOException {
    String id = body.path("job").asText("");
    synchronized (this) {
      if (!running.containsKey(id)) {
        throw new RegistryException(ErrorCode.NAME_UNKNOWN, "no job '" + id + "' runs");
      }
      cancelled.add(id);
    }
    return jobs.find(id)
        .orElseThrow(() -> new RegistryException(ErrorCode.NAME_UNKNOWN, "no job '" + id + "' runs"));
  }

  private synchronized Jobs.View begin(Written written, Order order) {
    running.put(written.id(), order);
    return jobs.start(written.id(), KIND, written.started(), progress -> run(written, order, progress));
  }

  private Object run(Written written, Order order, Progress progress) throws IOException {
    try {
      Report report = precache.run(order, new Cancellable(progress, () -> cancelled.contains(written.id())));
      write(written.over(report, null));
      LOG.info("job {}: {} of {} images are here, {} bytes were to be fetched, {} things are missing", written.id(),
          report.imagesHeld(), report.images(), report.fetchBytes(), report.missing().size());
      tidy();
      return report;
    } catch (IOException | RuntimeException e) {
      if (cancelled.contains(written.id())) {
        write(written.over(null, "cancelled"));
        throw new IOException("cancelled", e);
      }
      if (!progress.isStopping()) {
        write(written.over(null, String.valueOf(e.getMessage())));
      }
      throw e;
    } finally {
      synchronized (this) {
        running.remove(written.id());
      }
    }
  }

  /** Ends also when somebody wants it no more. */
  private record Cancellable(Progress progress, BooleanSupplier isCancelled) implements Progress {
    @Override
    public void at(long done, long total, String what) {
      progress.at(done, total, what);
    }

    @Override
    public void details(Object details) {
      progress.details(details);
    }

    @Override
    public boolean isStopping() {
      return isCancelled.getAsBoolean() || progress.isStopping();
    }
  }

  private void write(Written written) throws IOException {
    store.putBytes(ALL.resolve(written.id()), Json.text(written).getBytes(UTF_8));
  }

  private void tidy() throws IOException {
    List<Written> over = all().stream().filter(Written::over).sorted(Comparator.comparing(Written::started).reversed())
        .toList();
    for (Written old : over.subList(Math.min(MOST_OVER, over.size()), over.size())) {
      store.delete(ALL.resolve(old.id()));
    }
  }

  private List<Written> all() throws IOException {
    List<Written> found = new ArrayList<>();
    try (Stream<ObjectStore.Child> children = store.children(ALL, "")) {
      for (ObjectStore.Child child : children.filter(each -> !each.isPrefix()).toList()) {
        Optional<byte[]> text = store.get(ALL.resolve(child.name()));
        if (text.isPresent()) {
          read(child.name(), text.get()).ifPresent(found::add);
        }
      }
    }
    found.sort(Comparator.comparing(Written::started));
    return found;
  }

  private static Optional<Written> read(String name, byte[] text) {
    try {
      JsonNode tree = Json.tree(text);
      JsonNode result = tree.path("result");
      JsonNode failure = tree.path("failure");
      return Optional.of(new Written(name, tree.path("kind").asText(KIND), tree.path("started").asText(""),
          tree.path("order"), tree.path("over").asBoolean(), result.isObject() ? result : null,
          failure.isTextual() ? failure.asText() : null));
    } catch (IOException e) {
      LOG.warn("weir/jobs/{} cannot be read, and is left alone: {}", name, e.getMessage());
      return Optional.empty();
    }
  }
}
