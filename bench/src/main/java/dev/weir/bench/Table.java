package dev.weir.bench;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Results as Markdown. */
final class Table {
  private Table() {}

  static final String TARGETS_HEAD = """
      | case | figure | weir | against | target | |
      |---|---|---|---|---|---|
      """;

  /** A row for each target of a case. */
  static String targets(Outcome outcome) {
    StringBuilder rows = new StringBuilder();
    for (Target target : outcome.of().targets()) {
      rows.append(row(outcome.of(), target, outcome.results()));
    }
    return rows.toString();
  }

  private static String row(Case each, Target target, Results results) {
    Figure figure = target.figure();
    double value = target.value(results);
    String against = target.isRatio()
        ? "%s: %s, so %.2f ×".formatted(target.over(), figure.show(results.median(target.over(), figure)), value)
        : "";
    String who = target.of().equals(Contender.WEIR.label()) ? "" : target.of() + ": ";
    return "| %s | %s | %s | %s | %s | %s |%n".formatted(each.name(), figure.label(),
        who + figure.show(results.median(target.of(), figure)), against, target.words(),
        target.verdict(value).words());
  }

  /** Every entrant's medians, with the least and the most of the rounds. */
  static String details(Outcome outcome) {
    Case each = outcome.of();
    Results results = outcome.results();
    Set<Figure> figures = new LinkedHashSet<>(each.figures());
    each.targets().forEach(target -> figures.add(target.figure()));
    List<Figure> shown = figures.stream()
        .filter(figure -> results.entrants().stream().anyMatch(name -> results.has(name, figure))).toList();
    StringBuilder text = new StringBuilder("### ").append(each.name()).append(": ").append(each.title())
        .append("\n\n|");
    shown.forEach(figure -> text.append(" | ").append(figure.label()));
    text.append(" |\n|---").append("|---".repeat(shown.size())).append("|\n");
    for (String entrant : results.entrants()) {
      text.append("| ").append(entrant);
      shown.forEach(figure -> text.append(" | ").append(cell(results, entrant, figure)));
      text.append(" |\n");
    }
    return text.append('\n').toString();
  }

  private static String cell(Results results, String entrant, Figure figure) {
    return results.has(entrant, figure)
        ? "%s (%s…%s)".formatted(figure.show(results.median(entrant, figure)),
            figure.show(results.least(entrant, figure)), figure.show(results.most(entrant, figure)))
        : "";
  }
}
