package dev.weir.server.cli;

import java.util.List;
import java.util.Locale;

import com.google.errorprone.annotations.FormatMethod;

import dev.weir.server.precache.Report;

/** What came of a precaching, for a person: what is missing last, and the verdict at the end. */
final class PrecacheText {
  private final StringBuilder text = new StringBuilder();

  private PrecacheText() {}

  static String of(Report report) {
    PrecacheText made = new PrecacheText();
    made.releases(report.releases());
    if (!report.names().isEmpty()) {
      made.line("%d further names, such as %s", report.names().size(), report.names().getFirst());
    }
    made.line("%d images of %d blobs, %s; %s %d blobs, %s (%d bytes)", report.images(), report.blobs(),
        StatusText.bytes(report.bytes()), report.dryRun() || !report.refused().isEmpty() ? "to fetch:" : "fetched:",
        report.fetchBlobs(), StatusText.bytes(report.fetchBytes()), report.fetchBytes());
    made.read(report);
    made.room(report);
    made.missing(report.missing());
    made.verdict(report);
    return made.text.toString();
  }

  private void releases(List<Report.Release> all) {
    for (Report.Release each : all) {
      line("%s is %s, %s: %d components, %s", each.image(), each.version(), each.digest(), each.components(),
          each.signedBy().isEmpty() ? "its signature was not looked at" : "signed with " + each.signedBy());
    }
  }

  private void read(Report report) {
    if (report.readBytes() > 0) {
      line("Beside these, %s were fetched to find out what there is, and are kept.",
          StatusText.bytes(report.readBytes()));
    }
  }

  private void room(Report report) {
    boolean isBounded = report.room().bound() < Long.MAX_VALUE;
    if (isBounded && (report.dryRun() || !report.refused().isEmpty())) {
      line("room: %s free below the bound of %s, %s more may go for it; the disk takes %s",
          StatusText.bytes(report.room().free()), StatusText.bytes(report.room().bound()),
          StatusText.bytes(report.room().evictable()), StatusText.bytes(report.room().disk()));
    }
  }

  private void missing(List<Report.Missing> all) {
    if (all.isEmpty()) {
      return;
    }
    int widest = all.stream().mapToInt(each -> each.image().length()).max().orElse(0);
    text.append('\n');
    line("%s  %s", padded("MISSING", widest), "WHY");
    for (Report.Missing each : all) {
      String what = each.image().endsWith(each.what()) ? "" : each.what() + ": ";
      line("%s  %s%s", padded(each.image(), widest), what, each.reason());
    }
    text.append('\n');
  }

  private static String padded(String cell, int width) {
    return cell + " ".repeat(Math.max(0, width - cell.length()));
  }

  private void verdict(Report report) {
    if (!report.refused().isEmpty()) {
      line("Refused, nothing was fetched: %s.", report.refused());
    } else if (!report.missing().isEmpty()) {
      line("Not all of it %s: %d of %d images lack something.", report.dryRun() ? "can be had" : "is here",
          report.missing().stream().map(Report.Missing::image).distinct().count(),
          Math.max(report.images(), report.missing().size()));
      uncounted(report);
    } else if (!report.doubt().isEmpty()) {
      line("Whether it fits is not known yet: %s.", report.doubt());
    } else if (report.dryRun()) {
      line("All of it can be had, and fits.");
    } else {
      line("All of it is here%s.", report.pin().isEmpty()
          ? "; without --pin it may be evicted when room is needed"
          : ", and stays: pinned as " + report.pin());
    }
  }

  private void uncounted(Report report) {
    if (report.dryRun()) {
      line("What is missing is not in the count, so more than that may be to fetch%s.", report.doubt().isEmpty()
          ? ""
          : "; and whether the rest fits is not known yet: " + report.doubt());
    }
  }

  @FormatMethod
  private void line(String format, Object... values) {
    text.append(String.format(Locale.ROOT, format, values)).append('\n');
  }
}
