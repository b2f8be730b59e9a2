package dev.weir.bench;

import java.math.BigDecimal;

/**
 * What the median of a figure is held to, alone or as a ratio to another's.
 *
 * @param over whose figure divides it; empty for none
 * @param tolerance what noise may add: a share of the limit
 */
record Target(Figure figure, String of, String over, Bound bound, double limit, double tolerance) {
  /** On parity rows. */
  private static final double NOISE = 0.05;

  /** Which side of the limit is good. */
  enum Bound {
    AT_LEAST("≥"), AT_MOST("≤"), EXACTLY("=");

    private final String sign;

    Bound(String sign) {
      this.sign = sign;
    }
  }

  /** How it came out. */
  enum Verdict {
    NOT_MEASURED("not measured"), MET("met"), MET_WITHIN_NOISE("met within noise"), NOT_MET("**not met**");

    private final String words;

    Verdict(String words) {
      this.words = words;
    }

    String words() {
      return words;
    }
  }

  static Target atLeast(double limit, Figure figure, String over) {
    return new Target(figure, Contender.WEIR.label(), over, Bound.AT_LEAST, limit, 0);
  }

  static Target atMost(double limit, Figure figure, String over) {
    return new Target(figure, Contender.WEIR.label(), over, Bound.AT_MOST, limit, 0);
  }

  /** The figure itself, of weir. */
  static Target atMost(double limit, Figure figure) {
    return atMost(limit, figure, "");
  }

  /** The figure itself, of weir, where it is counted. */
  static Target exactly(double limit, Figure figure) {
    return new Target(figure, Contender.WEIR.label(), "", Bound.EXACTLY, limit, 0);
  }

  /** On rows about being as good as another, where noise alone would decide. */
  Target parity() {
    return new Target(figure, of, over, bound, limit, NOISE);
  }

  Target of(String who) {
    return new Target(figure, who, over, bound, limit, tolerance);
  }

  boolean isRatio() {
    return !over.isEmpty();
  }

  double value(Results results) {
    double own = results.median(of, figure);
    return isRatio() ? own / results.median(over, figure) : own;
  }

  Verdict verdict(double value) {
    if (Double.isNaN(value)) {
      return Verdict.NOT_MEASURED;
    }
    if (holds(value, limit)) {
      return Verdict.MET;
    }
    double noise = bound == Bound.AT_LEAST ? limit * (1 - tolerance) : limit * (1 + tolerance);
    return holds(value, noise) ? Verdict.MET_WITHIN_NOISE : Verdict.NOT_MET;
  }

  private boolean holds(double value, double against) {
    return switch (bound) {
      case AT_LEAST -> value >= against;
      case AT_MOST -> value <= against;
      case EXACTLY -> value == against;
    };
  }

  /** As the issue states it. */
  String words() {
    return sign() + (isRatio() ? " × " + over : "");
  }

  /** The bound and the limit. */
  String sign() {
    return bound.sign + " " + BigDecimal.valueOf(limit).stripTrailingZeros().toPlainString();
  }
}
