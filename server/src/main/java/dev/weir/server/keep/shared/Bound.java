package dev.weir.server.keep.shared;

/**
 * How much a bucket is to hold, in bytes.
 *
 * @param most what people asked for ({@code cache.maxsize})
 * @param high beyond it, images go
 * @param low until it is met
 */
public record Bound(long most, long high, long low) {}
