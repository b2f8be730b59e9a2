package dev.weir.server.http;

import java.net.InetAddress;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** How many connections each address has. Thread-safe; never blocks. */
final class ConnectionCount {
  private final int most;
  private final ConcurrentMap<InetAddress, Integer> open = new ConcurrentHashMap<>();

  /** @param most of one address; 0 for no bound */
  ConnectionCount(int most) {
    this.most = most;
  }

  /** Counts one more, to be given back with {@link #leave}. False: there is no room for it, and nothing to give back. */
  boolean enter(InetAddress address) {
    if (most == 0) {
      return true;
    }
    // the function runs once an address at a time
    boolean[] entered = {false};
    open.compute(address, (key, count) -> {
      int now = count == null ? 0 : count;
      entered[0] = now < most;
      return entered[0] ? Integer.valueOf(now + 1) : count;
    });
    return entered[0];
  }

  void leave(InetAddress address) {
    open.computeIfPresent(address, (key, count) -> count == 1 ? null : count - 1);
  }

  int addresses() {
    return open.size();
  }
}
