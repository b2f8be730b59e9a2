package dev.weir.server.config;

import java.time.Duration;

/**
 * How everything that is held is read again, to find what a disk has lost.
 *
 * @param rate to read at most
 * @param interval between the beginnings of two passes; zero: never
 */
public record ScrubConfig(ByteRate rate, Duration interval) {}
