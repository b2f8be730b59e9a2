package dev.weir.server.cli;

import java.util.List;
import java.util.Locale;

import com.google.errorprone.annotations.FormatMethod;

import dev.weir.server.archive.in.ImportReport;

/** What came of an import, for a person: the verdict last. */
final class ImportText {
  private static final int MOST_LINES = 200;
  private static final int MOST_TAGS = 8;

  private final StringBuilder text = new StringBuilder();

  private ImportText() {}

  static String of(ImportReport report) {
    ImportText made = new ImportText();
    report.images().forEach(each -> made.repository(each, report.dryRun()));
    report.remarks().forEach(each -> made.line("note: %s", each));
    made.skipped(report.skipped());
    made.line("%s %s: %d images, %s%s", report.dryRun() ? "would go into" : "into", report.target(),
        report.imported() + report.held(),
        report.dryRun()
            ? report.blobs() + " blobs of " + StatusText.bytes(report.bytes())
            : report.held() + " of them were there; sent " + report.blobs() + " blobs of "
                + StatusText.bytes(report.bytes()) + ", " + report.present() + " were there",
        report.signatures() == 0 ? "" : ", " + report.signatures() + " release signatures");
    made.verdict(report);
    return made.text.toString();
  }

  private void repository(ImportReport.Repository each, boolean dryRun) {
    List<String> tags = each.tags();
    String shown = tags.isEmpty()
        ? "no tags"
        : String.join(", ", tags.subList(0, Math.min(MOST_TAGS, tags.size())))
            + (tags.size() > MOST_TAGS ? " and " + (tags.size() - MOST_TAGS) + " more" : "");
    line("%s  %d images, %s%s  %s", each.name(), each.imported() + each.present(), StatusText.bytes(each.bytes()),
        each.present() == 0 || dryRun ? "" : " (" + each.present() + " were there)", shown);
  }

  private void skipped(List<ImportReport.Skipped> all) {
    if (all.isEmpty()) {
      return;
    }
    line("%s", "");
    all.stream().limit(MOST_LINES).forEach(each -> line("SKIPPED  %s: %s", each.what(), each.reason()));
    if (all.size() > MOST_LINES) {
      line("SKIPPED  and %d more; --output json has them all", all.size() - MOST_LINES);
    }
    line("%s", "");
  }

  private void verdict(ImportReport report) {
    if (!report.complete()) {
      line("Not all of it %s: %d things were skipped.", report.dryRun() ? "could go in" : "went in",
          report.skipped().size());
    } else {
      line("%s", report.dryRun() ? "All of it is intact and could go in." : "All of it is here.");
    }
  }

  @FormatMethod
  private void line(String format, Object... values) {
    text.append(String.format(Locale.ROOT, format, values)).append('\n');
  }
}
