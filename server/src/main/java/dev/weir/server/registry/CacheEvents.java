package dev.weir.server.registry;

/** What operators want to hear of requests for one kind of content. Must not block or throw. Thread-safe. */
public interface CacheEvents {
  /** Served from what is held, nobody asked. */
  void hit();

  /** Upstream had to be asked. */
  void miss();

  /** Served as held though upstream could not confirm it. */
  void stale();

  /** @param bytes fetched from upstream */
  void pulled(long bytes);
}
