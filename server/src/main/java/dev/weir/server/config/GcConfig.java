package dev.weir.server.config;

import java.time.Duration;

/**
 * How unused content goes away.
 *
 * @param grace how long content that nothing names is left alone after its last use
 * @param interval between two sweeps; zero: only when it is told to
 * @param owner whether this weir collects; of several on one bucket, one does
 */
public record GcConfig(Duration grace, Duration interval, boolean owner) {}
