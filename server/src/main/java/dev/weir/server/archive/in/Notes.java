package dev.weir.server.archive.in;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What is to be told at the end, of whatever went wrong or deserves a remark. Bounded. Thread-safe. */
final class Notes {
  private static final int MOST = 10_000;

  private final Watch watch;
  private final List<ImportReport.Skipped> skipped = new ArrayList<>();
  private final Set<String> remarks = new LinkedHashSet<>();
  private int more;

  Notes(Watch watch) {
    this.watch = watch;
  }

  synchronized void skip(String what, String reason) {
    if (skipped.size() == MOST) {
      more++;
      return;
    }
    skipped.add(new ImportReport.Skipped(printable(what), reason));
    watch.say("skipped " + printable(what) + ": " + reason);
  }

  synchronized void remark(String sentence) {
    if (remarks.size() < MOST) {
      remarks.add(sentence);
    }
  }

  synchronized List<ImportReport.Skipped> skipped() {
    List<ImportReport.Skipped> all = new ArrayList<>(skipped);
    if (more > 0) {
      all.add(new ImportReport.Skipped(more + " more", "that many are not named one by one"));
    }
    return all;
  }

  /** Whether the reason for something says it already. */
  synchronized boolean mention(String text) {
    return skipped.stream().anyMatch(each -> each.reason().contains(text));
  }

  synchronized List<String> remarks() {
    return List.copyOf(remarks);
  }

  /** A name out of an archive may hold whatever a terminal would act on. */
  static String printable(String name) {
    return name.codePoints().limit(300).map(c -> Character.isISOControl(c) ? '?' : c)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append).toString();
  }
}
