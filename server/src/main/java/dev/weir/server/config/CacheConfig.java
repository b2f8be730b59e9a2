package dev.weir.server.config;

import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalTime;
import java.util.List;
import java.util.Optional;

/**
 * What was pulled from upstream.
 *
 * @param maxSize counts every byte under the root of the data; of a bucket, what manifests name there, if it is a size
 * @param highWater of that: beyond it, content that may go goes in the background
 * @param lowWater of that: until it is met
 * @param tagTtl  how long a tag is served without asking upstream
 * @param offline whether no upstream is ever contacted
 * @param maxRate bound for all downloads out of all upstreams together
 * @param maxConcurrent how many transfers out of all upstreams run at once
 * @param patience how long a blob that clients wait for is tried without a new byte
 * @param jobHours when weir's own jobs fetch blobs; empty: always
 */
public record CacheConfig(DiskLimit maxSize, DiskLimit highWater, DiskLimit lowWater, Duration tagTtl, boolean offline,
    Scratch scratch,
    Optional<ByteRate> maxRate, Optional<Integer> maxConcurrent, Duration patience,
    List<JobHours> jobHours) {

  public CacheConfig {
    jobHours = List.copyOf(jobHours);
  }

  /** Whether weir's own jobs may fetch blobs at this time of the day. */
  public boolean isJobTime(LocalTime time) {
    return jobHours.isEmpty() || jobHours.stream().anyMatch(hours -> hours.contains(time));
  }

  /**
   * Local room for a weir whose data lies in a bucket.
   *
   * @param path    a directory for bytes on their way to and from it
   * @param maxSize counts what is kept there because it may be asked for again, beside what is on its way
   */
  public record Scratch(Path path, ByteSize maxSize) {}
}
