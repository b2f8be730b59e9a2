package dev.weir.server.config;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * How images are fetched before anybody asks for them.
 *
 * @param patience how long nothing at all may come, before a job says what is missing
 * @param concurrent so many requests of one job at once at most
 * @param releaseKeys OpenPGP keys that releases are signed with
 * @param signatures stores of signatures of releases, in the order asked
 * @param graph where update graphs of releases are to be had
 */
public record PrecacheConfig(Duration patience, int concurrent, List<Path> releaseKeys, List<URI> signatures,
    URI graph) {
  public PrecacheConfig {
    releaseKeys = List.copyOf(releaseKeys);
    signatures = List.copyOf(signatures);
  }
}
