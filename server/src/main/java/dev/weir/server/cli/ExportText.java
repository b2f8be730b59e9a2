package dev.weir.server.cli;

import java.util.Locale;

import dev.weir.server.archive.out.Missing;
import dev.weir.server.archive.out.Report;

/** What came of an export, for a person. */
final class ExportText {
  private ExportText() {}

  static String of(Report report) {
    StringBuilder text = new StringBuilder();
    for (Missing each : report.missing()) {
      text.append("MISSING  ").append(each.image()).append(": ").append(each.why()).append('\n');
    }
    report.remarks().forEach(each -> text.append("note: ").append(each).append('\n'));
    text.append(String.format(Locale.ROOT, "%s: %d images, %d blobs, %s", report.to(), report.images(),
        report.blobs(), StatusText.bytes(report.bytes() - report.already())));
    if (report.already() > 0) {
      text.append(", without ").append(StatusText.bytes(report.already())).append(" that the other side has");
    }
    text.append("; ").append(report.written() == 0 ? "nothing was" : StatusText.bytes(report.written()) + " were")
        .append(" written now\n");
    text.append(report.isComplete()
        ? "all that was asked for is there\n"
        : "NOT COMPLETE: " + report.missing().size() + " things are missing; the rest is there\n");
    return text.toString();
  }
}
