package dev.weir.server.cli;

import java.io.Console;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.Optional;
import java.util.function.LongSupplier;

import dev.weir.server.archive.out.Progress;

/**
 * How far an export is: a bar that is drawn over on a terminal, a plain line now and then elsewhere. Thread-safe.
 */
final class ExportProgress implements Progress.Shown {
  private static final long BETWEEN_LINES_NANOS = 5_000_000_000L;
  private static final long BETWEEN_BARS_NANOS = 200_000_000L;
  private static final int BAR = 24;
  private static final int WIDTH = 100;

  private final PrintWriter err;
  private final boolean isTerminal;
  private final LongSupplier nanos;
  private final Speed speed = new Speed();
  private long last;
  private boolean isOpen;

  ExportProgress(PrintWriter err, boolean isTerminal, LongSupplier nanos) {
    this.err = err;
    this.isTerminal = isTerminal;
    this.nanos = nanos;
    this.last = nanos.getAsLong();
  }

  static ExportProgress on(PrintWriter err) {
    return new ExportProgress(err, Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent(),
        System::nanoTime);
  }

  @Override
  public synchronized void at(long done, long total, String what) {
    long now = nanos.getAsLong();
    if (now - last < (isTerminal ? BETWEEN_BARS_NANOS : BETWEEN_LINES_NANOS)) {
      return;
    }
    last = now;
    speed.at(done, now);
    if (isTerminal) {
      String line = "[" + "#".repeat(share(done, total, BAR)) + " ".repeat(BAR - share(done, total, BAR)) + "] "
          + line(done, total, what);
      err.print(
          "\r" + String.format(Locale.ROOT, "%-" + WIDTH + "s", line.substring(0, Math.min(WIDTH, line.length()))));
      isOpen = true;
    } else {
      err.println(line(done, total, what));
    }
    err.flush();
  }

  private static int share(long done, long total, int of) {
    return total == 0 ? of : (int) Math.min(of, done * of / total);
  }

  private String line(long done, long total, String what) {
    long rate = speed.bytesPerSecond();
    return String.format(Locale.ROOT, "%3d %%  %s of %s%s  %s", share(done, total, 100), StatusText.bytes(done),
        StatusText.bytes(total), rate == 0 ? "" : "  " + StatusText.bytes(rate) + "/s", what);
  }

  /** Before anything else is said. */
  synchronized void end() {
    if (isOpen) {
      isOpen = false;
      err.print("\r" + " ".repeat(WIDTH) + "\r");
      err.flush();
    }
  }
}
