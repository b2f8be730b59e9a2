package dev.weir.server.cli;

import java.util.List;
import java.util.Map;

import dev.weir.server.admin.Jobs;
import dev.weir.server.archive.in.Watch;

/** How far an import is, on bars. */
final class ImportProgress implements Watch {
  private static final long BETWEEN_NANOS = 200_000_000L;

  private final Bars bars;
  private long last;

  ImportProgress(Bars bars) {
    this.bars = bars;
  }

  @Override
  public synchronized void at(long done, long total, String what) {
    long now = System.nanoTime();
    if (now - last < BETWEEN_NANOS && done != total) {
      return;
    }
    last = now;
    Object details = total == 0
        ? Map.of("phase", "looking")
        : Map.of("phase", "importing", "trouble", "", "active",
            List.of(Map.of("image", what, "done", done, "total", total)));
    bars.show(new Jobs.View("", "import", Jobs.State.RUNNING, "", done, total, what, null, null, details));
  }

  @Override
  public synchronized void say(String sentence) {
    bars.say(sentence);
  }

  synchronized void end() {
    bars.end();
  }
}
