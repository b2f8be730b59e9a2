package dev.weir.server.wiring;

import java.io.IOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.stream.Collectors;

import com.fasterxml.jackson.databind.JsonNode;

import dev.weir.server.admin.AdminApi;
import dev.weir.server.admin.Jobs;
import dev.weir.server.admin.StatusReport;
import dev.weir.server.http.ReadinessCheck;
import dev.weir.server.keep.HeldRelease;
import dev.weir.server.keep.HeldReport;
import dev.weir.server.keep.ScrubMemory;
import dev.weir.server.keep.Verification;
import dev.weir.server.keep.shared.Collecting;
import dev.weir.server.oci.ErrorCode;
import dev.weir.server.oci.RegistryException;
import dev.weir.server.space.Holdings;
import dev.weir.server.space.Share;
import dev.weir.storage.Content;
import dev.weir.storage.Digest;

/** What may be asked and ordered of a running weir. */
final class Administration {
  private static final String OTHER = "-";

  private final Content content;
  private final Holdings holdings;
  private final Runnable rescan;
  private final Care care;
  private final Jobs jobs;
  private final Map<String, BooleanSupplier> upstreams;
  private final ReadinessCheck store;
  private final Identity identity;

  /** Of this process. */
  record Identity(String version, String root, Instant started) {}

  /**
   * What is administered.
   *
   * @param upstreams by their names, and whether each is down
   * @param store what is held can be read
   */
  Administration(Identity identity, Content content, Holdings holdings, Runnable rescan, Care care, Jobs jobs,
      Map<String, BooleanSupplier> upstreams, ReadinessCheck store) {
    this.store = store;
    this.identity = identity;
    this.content = content;
    this.holdings = holdings;
    this.rescan = rescan;
    this.care = care;
    this.jobs = jobs;
    this.upstreams = upstreams;
  }

  /** @param more that others answer */
  AdminApi api(Map<String, AdminApi.Endpoint> more) {
    Map<String, AdminApi.Endpoint> all = new LinkedHashMap<>(more);
    all.put("GET /weir/v1/status", body -> status());
    all.put("POST /weir/v1/verify", this::verify);
    all.put("POST /weir/v1/gc", this::collect);
    all.put("POST /weir/v1/held", this::held);
    return new AdminApi(all, jobs);
  }

  private HeldReport held(JsonNode question) throws IOException {
    try {
      return HeldReport.of(content, texts(question.path("images")));
    } catch (IllegalArgumentException e) {
      throw new RegistryException(ErrorCode.NAME_INVALID, String.valueOf(e.getMessage()), e);
    }
  }

  private static List<String> texts(JsonNode list) {
    return list.valueStream().map(JsonNode::asText).toList();
  }

  private Jobs.View verify(JsonNode order) throws RegistryException {
    List<String> images = texts(order.path("images"));
    try {
      Verification.requireNames(images);
    } catch (IllegalArgumentException e) {
      throw new RegistryException(ErrorCode.NAME_INVALID, String.valueOf(e.getMessage()), e);
    }
    List<String> releases = texts(order.path("releases"));
    boolean all = images.isEmpty() && releases.isEmpty();
    return jobs.start("verify", progress -> new Verification(content, care.damage()::check,
        all ? holdings.totals().blobs() : 0, progress).of(HeldRelease.with(content, images, releases)));
  }

  private Jobs.View collect(JsonNode order) {
    boolean dryRun = order.path("dryRun").asBoolean(false);
    boolean untagged = order.path("untagged").asBoolean(false);
    if (order.path("rescan").asBoolean(false)) {
      rescan.run();
    }
    return jobs.start("gc", progress -> care.collect(dryRun, untagged, progress));
  }

  Identity identity() {
    return identity;
  }

  /** What a person should look at, a sentence each. */
  List<String> trouble() throws IOException {
    return failing(incomplete());
  }

  private StatusReport status() throws IOException {
    Holdings.Totals totals = holdings.totals();
    List<StatusReport.Repository> repositories = holdings.shares().stream().map(this::repository).toList();
    int incomplete = incomplete();
    return new StatusReport(identity.version(), identity.root(), identity.started().toString(), holdings.isWhole(),
        new StatusReport.Held(totals.blobs(), totals.images(), totals.repositories(), totals.bytes()),
        byUpstream(repositories), repositories, jobs.running(), scrub(care.scrubMemory().state()), incomplete,
        care.collector().waiting(), collecting(), failing(incomplete));
  }

  private StatusReport.Repository repository(Share share) {
    String first = share.name().first();
    return new StatusReport.Repository(share.name().value(), upstreams.containsKey(first) ? first : OTHER,
        share.owned(), share.cached(), share.ownedBytes(), share.cachedBytes());
  }

  private List<StatusReport.Upstream> byUpstream(List<StatusReport.Repository> all) {
    Map<String, List<StatusReport.Repository>> found = new LinkedHashMap<>();
    upstreams.keySet().forEach(name -> found.put(name, List.of()));
    found.putAll(all.stream().collect(Collectors.groupingBy(StatusReport.Repository::upstream)));
    return found.entrySet().stream().map(each -> upstream(each.getKey(), each.getValue())).toList();
  }

  private StatusReport.Upstream upstream(String name, List<StatusReport.Repository> all) {
    return new StatusReport.Upstream(name, all.size(), sum(all, each -> (long) each.owned()).intValue(),
        sum(all, each -> (long) each.cached()).intValue(),
        sum(all, each -> each.ownedBytes() + each.cachedBytes()),
        upstreams.getOrDefault(name, () -> false).getAsBoolean());
  }

  private static Long sum(List<StatusReport.Repository> all, Function<StatusReport.Repository, Long> of) {
    return all.stream().map(of).reduce(0L, Long::sum);
  }

  private static StatusReport.Scrub scrub(ScrubMemory.State state) {
    boolean ever = state.begun().isAfter(Instant.EPOCH);
    return new StatusReport.Scrub(!state.last().isEmpty(), ever ? state.begun().toString() : "",
        state.ended().isAfter(Instant.EPOCH) ? state.ended().atOffset(ZoneOffset.UTC).toString() : "", state.read(),
        state.damaged());
  }

  private Collecting collecting() throws IOException {
    return store.trouble().isPresent() ? Collecting.NONE : care.collecting();
  }

  /** While the store is in trouble, none are known. */
  private int incomplete() throws IOException {
    return store.trouble().isPresent() ? 0 : content.incomplete().all().size();
  }

  private List<String> failing(int incomplete) throws IOException {
    List<String> found = new ArrayList<>();
    upstreams.forEach((name, isDown) -> {
      if (isDown.getAsBoolean()) {
        found.add("upstream " + name + " does not answer; what is held is served");
      }
    });
    Optional<String> trouble = store.trouble();
    if (trouble.isPresent()) {
      found.add("the store is out of reach, and only what is at hand is served: " + trouble.get());
      return found;
    }
    for (Digest lost : care.damage().lost()) {
      found.add(lost + " was damaged and could not be fetched again; it is named by "
          + holdings.imagesThatName(lost).stream().map(held -> held.name() + "@" + held.digest()).toList());
    }
    if (incomplete > 0) {
      found.add(incomplete + " pushed images lack content that is still being fetched");
    }
    return found;
  }
}
