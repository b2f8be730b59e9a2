package dev.weir.server.upstream;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the log says of one host's troubles: the beginning, the end, and in between a sum, once a minute at most. */
final class OutageLog {
  private static final Logger LOG = LoggerFactory.getLogger(OutageLog.class);
  private static final Duration PERIOD = Duration.ofMinutes(1);

  private final String host;
  private final InstantSource clock;
  private Instant began = Instant.MIN;
  private Instant said = Instant.MIN;
  private boolean isOut;
  /** Since {@link #said}. */
  private long unsaid;

  OutageLog(String host, InstantSource clock) {
    this.host = host;
    this.clock = clock;
  }

  synchronized void failed(UpstreamException trouble) {
    Instant now = clock.instant();
    if (!isOut) {
      isOut = true;
      began = now;
    }
    unsaid++;
    if (said.plus(PERIOD).isAfter(now)) {
      LOG.debug("{}", trouble.sentence());
      return;
    }
    if (unsaid == 1) {
      LOG.warn("{} is in trouble: {}; what is held is served without asking it", host, trouble.sentence());
    } else {
      LOG.warn("{} is still in trouble: {} more requests failed, the last one: {}", host, unsaid, trouble.sentence());
    }
    said = now;
    unsaid = 0;
  }

  synchronized void answered() {
    Instant now = clock.instant();
    if (isOut && !said.isBefore(began)) { // or else its beginning was not worth a line either
      LOG.info("{} answers again after {} s; {} failures were not shown", host,
          Duration.between(began, now).toSeconds(), unsaid);
    }
    isOut = false;
  }
}
