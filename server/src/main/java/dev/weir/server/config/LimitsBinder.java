package dev.weir.server.config;

import java.time.Duration;

/** Reads {@code http.limits}. */
final class LimitsBinder {
  private static final long KIB = 1 << 10;
  private static final long MIB = 1 << 20;

  private final Section limits;
  private final Findings findings;

  LimitsBinder(Section limits, Findings findings) {
    this.limits = limits;
    this.findings = findings;
  }

  HttpConfig.Limits bind() {
    return new HttpConfig.Limits(limits.get("requests", Kind.COUNT), limits.get("connectionsperaddress", Kind.COUNT),
        idleTimeout(), bytes("headersize", 4 * KIB, MIB), bytes("manifestsize", 64 * KIB, 64 * MIB));
  }

  private Duration idleTimeout() {
    Duration time = limits.get("idletimeout", Kind.DURATION);
    if (time.toMillis() == 0) {
      findings.problem(limits.origin("idletimeout"), "http.limits.idletimeout",
          "at " + time + " no connection would see a second request; write a second or more");
    }
    return time;
  }

  /** What is held in memory, and must be enough for what clients mean well. */
  private int bytes(String key, long least, long most) {
    ByteSize size = limits.get(key, Kind.SIZE);
    if (size.bytes() < least || size.bytes() > most) {
      findings.problem(limits.origin(key), "http.limits." + key,
          size + " is not between " + new ByteSize(least) + " and " + new ByteSize(most));
    }
    return (int) Math.clamp(size.bytes(), least, most);
  }
}
