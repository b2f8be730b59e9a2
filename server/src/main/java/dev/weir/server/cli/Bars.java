package dev.weir.server.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongSupplier;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

import dev.weir.server.admin.Jobs;
import dev.weir.server.admin.Json;

/**
 * How far a job is: on a terminal bars that are drawn over, one for all and one for each image that is on its way; elsewhere a
 * plain line now and then. For one thread.
 */
final class Bars {
  private static final long BETWEEN_LINES_NANOS = 5_000_000_000L;
  private static final int NARROWEST = 40;
  private static final int DEFAULT_COLUMNS = 100;
  private static final int BAR = 24;
  private static final String LOOKING = "looking";
  private static final String CLEAR_BELOW = "\u001b[J";
  /** Around lines that may be longer than the terminal is wide: a line that took two could not be drawn over. */
  private static final String CUT_LINES = "\u001b[?7l";
  private static final String WRAP_LINES = "\u001b[?7h";

  private final PrintWriter err;
  private final boolean isTerminal;
  private final int columns;
  private final LongSupplier nanos;
  private final Speed speed = new Speed();
  private long lastLine;
  private String lastTrouble = "";
  /** So many lines stand there that may be drawn over. */
  private int drawn;

  Bars(PrintWriter err, boolean isTerminal, int columns, LongSupplier nanos) {
    this.err = err;
    this.isTerminal = isTerminal;
    this.columns = columns;
    this.nanos = nanos;
    this.lastLine = nanos.getAsLong();
  }

  static Bars on(PrintWriter err, Map<String, String> environment) {
    return new Bars(err, Terminal.isErrorWatched(environment), columns(environment.get("COLUMNS")), System::nanoTime);
  }

  private static int columns(@Nullable String given) {
    return given == null || !given.matches("\\d{1,4}")
        ? DEFAULT_COLUMNS
        : Math.max(NARROWEST, Integer.parseInt(given));
  }

  void show(Jobs.View job) {
    JsonNode details = job.details() == null ? Json.tree(Map.of()) : Json.tree(job.details());
    boolean isLooking = details.path("phase").asText(LOOKING).equals(LOOKING);
    if (!isLooking) {
      speed.at(job.done(), nanos.getAsLong());
    }
    String all = isLooking ? looking(job) : fetching(job, details);
    String trouble = details.path("trouble").asText("");
    if (isTerminal) {
      draw(all, details, trouble);
    } else {
      write(all, trouble);
    }
  }

  private static String looking(Jobs.View job) {
    return job.total() == 0 ? "looking what is needed" : "looked at " + job.done() + " of " + job.total() + " images";
  }

  private String fetching(Jobs.View job, JsonNode details) {
    String size = StatusText.bytes(job.done()) + " of " + StatusText.bytes(job.total());
    long rate = speed.bytesPerSecond();
    String left = rate == 0
        ? ""
        : String.format(Locale.ROOT, "  %s/s  %s left", StatusText.bytes(rate),
            time(Math.max(0, job.total() - job.done()) / rate));
    String images = details.has("images")
        ? details.path("complete").asInt() + " of " + details.path("images").asInt() + " images  "
        : "";
    return percent(job.done(), job.total()) + "  " + images + size + left;
  }

  private static String percent(long done, long total) {
    return String.format(Locale.ROOT, "%3d %%", total == 0 ? 100 : done * 100 / total);
  }

  /** As {@code 1:02:03}. */
  private static String time(long seconds) {
    return seconds >= 3600
        ? String.format(Locale.ROOT, "%d:%02d:%02d", seconds / 3600, seconds / 60 % 60, seconds % 60)
        : String.format(Locale.ROOT, "%d:%02d", seconds / 60, seconds % 60);
  }

  private void draw(String all, JsonNode details, String trouble) {
    List<String> lines = new ArrayList<>();
    details.path("active").forEach(bar -> lines.add(bar(bar)));
    if (!trouble.isEmpty()) {
      lines.add("asking again: " + trouble);
    }
    lines.add(all);
    clear();
    err.print(CUT_LINES);
    lines.forEach(line -> err.print(line.substring(0, Math.min(columns - 1, line.length())) + "\n"));
    err.print(WRAP_LINES);
    drawn = lines.size();
    err.flush();
  }

  private static String bar(JsonNode image) {
    long done = image.path("done").asLong();
    long total = Math.max(1, image.path("total").asLong());
    int full = (int) (done * BAR / total);
    return "[" + "#".repeat(full) + " ".repeat(BAR - full) + "] " + percent(done, total) + "  "
        + image.path("image").asText();
  }

  private void clear() {
    if (drawn > 0) {
      err.print("\u001b[" + drawn + "A" + "\r" + CLEAR_BELOW);
      drawn = 0;
    }
  }

  private void write(String all, String trouble) {
    long now = nanos.getAsLong();
    boolean isNews = !trouble.isEmpty() && !trouble.equals(lastTrouble);
    if (now - lastLine >= BETWEEN_LINES_NANOS) {
      lastLine = now;
      err.println(all + (isNews ? "  asking again: " + trouble : ""));
      err.flush();
      lastTrouble = trouble;
    }
  }

  /** A sentence that stays. */
  void say(String sentence) {
    clear();
    err.println(sentence);
    err.flush();
  }

  /** Before anything else is said. */
  void end() {
    clear();
    err.flush();
  }
}
