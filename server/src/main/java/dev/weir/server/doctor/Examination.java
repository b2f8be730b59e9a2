package dev.weir.server.doctor;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Runs checks at once, each on a thread of its own, and waits for none beyond a bound: a dead file system holds up one. */
final class Examination {
  private final Duration longest;

  /** @param longest for all checks together */
  Examination(Duration longest) {
    this.longest = longest;
  }

  /** All findings, in the order of the checks. */
  List<Finding> of(List<Check> checks) throws InterruptedException {
    List<FutureTask<List<Finding>>> running = checks.stream().map(Examination::start).toList();
    long deadline = System.nanoTime() + longest.toNanos();
    List<Finding> findings = new ArrayList<>();
    for (int i = 0; i < checks.size(); i++) {
      findings.addAll(await(checks.get(i).subject(), running.get(i), deadline));
    }
    return findings;
  }

  private static FutureTask<List<Finding>> start(Check check) {
    FutureTask<List<Finding>> task = new FutureTask<>(check::run);
    Thread.ofPlatform().daemon().name("check " + check.subject()).start(task);
    return task;
  }

  /** A check that is late goes on, since nobody may be interrupted at a file; nobody listens to it any more. */
  private List<Finding> await(String subject, FutureTask<List<Finding>> check, long deadline)
      throws InterruptedException {
    try {
      return check.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      return List.of(Finding.fail(subject, "looked for " + longest.toSeconds() + " s and came to no end",
          "see whether a disk, a network file system or a name server hangs: dmesg, df, getent hosts NAME"));
    } catch (ExecutionException e) {
      return List.of(Finding.fail(subject, "could not be looked at: " + Sentences.of(e.getCause()),
          "put that right first, then run weir doctor again"));
    }
  }
}
