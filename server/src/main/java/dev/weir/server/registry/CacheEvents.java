package dev.weir.server.registry;

/** What operators want to hear of requests for one kind of content. Must not block or throw. Thread-safe. */
public interface CacheEvents {
  /**
   * Served from what is held, nobody asked.
   *
   * @param upstream whose content it is, here and below; empty: nobody's but ours
   */
  void hit(String upstream);

  /** Upstream had to be asked. */
  void miss(String upstream);

  /** Served as held though upstream could not confirm it. */
  void stale(String upstream);

  /** So many more clients wait for upstream; fewer where it is negative. */
  void waiting(String upstream, int more);

  /** @param bytes fetched from upstream */
  void pulled(String upstream, long bytes);
}
