package dev.weir.server.cli;

import java.io.Console;
import java.io.PrintWriter;
import java.util.Optional;

import dev.weir.server.admin.Jobs;

/** How far long work is: a line that is written over on a terminal, a plain one now and then elsewhere. */
final class ProgressLine {
  private static final long PAUSE_NANOS = 5_000_000_000L;
  private static final int WIDTH = 100;

  private final PrintWriter err;
  private final boolean isTerminal;
  private long lastNanos = System.nanoTime();
  private boolean isOpen;

  private ProgressLine(PrintWriter err, boolean isTerminal) {
    this.err = err;
    this.isTerminal = isTerminal;
  }

  static ProgressLine on(PrintWriter err) {
    return new ProgressLine(err, Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent());
  }

  void show(Jobs.View job) {
    show(job.done(), job.total(), job.at());
  }

  void show(long done, long total, String at) {
    if (total == 0) {
      return;
    }
    String line = done * 100 / total + " %  " + done + " of " + total + "  " + at;
    if (isTerminal) {
      isOpen = true;
      err.print("\r" + String.format("%-" + WIDTH + "s", line.substring(0, Math.min(WIDTH, line.length()))));
      err.flush();
    } else if (System.nanoTime() - lastNanos > PAUSE_NANOS) {
      lastNanos = System.nanoTime();
      err.println(line);
      err.flush();
    }
  }

  /** Before anything else is said. */
  void end() {
    if (isOpen) {
      isOpen = false;
      err.print("\r" + " ".repeat(WIDTH) + "\r");
      err.flush();
    }
  }
}
