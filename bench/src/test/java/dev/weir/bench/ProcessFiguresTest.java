package dev.weir.bench;

import java.io.IOException;
import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ProcessFiguresTest {
  @Test
  void cpuTimeIsThatInUserAndKernelModeWhateverTheNameOfTheProgram() {
    String stat = "4711 (a ) b (c)) S 1 4711 4711 0 -1 4194304 900 0 3 0 150 75 9 9 20 0 30 0 5000 1 2 3";
    assertThat(ProcessFigures.cpuSeconds(stat)).isEqualTo(2.25);
  }

  @Test
  void memoryIsInMebibytes() {
    List<String> status = List.of("Name:\tjava", "VmHWM:\t   20480 kB", "VmRSS:\t   10240 kB");
    assertThat(ProcessFigures.mebibytes(status, "VmRSS:")).isEqualTo(10);
    assertThat(ProcessFigures.mebibytes(status, "VmHWM:")).isEqualTo(20);
  }

  @Test
  void thisVeryProcessHasFigures() throws IOException {
    long pid = ProcessHandle.current().pid();
    assertThat(ProcessFigures.cpuSeconds(pid)).isPositive();
    assertThat(ProcessFigures.residentMebibytes(pid)).isBetween(5.0, ProcessFigures.peakMebibytes(pid));
  }
}
