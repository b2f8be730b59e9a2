package dev.weir.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * All outcomes of a run, with what they were taken on.
 *
 * @param names of the cases that were asked for; none for all
 */
record Report(String machine, Plan plan, List<String> names, List<Outcome> outcomes) {
  /** The table that the targets are read off. */
  String targets() {
    return Table.TARGETS_HEAD + outcomes.stream().map(Table::targets).collect(Collectors.joining());
  }

  /** Writes it and its picture, named by date and cases; a run of the same day goes before. Gives the text's file. */
  Path save(Path directory) throws IOException {
    String name = LocalDate.now(ZoneOffset.UTC) + "-" + (names.isEmpty() ? "all" : String.join("-", names));
    Files.writeString(directory.resolve(name + ".svg"), Bars.drawn(outcomes));
    return Files.writeString(directory.resolve(name + ".md"), text());
  }

  private String text() {
    String title = "# weir beside docker-registry and nginx: "
        + (names.isEmpty() ? "all cases" : String.join(", ", names));
    String how = String.format(Locale.ROOT,
        "Medians (least…most) of %d rounds of %.0f s by turns%s.",
        plan.rounds(), plan.seconds(), plan.reduced() ? ", reduced" : "");
    return String.join("\n\n", title, machine.strip(), how, targets(),
        outcomes.stream().map(Table::details).collect(Collectors.joining()).strip() + "\n");
  }
}
