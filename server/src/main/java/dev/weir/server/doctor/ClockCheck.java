package dev.weir.server.doctor;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;

import dev.weir.server.tls.Authority;

/**
 * Whether the clock says a time that can be. How far it is from those of upstreams is found where they are asked.
 *
 * @param program a file of weir's own, which was there before now
 */
record ClockCheck(InstantSource clock, Path program) implements Check {
  static final String SET = "set it and keep it right: chronyc makestep, or timedatectl set-ntp true;"
      + " certificates and tokens are of no use by a wrong clock";
  /** Archives keep local times. */
  private static final Duration MARGIN = Duration.ofDays(1);

  @Override
  public String subject() {
    return "clock";
  }

  @Override
  public List<Finding> run() throws Exception {
    Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    Instant built = Files.getLastModifiedTime(program).toInstant();
    Instant earliest = built.minus(MARGIN).isAfter(Authority.EARLIEST) ? built.minus(MARGIN) : Authority.EARLIEST;
    return List.of(now.isBefore(earliest)
        ? Finding.fail(subject(), "the clock says " + now + ", and weir itself is of "
            + (earliest.equals(Authority.EARLIEST) ? earliest : built) + " or later", SET)
        : Finding.ok(subject(), "the clock says " + now + ", which can be"));
  }
}
