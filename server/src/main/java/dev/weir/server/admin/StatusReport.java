package dev.weir.server.admin;

import java.util.List;

import dev.weir.server.keep.shared.Collecting;

/**
 * What a running weir is and does.
 *
 * @param started when
 * @param counted whether all that is held has been counted; until then it may be more
 * @param incompleteImages that were pushed and lack content which is still being fetched
 * @param waitingBlobs of deleted images, which go when nobody can rely on them any more
 * @param collecting where several weirs share a bucket, and one of them collects
 * @param failing what a person should look at, a sentence each
 */
public record StatusReport(String version, String root, String started, boolean counted, Held held,
    List<Upstream> upstreams, List<Repository> repositories, List<Jobs.View> running, Scrub scrub,
    int incompleteImages, int waitingBlobs, Collecting collecting, List<String> failing) {

  public StatusReport {
    upstreams = List.copyOf(upstreams);
    repositories = List.copyOf(repositories);
    running = List.copyOf(running);
    failing = List.copyOf(failing);
  }

  /** In all; what several repositories share counts once. */
  public record Held(int blobs, int images, int repositories, long bytes) {}

  /**
   * What is kept under an upstream's name; {@code -}: under all other names.
   *
   * @param bytes what its repositories share counts for each
   */
  public record Upstream(String name, int repositories, int owned, int cached, long bytes, boolean down) {}

  /** @param owned images that were pushed or pinned; the others came from upstream */
  public record Repository(String name, String upstream, int owned, int cached, long ownedBytes, long cachedBytes) {}

  /**
   * The pass that is under way, or the last.
   *
   * @param ended when the last one ended; empty: none has
   */
  public record Scrub(boolean underWay, String begun, String ended, long read, long damaged) {}
}
