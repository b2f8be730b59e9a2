package dev.weir.bench;

/** A case and what came of it. */
record Outcome(Case of, Results results) {
  /** Of what is counted, whether all came out as it should: what a clock says depends on the machine. */
  boolean isCountedWell() {
    return of.targets().stream().filter(each -> each.figure().isCounted())
        .allMatch(each -> each.verdict(each.value(results)) == Target.Verdict.MET);
  }
}
