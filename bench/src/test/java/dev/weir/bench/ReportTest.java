package dev.weir.bench;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xml.sax.InputSource;

import static org.assertj.core.api.Assertions.assertThat;

class ReportTest {
  private final Case held = new Case("held", "something <small>", site -> List.of(), List.of(),
      List.of(Target.atMost(1.5, Figure.SECONDS, "nginx"), Target.atMost(96, Figure.RESIDENT)));

  private Outcome outcome() {
    Results results = new Results(List.of("weir", "nginx"));
    results.add("weir", Round.of(Figure.SECONDS, 3).with(Figure.RESIDENT, 80));
    results.add("nginx", Round.of(Figure.SECONDS, 1));
    return new Outcome(held, results);
  }

  @Test
  void aRowStatesFiguresRatioTargetAndVerdict() {
    assertThat(Table.targets(outcome()).lines()).containsExactly(
        "| held | s | 3.000 | nginx: 1.000, so 3.00 × | ≤ 1.5 × nginx | **not met** |",
        "| held | resident MiB | 80 |  | ≤ 96 | met |");
  }

  @Test
  void theDetailsLeaveOutWhatAnEntrantDoesNotHave() {
    assertThat(Table.details(outcome())).contains("| weir | 3.000 (3.000…3.000) | 80 (80…80) |\n",
        "| nginx | 1.000 (1.000…1.000) |  |\n");
  }

  @Test
  void thePictureIsWellFormedAndMarksWhatWasMissed() throws Exception {
    String svg = Bars.drawn(List.of(outcome()));
    DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(svg)));
    assertThat(svg).contains("3.00 × nginx (target ≤ 1.5), not met", "80 (target ≤ 96)<")
        .doesNotContainPattern("@[A-Z]+@");
  }

  @Test
  void whatIsCountedHasToHoldOnAnyMachine() {
    Case once = new Case("once", "a blob", site -> List.of(), List.of(),
        List.of(Target.atMost(1, Figure.UPSTREAM_BYTES), Target.atMost(1, Figure.SECONDS)));
    Results held = new Results(List.of("weir"));
    held.add("weir", Round.of(Figure.UPSTREAM_BYTES, 1).with(Figure.SECONDS, 2));
    Results passed = new Results(List.of("weir"));
    passed.add("weir", Round.of(Figure.UPSTREAM_BYTES, 1.5).with(Figure.SECONDS, 0.5));

    assertThat(new Outcome(once, held).isCountedWell()).isTrue();
    assertThat(new Outcome(once, passed).isCountedWell()).isFalse();
    assertThat(new Outcome(once, new Results(List.of("weir"))).isCountedWell()).isFalse();
  }

  @Test
  void whatIsSavedNamesMachineAndCases(@TempDir Path directory) throws IOException {
    Report report = new Report("a machine, commit 1234567", new Plan(5, 5, false), List.of("held"), List.of(outcome()));
    Path saved = report.save(directory);
    assertThat(saved.getFileName().toString()).matches("\\d{4}-\\d\\d-\\d\\d-held\\.md");
    assertThat(Files.readString(saved)).contains("commit 1234567", "5 rounds", "held");
    assertThat(directory.resolve(saved.getFileName().toString().replace(".md", ".svg"))).isNotEmptyFile();
  }
}
