package dev.weir.server.http;

/** What was answered a moment ago, and how it is given again. Thread-safe. */
sealed interface Recent permits RecentAnswer, RecentBlob {
  /** What it takes of memory, in bytes. */
  int size();
}
