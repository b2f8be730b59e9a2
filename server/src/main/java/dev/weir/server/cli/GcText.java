package dev.weir.server.cli;

import java.util.List;

import dev.weir.server.keep.GcReport;

/** A collection, for a person. */
final class GcText {
  private GcText() {}

  static String of(GcReport report) {
    if (!report.later().isEmpty()) {
      return report.later() + "\n";
    }
    StringBuilder text = new StringBuilder();
    String would = report.dryRun() ? "would go" : "gone";
    lines(text, "damaged, so nothing was swept", report.unreadable());
    lines(text, "untagged manifest " + would, report.untagged());
    lines(text, "blob " + would, report.blobs());
    if (report.blobCount() > report.blobs().size()) {
      text.append("and ").append(report.blobCount() - report.blobs().size()).append(" more\n");
    }
    text.append(report.manifests()).append(" manifests name ").append(report.named()).append(" blobs\n");
    text.append(report.blobCount()).append(" blobs, ").append(StatusText.bytes(report.bytes())).append(", and ")
        .append(report.untagged().size()).append(" manifests ").append(would).append("; ").append(report.spared())
        .append(" blobs stay for now, touched lately or too young\n");
    return text.toString();
  }

  private static void lines(StringBuilder text, String kind, List<String> all) {
    all.forEach(each -> text.append(kind).append(": ").append(each).append('\n'));
  }
}
