package dev.weir.server.cache;

/** Bytes of a blob, {@code to} excluded. */
record Span(long from, long to) {}
