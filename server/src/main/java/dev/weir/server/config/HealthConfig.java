package dev.weir.server.config;

import java.time.Duration;

/**
 * How the store is watched.
 *
 * @param threshold failures in a row before weir calls itself unready
 */
public record HealthConfig(boolean storageCheck, Duration interval, int threshold) {}
