package dev.weir.server.cli;

import java.util.List;
import java.util.Locale;

import dev.weir.server.keep.VerifyReport;

/** A verification, for a person: the bad first, and what to think of it last. */
final class VerifyText {
  private static final int MOST_LINES = 200;

  private final StringBuilder text = new StringBuilder();

  private VerifyText() {}

  static String of(VerifyReport report) {
    VerifyText made = new VerifyText();
    made.findings("damaged", report.damaged());
    made.findings("missing", report.missing());
    made.findings("healed", report.healed());
    made.lines("unknown", report.unknown());
    made.lines("dangling tag", report.dangling());
    made.lines("incomplete", report.incomplete());
    made.lines("partial", report.partial());
    made.text.append(String.format(Locale.ROOT, "%d images, %d blobs, %d bytes read%n", report.images(),
        report.blobs(), report.bytes()));
    made.text.append(verdict(report)).append('\n');
    return made.text.toString();
  }

  private static String verdict(VerifyReport report) {
    if (report.intact()) {
      return "All of it is here and intact: this site could be unplugged now.";
    }
    return "Not all of it is here and intact: unplugged now, this site would lack "
        + (report.missing().size() + report.damaged().size()) + " blobs and images"
        + (report.incomplete().isEmpty() ? "." : ", and what " + report.incomplete().size() + " images still lack.");
  }

  private void findings(String kind, List<VerifyReport.Finding> all) {
    lines(kind, all.stream().map(each -> each.digest() + " of " + each.image() + ": " + each.reason()).toList());
  }

  private void lines(String kind, List<String> all) {
    all.stream().limit(MOST_LINES).forEach(each -> text.append(kind).append("  ").append(each).append('\n'));
    if (all.size() > MOST_LINES) {
      text.append(kind).append("  and ").append(all.size() - MOST_LINES).append(" more\n");
    }
  }
}
