package dev.weir.server.cli;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;

import com.google.errorprone.annotations.FormatMethod;

import dev.weir.server.admin.Jobs;
import dev.weir.server.admin.StatusReport;
import dev.weir.server.keep.shared.Collecting;

/** What a weir is and does, for a person. */
final class StatusText {
  private static final int MOST_REPOSITORIES = 50;
  private static final List<String> UNITS = List.of("B", "KiB", "MiB", "GiB", "TiB");
  private static final double STEP = 1024;

  private StatusText() {}

  static String of(StatusReport report) {
    StringBuilder text = new StringBuilder();
    line(text, "weir %s on %s, since %s", report.version(), report.root(), report.started());
    line(text, "%d images in %d repositories, %d blobs, %s%s", report.held().images(), report.held().repositories(),
        report.held().blobs(), bytes(report.held().bytes()), report.counted() ? "" : " so far: still counting");
    text.append('\n');
    line(text, "%-40s %8s %8s %12s", "UPSTREAM", "PUSHED", "CACHED", "SIZE");
    for (StatusReport.Upstream each : report.upstreams()) {
      line(text, "%-40s %8d %8d %12s%s", each.name().equals("-") ? "(none)" : each.name(), each.owned(),
          each.cached(), bytes(each.bytes()), each.down() ? "  DOWN" : "");
    }
    text.append('\n');
    line(text, "%-40s %8s %8s %12s", "REPOSITORY", "PUSHED", "CACHED", "SIZE");
    report.repositories().stream().sorted(Comparator.comparingLong(StatusText::size).reversed())
        .limit(MOST_REPOSITORIES)
        .forEach(each -> line(text, "%-40s %8d %8d %12s", each.name(), each.owned(), each.cached(),
            bytes(size(each))));
    if (report.repositories().size() > MOST_REPOSITORIES) {
      line(text, "and %d more", report.repositories().size() - MOST_REPOSITORIES);
    }
    text.append('\n');
    work(text, report);
    return text.toString();
  }

  private static void work(StringBuilder text, StatusReport report) {
    for (Jobs.View job : report.running()) {
      line(text, "running: %s, %d of %d, %s", job.kind(), job.done(), job.total(), job.at());
    }
    StatusReport.Scrub scrub = report.scrub();
    line(text, "scrub: %s, %d blobs read, %d of them damaged%s", scrub.underWay() ? "under way" : "resting",
        scrub.read(), scrub.damaged(), scrub.ended().isEmpty() ? "" : ", last pass ended " + scrub.ended());
    if (report.waitingBlobs() > 0) {
      line(text, "%d blobs of deleted images go when nobody can rely on them any more", report.waitingBlobs());
    }
    Collecting collecting = report.collecting();
    if (!collecting.state().isEmpty()) {
      line(text, "collecting in the bucket: %s; %s%s",
          collecting.owner().isEmpty() ? "nobody yet" : collecting.owner() + (collecting.isOurs() ? ", this weir" : ""),
          collecting.state(), collecting.lastEnded().isEmpty()
              ? ""
              : "; last: " + collecting.lastBlobs() + " blobs, " + bytes(collecting.lastBytes()) + ", at "
                  + collecting.lastEnded());
    }
    if (collecting.room().bound() > 0) {
      line(text, "%s", room(collecting.room()));
    }
    report.failing().forEach(each -> line(text, "FAILING: %s", each));
    if (report.failing().isEmpty()) {
      line(text, "nothing fails");
    }
  }

  private static String room(Collecting.Room room) {
    String held = room.looked().isEmpty()
        ? "nobody has looked yet how much it holds"
        : "it held " + bytes(room.held()) + " at " + room.looked();
    String going = room.condemned() == 0 ? "" : "; " + room.condemned() + " manifests are to go for want of room";
    String gone = room.lastEvicted().isEmpty()
        ? ""
        : "; last: " + room.lastImages() + " images went, " + bytes(room.lastBytes()) + ", at " + room.lastEvicted();
    return "the bucket may hold " + bytes(room.bound()) + "; " + held + going + gone;
  }

  private static long size(StatusReport.Repository repository) {
    return repository.ownedBytes() + repository.cachedBytes();
  }

  @FormatMethod
  private static void line(StringBuilder text, String format, Object... values) {
    text.append(String.format(Locale.ROOT, format, values)).append('\n');
  }

  static String bytes(long count) {
    double shown = count;
    int unit = 0;
    while (shown >= STEP && unit < UNITS.size() - 1) {
      shown /= STEP;
      unit++;
    }
    return String.format(Locale.ROOT, unit == 0 ? "%.0f %s" : "%.1f %s", shown, UNITS.get(unit));
  }
}
