package dev.weir.bench;

/** A case and what came of it. */
record Outcome(Case of, Results results) {}
