package dev.weir.bench;

/**
 * What a driver asked for and got.
 *
 * @param seconds from the first request to the last answer
 * @param requests answered in full
 * @param bytes received, parts of answers included
 */
record Load(double seconds, long requests, long bytes, double p99Millis) {}
