package dev.weir.server.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * What was pulled from upstream.
 *
 * @param maxSize counts every byte under the root of the data
 * @param highWater of that: beyond it, content that may go goes in the background
 * @param lowWater of that: until it is met
 * @param tagTtl  how long a tag is served without asking upstream
 * @param offline whether no upstream is ever contacted
 * @param maxRate bound for all downloads out of all upstreams together
 * @param maxConcurrent how many transfers out of all upstreams run at once
 */
public record CacheConfig(DiskLimit maxSize, DiskLimit highWater, DiskLimit lowWater, Duration tagTtl, boolean offline,
    Scratch scratch,
    Optional<ByteRate> maxRate, Optional<Integer> maxConcurrent) {

  /** @param path a directory for bytes on their way to and from a bucket */
  public record Scratch(Optional<Path> path, ByteSize maxSize) {}
}
