package dev.weir.bench;

import java.io.IOException;
import java.util.List;
import java.util.Locale;

/** The targets as a picture: a bar that reaches the line meets its target. Readable on light and on dark. */
final class Bars {
  private static final int ROW = 24;
  private static final int TOP = 44;
  private static final int LEFT = 330;
  /** Where a bar ends that just meets its target, counted from its beginning. */
  private static final int LINE = 160;
  /** Longer bars would say nothing more. */
  private static final double LONGEST = 1.6;

  private record Bar(String name, Target target, double value) {
    /** 1 at the target, more is better. */
    double reach() {
      double ratio = value / target.limit();
      return switch (target.bound()) {
        case AT_LEAST -> ratio;
        case AT_MOST -> value == 0 ? LONGEST : 1 / ratio;
        case EXACTLY -> value == target.limit() ? 1 : 0;
      };
    }

    String kind() {
      return target.verdict(value) == Target.Verdict.NOT_MET ? "missed" : "met";
    }
  }

  private Bars() {}

  static String drawn(List<Outcome> outcomes) throws IOException {
    List<Bar> bars = outcomes.stream().flatMap(outcome -> outcome.of().targets().stream()
        .map(target -> new Bar(outcome.of().name(), target, target.value(outcome.results()))))
        .filter(bar -> Double.isFinite(bar.value())).toList();
    StringBuilder rows = new StringBuilder();
    for (int i = 0; i < bars.size(); i++) {
      rows.append(row(bars.get(i), TOP + i * ROW));
    }
    return Resources.text("bars.svg").replace("@HEIGHT@", "" + (TOP + bars.size() * ROW + 12))
        .replace("@LINE@", "" + (LEFT + LINE)).replace("@BOTTOM@", "" + (TOP + bars.size() * ROW))
        .replace("@ROWS@", rows.toString().strip());
  }

  private static String row(Bar bar, int y) {
    long width = Math.max(1, Math.round(LINE * Math.min(LONGEST, bar.reach())));
    long end = LEFT + Math.max(width, LINE) + 8;
    return String.format(Locale.ROOT, """
          <text x="%d" y="%d" text-anchor="end">%s, %s</text>
          <rect class="%s" x="%d" y="%d" width="%d" height="14" rx="2"/>
          <text x="%d" y="%d">%s</text>
        """, LEFT - 8, y + 12, bar.name(), bar.target().figure().label(), bar.kind(), LEFT, y, width, end, y + 12,
        words(bar));
  }

  private static String words(Bar bar) {
    Target target = bar.target();
    String value = target.isRatio()
        ? String.format(Locale.ROOT, "%.2f × %s", bar.value(), target.over())
        : target.figure().show(bar.value());
    return value + " (target " + target.sign() + ")" + ("met".equals(bar.kind()) ? "" : ", not met");
  }
}
